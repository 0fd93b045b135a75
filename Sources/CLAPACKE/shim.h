// LAPACKE over OpenBLAS (its serial build). LAPACKE's complex types are declared as plain pairs, so that Swift can see them.
#define LAPACK_COMPLEX_STRUCTURE 1
#include <cblas.h>
#include <lapacke.h>
