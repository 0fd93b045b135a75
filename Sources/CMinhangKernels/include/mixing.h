#ifndef CMINHANGKERNELS_MIXING_H
#define CMINHANGKERNELS_MIXING_H

#include <stddef.h>

/// A weighted sum of rows, sample by sample: `result[i] = sum of factors[k] * rows[inputs[k] * stride + i]`.
///
/// Summed in the order of `k` for every sample and on every CPU, beginning with the first product itself; zeros for no term.
/// `result` may not be one of the rows.
void minhang_mix(const double *rows, ptrdiff_t stride, ptrdiff_t count, const ptrdiff_t *inputs, const double *factors, ptrdiff_t terms,
                 double *result);

#endif
