#ifndef MINHANG_DISPATCH_H
#define MINHANG_DISPATCH_H

#if defined(__linux__)
#include <features.h>
#endif

// One source, three machine codes, chosen when the program is loaded. Only glibc's loader can choose, and not under the thread sanitizer:
// elsewhere there is the plain code, with the same bits.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MINHANG_SANITIZED_THREADS 1
#endif
#endif
#if defined(__GLIBC__) && defined(__x86_64__) && !defined(MINHANG_SANITIZED_THREADS)
#define MINHANG_DISPATCHED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), min_vector_width(512)))
#else
#define MINHANG_DISPATCHED
#endif

#define MINHANG_INLINE static inline __attribute__((always_inline))

// Eight doubles. Every loop works in these, whatever the CPU's registers hold, so the order of every sum is the same on every CPU.
typedef double lanes __attribute__((vector_size(64)));
// The same, at any address of a double.
typedef double loose_lanes __attribute__((vector_size(64), aligned(8), may_alias));

#endif
