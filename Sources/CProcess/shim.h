// What a process asks of its system, where Swift's own module of the C library leaves it out, or has it in another
// module for a release.
#pragma once

#include <stdlib.h>
#include <sys/resource.h>

// As many files and connections at a time as the process may allow itself, within reason: where a million are allowed,
// programs that close all before they run another would be slow.
static inline void raise_open_files(void) {
#ifdef __APPLE__
  // More than this macOS refuses, whatever it says is allowed.
  const rlim_t most = 10240;
#else
  const rlim_t most = 65536;
#endif
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= most) return;
  limit.rlim_cur = limit.rlim_max < most ? limit.rlim_max : most;
  setrlimit(RLIMIT_NOFILE, &limit);
}

#ifdef __GLIBC__
#include <malloc.h>

// Buffers of this size and more are mapped each for itself. Setting it keeps glibc from raising it.
static inline void set_mmap_threshold(int bytes) { mallopt(M_MMAP_THRESHOLD, bytes); }
#else
static inline void set_mmap_threshold(int bytes) { (void)bytes; }
#endif
