#ifndef CMINHANGKERNELS_RESAMPLING_H
#define CMINHANGKERNELS_RESAMPLING_H

#include <stddef.h>

/// Copies `count` samples of `channels` (1…8) rows to `[sample][lane]`, eight lanes whatever `channels` is; the lanes without a row are zero.
void minhang_interleave(const double *rows, ptrdiff_t stride, int channels, ptrdiff_t count, double *interleaved);

/// Resamples up to eight channels by `up / down`: `outputs` samples of each.
///
/// Every output is the sum of `taps * samples` from the oldest sample to the newest, in that order, for every lane and on every CPU.
///
/// - interleaved: `[sample][lane]` as `minhang_interleave` makes it.
/// - newest: place in `interleaved` of the newest sample that the first output uses.
/// - phase: phase of the first output, `0 … up - 1`; the next one has `(phase + down) % up`, and its newest sample lies `(phase + down) / up` on.
/// - taps: `[phase][length]`, from the tap of the oldest sample to that of the newest.
/// - rows: output channel `c` starts at `rows + c * stride`.
void minhang_resample(const double *interleaved, ptrdiff_t newest, ptrdiff_t phase, ptrdiff_t up, ptrdiff_t down, const double *taps,
                      ptrdiff_t length, ptrdiff_t outputs, double *rows, ptrdiff_t stride, int channels);

#endif
