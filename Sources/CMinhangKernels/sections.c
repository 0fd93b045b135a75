// Second-order sections with channels as lanes.
//
// A recursive filter cannot be vectorised along time, so eight channels run side by side. Their samples lie in eight rows; tiles of 8 x 8 are
// transposed in registers, filtered, transposed back. A lane never meets another lane: no bit depends on the channels beside it, and a NaN
// stays where it is. Contraction is off, so a fused multiply-add of one CPU cannot change the bits of another.

#include "CMinhangKernels.h"
#include "dispatch.h"
#include "transpose.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

#define SECTIONS_AT_ONCE 4

// Samples by which the rows are asked for ahead. Without it the first pass over memory takes 1.7 times as long where rows do not begin on a cache
// line; the distance hardly matters.
#define AHEAD 64

typedef struct {
  lanes z1[SECTIONS_AT_ONCE], z2[SECTIONS_AT_ONCE];
} cascade;

MINHANG_INLINE void step(const int sections, cascade *s, const double *c, lanes *sample) {
  lanes x = *sample;
  for (int i = 0; i < sections; i++) {
    lanes y = c[5 * i] * x + s->z1[i];
    s->z1[i] = (c[5 * i + 1] * x + s->z2[i]) - c[5 * i + 3] * y;
    s->z2[i] = c[5 * i + 2] * x - c[5 * i + 4] * y;
    x = y;
  }
  *sample = x;
}

// `count` (1...8) samples of `channels` (1...8) rows; what is missing is zero and not written.
MINHANG_INLINE void partial_tile(const int sections, const int backward, double *first, ptrdiff_t stride, int count, int channels, cascade *s,
                                 const double *c) {
  lanes t[8] = {};
  for (int k = 0; k < channels; k++) {
    for (int i = 0; i < count; i++) { t[i][k] = first[k * stride + i]; }
  }
  for (int i = 0; i < count; i++) { step(sections, s, c, &t[backward ? count - 1 - i : i]); }
  for (int k = 0; k < channels; k++) {
    for (int i = 0; i < count; i++) { first[k * stride + i] = t[i][k]; }
  }
}

// Eight samples of `channels` rows, in registers all the way; what is missing is zero and not written.
MINHANG_INLINE void full_tile(const int sections, const int backward, double *first, ptrdiff_t stride, int channels, cascade *s,
                              const double *c) {
  lanes t[8];
  for (int k = 0; k < channels; k++) { __builtin_prefetch(first + k * stride + (backward ? -AHEAD : AHEAD), 1); }
  for (int k = 0; k < 8; k++) { t[k] = k < channels ? *(const loose_lanes *)(first + k * stride) : (lanes){}; }
  transpose(t);
  // Unrolled by order: otherwise the tile goes through memory, which costs 1.4 times the time.
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) { step(sections, s, c, &t[backward ? 7 - i : i]); }
  transpose(t);
  for (int k = 0; k < 8; k++) {
    if (k < channels) { *(loose_lanes *)(first + k * stride) = t[k]; }
  }
}

MINHANG_INLINE void run(const int sections, const int backward, double *samples, ptrdiff_t stride, ptrdiff_t count, int channels,
                        const double *coefficients, double *state) {
  double c[5 * SECTIONS_AT_ONCE];
  memcpy(c, coefficients, sizeof(double) * 5 * (size_t)sections);
  cascade s;
  for (int i = 0; i < sections; i++) {
    s.z1[i] = *(const loose_lanes *)(state + 16 * i);
    s.z2[i] = *(const loose_lanes *)(state + 16 * i + 8);
  }
  const ptrdiff_t whole = count & ~(ptrdiff_t)7;
  if (backward) {
    for (ptrdiff_t end = count; end > whole;) {
      const int n = end - whole < 8 ? (int)(end - whole) : 8;
      end -= n;
      partial_tile(sections, 1, samples + end, stride, n, channels, &s, c);
    }
    for (ptrdiff_t i = whole - 8; i >= 0; i -= 8) { full_tile(sections, 1, samples + i, stride, channels, &s, c); }
  } else {
    for (ptrdiff_t i = 0; i < whole; i += 8) { full_tile(sections, 0, samples + i, stride, channels, &s, c); }
    for (ptrdiff_t i = whole; i < count; i += 8) {
      partial_tile(sections, 0, samples + i, stride, count - i < 8 ? (int)(count - i) : 8, channels, &s, c);
    }
  }
  for (int i = 0; i < sections; i++) {
    *(loose_lanes *)(state + 16 * i) = s.z1[i];
    *(loose_lanes *)(state + 16 * i + 8) = s.z2[i];
  }
}

// A group of eight, the common case, knows its size when it is compiled.
MINHANG_INLINE void run_group(const int sections, const int backward, double *samples, ptrdiff_t stride, ptrdiff_t count, int channels,
                              const double *coefficients, double *state) {
  if (channels == 8) {
    run(sections, backward, samples, stride, count, 8, coefficients, state);
  } else {
    run(sections, backward, samples, stride, count, channels, coefficients, state);
  }
}

MINHANG_DISPATCHED void minhang_filter_sections(double *samples, ptrdiff_t stride, ptrdiff_t count, int channels, int backward, int sections,
                                                const double *coefficients, double *state) {
  // Up to four sections keep their states in registers; longer cascades pass over the samples several times.
  for (int i = 0; i < sections; i += SECTIONS_AT_ONCE) {
    const double *c = coefficients + 5 * i;
    double *s = state + 16 * i;
    const int n = sections - i < SECTIONS_AT_ONCE ? sections - i : SECTIONS_AT_ONCE;
    switch (n * 2 + (backward != 0)) {
    case 2: run_group(1, 0, samples, stride, count, channels, c, s); break;
    case 3: run_group(1, 1, samples, stride, count, channels, c, s); break;
    case 4: run_group(2, 0, samples, stride, count, channels, c, s); break;
    case 5: run_group(2, 1, samples, stride, count, channels, c, s); break;
    case 6: run_group(3, 0, samples, stride, count, channels, c, s); break;
    case 7: run_group(3, 1, samples, stride, count, channels, c, s); break;
    case 8: run_group(4, 0, samples, stride, count, channels, c, s); break;
    default: run_group(4, 1, samples, stride, count, channels, c, s); break;
    }
  }
}
