// glibc's settings of its heap, which Swift's own module of the C library leaves out.
#pragma once

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>

// Buffers of this size and more are mapped each for itself. Setting it keeps glibc from raising it.
static inline void set_mmap_threshold(int bytes) { mallopt(M_MMAP_THRESHOLD, bytes); }
#else
static inline void set_mmap_threshold(int bytes) { (void)bytes; }
#endif
