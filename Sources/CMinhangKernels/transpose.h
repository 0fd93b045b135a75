// Eight rows of eight samples become eight vectors of one sample of eight channels, and back: what every kernel with channels as lanes begins with.
#ifndef MINHANG_TRANSPOSE_H
#define MINHANG_TRANSPOSE_H

#include "dispatch.h"

// Rows become columns: three rounds of exchanges between rows at distances 1, 2 and 4.
MINHANG_INLINE void transpose(lanes *t) {
  lanes u[8];
  for (int i = 0; i < 8; i += 2) {
    u[i] = __builtin_shufflevector(t[i], t[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    u[i + 1] = __builtin_shufflevector(t[i], t[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < 8; i += 4) {
    for (int j = 0; j < 2; j++) {
      t[i + j] = __builtin_shufflevector(u[i + j], u[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      t[i + j + 2] = __builtin_shufflevector(u[i + j], u[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  for (int i = 0; i < 4; i++) {
    lanes low = t[i], high = t[i + 4];
    t[i] = __builtin_shufflevector(low, high, 0, 1, 2, 3, 8, 9, 10, 11);
    t[i + 4] = __builtin_shufflevector(low, high, 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

#endif
