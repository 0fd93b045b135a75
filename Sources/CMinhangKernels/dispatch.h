#ifndef MINHANG_DISPATCH_H
#define MINHANG_DISPATCH_H

// One source, three machine codes, chosen when the program is loaded. The thread sanitizer cannot run the chooser, so it gets the plain code.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MINHANG_SANITIZED_THREADS 1
#endif
#endif
#if defined(__linux__) && defined(__x86_64__) && !defined(MINHANG_SANITIZED_THREADS)
#define MINHANG_DISPATCHED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), min_vector_width(512)))
#else
#define MINHANG_DISPATCHED
#endif

#define MINHANG_INLINE static inline __attribute__((always_inline))

#endif
