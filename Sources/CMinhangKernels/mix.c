// Weighted sums of rows: spatial filters.
//
// Samples are the lanes, so the order of a sum is that of its terms wherever a block begins and ends. Contraction is off, so a fused
// multiply-add of one CPU cannot change the bits of another.

#include "CMinhangKernels.h"
#include "dispatch.h"

#pragma STDC FP_CONTRACT OFF

// Vectors of eight samples that a pass over the terms keeps in registers: fewer wait for their own additions.
#define AT_ONCE 4

MINHANG_INLINE void vectors(const int n, const double *rows, ptrdiff_t stride, const ptrdiff_t *inputs, const double *factors,
                            ptrdiff_t terms, double *result) {
  lanes sums[AT_ONCE];
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++) { sums[v] = factors[0] * *(const loose_lanes *)(rows + inputs[0] * stride + 8 * v); }
  for (ptrdiff_t k = 1; k < terms; k++) {
    const double *row = rows + inputs[k] * stride;
#pragma clang loop unroll(full)
    for (int v = 0; v < n; v++) { sums[v] += factors[k] * *(const loose_lanes *)(row + 8 * v); }
  }
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++) { *(loose_lanes *)(result + 8 * v) = sums[v]; }
}

MINHANG_DISPATCHED void minhang_mix(const double *rows, ptrdiff_t stride, ptrdiff_t count, const ptrdiff_t *inputs, const double *factors,
                                    ptrdiff_t terms, double *result) {
  ptrdiff_t i = 0;
  if (terms > 0) {
    for (; i + 8 * AT_ONCE <= count; i += 8 * AT_ONCE) { vectors(AT_ONCE, rows + i, stride, inputs, factors, terms, result + i); }
    for (; i + 8 <= count; i += 8) { vectors(1, rows + i, stride, inputs, factors, terms, result + i); }
  }
  for (; i < count; i++) {
    double sum = terms > 0 ? factors[0] * rows[inputs[0] * stride + i] : 0;
    for (ptrdiff_t k = 1; k < terms; k++) { sum += factors[k] * rows[inputs[k] * stride + i]; }
    result[i] = sum;
  }
}
