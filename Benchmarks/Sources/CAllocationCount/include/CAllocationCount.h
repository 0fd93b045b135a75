#ifndef CALLOCATIONCOUNT_H
#define CALLOCATIONCOUNT_H

/// Calls of malloc, calloc, realloc and their aligned relatives in this process so far; always 0 where they cannot be counted (not glibc).
long allocation_count(void);

/// Whether allocations are counted on this system.
int allocations_are_counted(void);

#endif
