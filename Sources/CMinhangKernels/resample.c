// Polyphase resampling with channels as lanes.
//
// Eight channels are interleaved first, so that a tap meets the same sample of all of them in one vector, no matter where its phase begins and
// how far apart the outputs lie. A sum runs from its oldest sample to its newest in every lane: no bit depends on the channels beside it, and
// a NaN stays in its channel. Contraction is off, so a fused multiply-add of one CPU cannot change the bits of another.

#include "CMinhangKernels.h"
#include "dispatch.h"
#include "transpose.h"

#pragma STDC FP_CONTRACT OFF

// Samples by which the rows are asked for ahead, as for the sections.
#define AHEAD 64

MINHANG_DISPATCHED void minhang_interleave(const double *rows, ptrdiff_t stride, int channels, ptrdiff_t count, double *interleaved) {
  ptrdiff_t i = 0;
  for (; i + 8 <= count; i += 8) {
    lanes t[8];
    for (int k = 0; k < channels; k++) { __builtin_prefetch(rows + k * stride + i + AHEAD); }
    for (int k = 0; k < 8; k++) { t[k] = k < channels ? *(const loose_lanes *)(rows + k * stride + i) : (lanes){}; }
    transpose(t);
    for (int k = 0; k < 8; k++) { *(loose_lanes *)(interleaved + 8 * (i + k)) = t[k]; }
  }
  for (; i < count; i++) {
    for (int k = 0; k < 8; k++) { interleaved[8 * i + k] = k < channels ? rows[k * stride + i] : 0; }
  }
}

// Four outputs at a time: one sum alone waits for its own additions.
#define AT_ONCE 4

typedef struct {
  const double *samples, *taps;
} output;

MINHANG_INLINE void weighted_sums(const output *outputs, ptrdiff_t length, lanes *results) {
  lanes sums[AT_ONCE] = {};
  for (ptrdiff_t j = 0; j < length; j++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < AT_ONCE; i++) { sums[i] += outputs[i].taps[j] * *(const loose_lanes *)(outputs[i].samples + 8 * j); }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < AT_ONCE; i++) { results[i] = sums[i]; }
}

MINHANG_DISPATCHED void minhang_resample(const double *interleaved, ptrdiff_t newest, ptrdiff_t phase, ptrdiff_t up, ptrdiff_t down,
                                         const double *taps, ptrdiff_t length, ptrdiff_t outputs, double *rows, ptrdiff_t stride,
                                         int channels) {
  const ptrdiff_t whole_step = down / up, phase_step = down % up;
  for (ptrdiff_t first = 0; first < outputs; first += 8) {
    const int n = outputs - first < 8 ? (int)(outputs - first) : 8;
    lanes t[8];
    output next[8];
    for (int i = 0; i < n; i++) {
      next[i] = (output){interleaved + 8 * (newest - length + 1), taps + phase * length};
      newest += whole_step;
      phase += phase_step;
      if (phase >= up) {
        phase -= up;
        newest++;
      }
    }
    // Fewer than eight at the end: what is missing repeats the last one and is not written.
    for (int i = n; i < 8; i++) { next[i] = next[n - 1]; }
    for (int i = 0; i < (n > AT_ONCE ? 8 : AT_ONCE); i += AT_ONCE) { weighted_sums(next + i, length, t + i); }
    if (n == 8) {
      transpose(t);
      for (int k = 0; k < channels; k++) { __builtin_prefetch(rows + k * stride + first + AHEAD, 1); }
      for (int k = 0; k < channels; k++) { *(loose_lanes *)(rows + k * stride + first) = t[k]; }
    } else {
      for (int k = 0; k < channels; k++) {
        for (int i = 0; i < n; i++) { rows[k * stride + first + i] = t[i][k]; }
      }
    }
  }
}
