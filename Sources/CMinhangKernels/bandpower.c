// The power of what a cascade of second-order sections lets through, with channels as lanes: the output itself is never written.
//
// As in sections.c eight channels run side by side. What is summed is summed sample after sample in every lane, so the sums do not depend on how
// the samples are cut, nor on the channels beside.

#include "CMinhangKernels.h"
#include "dispatch.h"
#include "transpose.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

// Cascades of up to so many sections keep their states in registers.
#define SECTIONS_AT_ONCE 4

MINHANG_INLINE void step(const int sections, lanes *z, const double *c, const lanes *sample, lanes *power) {
  lanes x = *sample;
  for (int i = 0; i < sections; i++) {
    lanes y = c[5 * i] * x + z[2 * i];
    z[2 * i] = (c[5 * i + 1] * x + z[2 * i + 1]) - c[5 * i + 3] * y;
    z[2 * i + 1] = c[5 * i + 2] * x - c[5 * i + 4] * y;
    x = y;
  }
  *power += x * x;
}

// `sections` is known where this is compiled, or 0: as many as `count_of_sections` says, with the states in memory.
MINHANG_INLINE void run(const int sections, int count_of_sections, const double *samples, ptrdiff_t stride, ptrdiff_t count, int channels,
                        const double *coefficients, double *state, double *power) {
  lanes registers[2 * SECTIONS_AT_ONCE];
  double c[5 * SECTIONS_AT_ONCE];
  for (int i = 0; i < 2 * sections; i++) { registers[i] = *(const loose_lanes *)(state + 8 * i); }
  memcpy(c, coefficients, sizeof(double) * 5 * (size_t)sections);
  lanes sum = *(const loose_lanes *)power;
  for (ptrdiff_t first = 0; first < count; first += 8) {
    const int n = count - first < 8 ? (int)(count - first) : 8;
    lanes t[8];
    if (n == 8) {
      for (int k = 0; k < 8; k++) { t[k] = k < channels ? *(const loose_lanes *)(samples + k * stride + first) : (lanes){}; }
    } else {
      // The last samples: what lies behind them is not ours to read.
      for (int k = 0; k < 8; k++) {
        t[k] = (lanes){};
        if (k < channels) { memcpy(&t[k], samples + k * stride + first, sizeof(double) * (size_t)n); }
      }
    }
    transpose(t);
    if (sections > 0) {
      if (n == 8) {
#pragma clang loop unroll(full)
        for (int i = 0; i < 8; i++) { step(sections, registers, c, &t[i], &sum); }
      } else {
        for (int i = 0; i < n; i++) { step(sections, registers, c, &t[i], &sum); }
      }
    } else {
      for (int i = 0; i < n; i++) {
        lanes x = t[i];
        for (int s = 0; s < count_of_sections; s++) {
          const double *w = coefficients + 5 * s;
          loose_lanes *z = (loose_lanes *)(state + 16 * s);
          lanes y = w[0] * x + z[0];
          z[0] = (w[1] * x + z[1]) - w[3] * y;
          z[1] = w[2] * x - w[4] * y;
          x = y;
        }
        sum += x * x;
      }
    }
  }
  for (int i = 0; i < 2 * sections; i++) { *(loose_lanes *)(state + 8 * i) = registers[i]; }
  *(loose_lanes *)power = sum;
}

MINHANG_DISPATCHED void minhang_section_power(const double *samples, ptrdiff_t stride, ptrdiff_t count, int channels, int sections,
                                              const double *coefficients, double *state, double *power) {
  // A group of eight, the common case, knows its size when it is compiled.
#define RUN(n) \
  if (channels == 8) { \
    run(n, sections, samples, stride, count, 8, coefficients, state, power); \
  } else { \
    run(n, sections, samples, stride, count, channels, coefficients, state, power); \
  }
  switch (sections) {
  case 1: RUN(1) break;
  case 2: RUN(2) break;
  case 3: RUN(3) break;
  case 4: RUN(4) break;
  default: RUN(0) break;
  }
#undef RUN
}
