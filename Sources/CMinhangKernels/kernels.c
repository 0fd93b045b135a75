#include "CMinhangKernels.h"
