// What surrounds the Fourier transform of a window: its sum, detrending and tapering in one pass, and the power of the bins.
//
// Sums run in eight lanes that are folded in one fixed order, and contraction is off, so the bits are the same on every CPU.

#include "CMinhangKernels.h"
#include "dispatch.h"

#pragma STDC FP_CONTRACT OFF

MINHANG_INLINE double folded(const lanes *sum) {
  const lanes s = *sum;
  return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

MINHANG_DISPATCHED double minhang_sum(const double *values, ptrdiff_t count) {
  lanes sum = {};
  ptrdiff_t i = 0;
  for (; i + 8 <= count; i += 8) { sum += *(const loose_lanes *)(values + i); }
  double result = folded(&sum);
  for (; i < count; i++) { result += values[i]; }
  return result;
}

MINHANG_DISPATCHED double minhang_moment(const double *values, ptrdiff_t count, double middle, double mean) {
  const lanes steps = {0, 1, 2, 3, 4, 5, 6, 7};
  lanes sum = {};
  ptrdiff_t i = 0;
  for (; i + 8 <= count; i += 8) { sum += (((double)i + steps) - middle) * (*(const loose_lanes *)(values + i) - mean); }
  double result = folded(&sum);
  for (; i < count; i++) { result += ((double)i - middle) * (values[i] - mean); }
  return result;
}

MINHANG_DISPATCHED void minhang_taper(const double *values, const double *taper, ptrdiff_t count, double level, double slope, double *result) {
  const lanes steps = {0, 1, 2, 3, 4, 5, 6, 7};
  ptrdiff_t i = 0;
  if (slope == 0) {
    for (; i + 8 <= count; i += 8) {
      *(loose_lanes *)(result + i) = (*(const loose_lanes *)(values + i) - level) * *(const loose_lanes *)(taper + i);
    }
    for (; i < count; i++) { result[i] = (values[i] - level) * taper[i]; }
    return;
  }
  for (; i + 8 <= count; i += 8) {
    const lanes line = level + slope * ((double)i + steps);
    *(loose_lanes *)(result + i) = (*(const loose_lanes *)(values + i) - line) * *(const loose_lanes *)(taper + i);
  }
  for (; i < count; i++) { result[i] = (values[i] - (level + slope * (double)i)) * taper[i]; }
}

MINHANG_DISPATCHED void minhang_add_power(const double *bins, ptrdiff_t count, double *power) {
  ptrdiff_t k = 0;
  for (; k + 8 <= count; k += 8) {
    const lanes a = *(const loose_lanes *)(bins + 2 * k);
    const lanes b = *(const loose_lanes *)(bins + 2 * k + 8);
    const lanes real = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
    const lanes imaginary = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
    *(loose_lanes *)(power + k) += real * real + imaginary * imaginary;
  }
  for (; k < count; k++) { power[k] += bins[2 * k] * bins[2 * k] + bins[2 * k + 1] * bins[2 * k + 1]; }
}
