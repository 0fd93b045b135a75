// What finite filters are run by: sums over the last samples, and products of spectra.
//
// Eight outputs, or four complex numbers, side by side; every output has its own sum, in the order of the taps, whatever stands beside it, so
// the bits do not depend on how a signal was cut. Contraction is off, so they do not depend on the CPU.

#include "CMinhangKernels.h"
#include "dispatch.h"

#pragma STDC FP_CONTRACT OFF

MINHANG_DISPATCHED void minhang_convolve(const double *samples, ptrdiff_t count, const double *taps, ptrdiff_t tap_count, double *result) {
  ptrdiff_t i = 0;
  // Four sums at a time: one alone would wait for each addition to end.
  for (; i + 32 <= count; i += 32) {
    lanes sum0 = {}, sum1 = {}, sum2 = {}, sum3 = {};
    for (ptrdiff_t k = 0; k < tap_count; k++) {
      const double *x = samples + i - k;
      sum0 += taps[k] * *(const loose_lanes *)x;
      sum1 += taps[k] * *(const loose_lanes *)(x + 8);
      sum2 += taps[k] * *(const loose_lanes *)(x + 16);
      sum3 += taps[k] * *(const loose_lanes *)(x + 24);
    }
    *(loose_lanes *)(result + i) = sum0;
    *(loose_lanes *)(result + i + 8) = sum1;
    *(loose_lanes *)(result + i + 16) = sum2;
    *(loose_lanes *)(result + i + 24) = sum3;
  }
  for (; i + 8 <= count; i += 8) {
    lanes sum = {};
    for (ptrdiff_t k = 0; k < tap_count; k++) { sum += taps[k] * *(const loose_lanes *)(samples + i - k); }
    *(loose_lanes *)(result + i) = sum;
  }
  for (; i < count; i++) {
    double sum = 0;
    for (ptrdiff_t k = 0; k < tap_count; k++) { sum += taps[k] * samples[i - k]; }
    result[i] = sum;
  }
}

// Four products of complex numbers: `(a + bi)(c + di) = (ac - bd) + (ad + bc)i`.
MINHANG_INLINE void products(lanes *result, const double *bins, const double *factors) {
  const lanes x = *(const loose_lanes *)bins, y = *(const loose_lanes *)factors;
  const lanes sign = {-1, 1, -1, 1, -1, 1, -1, 1};
  const lanes real = __builtin_shufflevector(x, x, 0, 0, 2, 2, 4, 4, 6, 6);
  const lanes imaginary = __builtin_shufflevector(x, x, 1, 1, 3, 3, 5, 5, 7, 7);
  const lanes swapped = __builtin_shufflevector(y, y, 1, 0, 3, 2, 5, 4, 7, 6);
  *result = real * y + imaginary * (sign * swapped);
}

MINHANG_DISPATCHED void minhang_multiply(double *bins, const double *factors, ptrdiff_t count) {
  ptrdiff_t k = 0;
  for (; k + 4 <= count; k += 4) {
    lanes product;
    products(&product, bins + 2 * k, factors + 2 * k);
    *(loose_lanes *)(bins + 2 * k) = product;
  }
  for (; k < count; k++) {
    const double a = bins[2 * k], b = bins[2 * k + 1], c = factors[2 * k], d = factors[2 * k + 1];
    bins[2 * k] = a * c + b * -d;
    bins[2 * k + 1] = a * d + b * c;
  }
}

MINHANG_DISPATCHED void minhang_add_product(double *sum, const double *bins, const double *factors, ptrdiff_t count) {
  ptrdiff_t k = 0;
  for (; k + 4 <= count; k += 4) {
    lanes product;
    products(&product, bins + 2 * k, factors + 2 * k);
    *(loose_lanes *)(sum + 2 * k) += product;
  }
  for (; k < count; k++) {
    const double a = bins[2 * k], b = bins[2 * k + 1], c = factors[2 * k], d = factors[2 * k + 1];
    sum[2 * k] += a * c + b * -d;
    sum[2 * k + 1] += a * d + b * c;
  }
}
