#ifndef CMINHANGKERNELS_H
#define CMINHANGKERNELS_H

#include "mixing.h"
#include "resampling.h"

#include <stddef.h>

/// The few loops where Swift is not fast enough: C11, no allocation, no state of their own, the same bits on every CPU of one architecture.

/// Channels that travel together as the lanes of one vector.
#define MINHANG_LANES 8

/// Runs a cascade of second-order sections over up to eight channels, in place, transposed direct form II.
///
/// Per sample and section, in this order of operations on every CPU and in every lane:
/// `y = b0 x + z1;  z1 = (b1 x + z2) - a1 y;  z2 = b2 x - a2 y`.
///
/// - samples: channel `c` starts at `samples + c * stride`; `count` samples of `channels` (1…8) channels are replaced.
/// - backward: not 0: from the last sample to the first.
/// - coefficients: `[section][b0, b1, b2, a1, a2]`.
/// - state: `[section][z1, z2][lane]`, `MINHANG_LANES` lanes whatever `channels` is; read at the start, written at the end.
void minhang_filter_sections(double *samples, ptrdiff_t stride, ptrdiff_t count, int channels, int backward, int sections,
                             const double *coefficients, double *state);

/// Runs a cascade of second-order sections over up to eight channels and adds the squares of its output to `power`, sample after sample.
///
/// The same operations as `minhang_filter_sections`; the samples stay as they are.
///
/// - samples: channel `c` starts at `samples + c * stride`; `count` samples of `channels` (1…8) channels are read.
/// - coefficients: `[section][b0, b1, b2, a1, a2]`.
/// - state: `[section][z1, z2][lane]`, `MINHANG_LANES` lanes whatever `channels` is; read at the start, written at the end.
/// - power: `[lane]`, `MINHANG_LANES` sums; read at the start, written at the end.
void minhang_section_power(const double *samples, ptrdiff_t stride, ptrdiff_t count, int channels, int sections, const double *coefficients,
                           double *state, double *power);

/// The sum of `count` values: eight running sums side by side, then those in pairs, then the last `count % 8` values.
double minhang_sum(const double *values, ptrdiff_t count);

/// `sum of (i - middle) * (values[i] - mean)`, in the order of `minhang_sum`.
double minhang_moment(const double *values, ptrdiff_t count, double middle, double mean);

/// `result[i] = (values[i] - (level + slope * i)) * taper[i]`.
void minhang_taper(const double *values, const double *taper, ptrdiff_t count, double level, double slope, double *result);

/// `power[k] += bins[2k]^2 + bins[2k + 1]^2`: the squared magnitudes of complex numbers.
void minhang_add_power(const double *bins, ptrdiff_t count, double *power);

/// `result[i] = sum over k of taps[k] * samples[i - k]`, `k` ascending from 0; `samples` is read from `1 - tap_count` on and must not overlap `result`.
void minhang_convolve(const double *samples, ptrdiff_t count, const double *taps, ptrdiff_t tap_count, double *result);

/// Multiplies complex numbers, pairs of real and imaginary part, by others.
void minhang_multiply(double *bins, const double *factors, ptrdiff_t count);

/// Adds the products of complex numbers to a sum.
void minhang_add_product(double *sum, const double *bins, const double *factors, ptrdiff_t count);

#endif
