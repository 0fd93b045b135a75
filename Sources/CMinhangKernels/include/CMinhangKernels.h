#ifndef CMINHANGKERNELS_H
#define CMINHANGKERNELS_H

/// The few loops where Swift is not fast enough: C11, no allocation, no state of their own, the same bits on every CPU of one architecture.

#endif
