#include <fftw3.h>

/// FFTW's version text; the library declares an array of no stated size, which Swift cannot see.
static inline const char *minhang_fftw_version(void) { return fftw_version; }
