// Sharing loops among threads without waiting for threads that the system keeps from running.
#pragma once

#include <stdint.h>

/// Does one part of a loop.
typedef void (*cb_part)(void *context, int64_t index);

/// Calls `part` for every index below `count`, on the calling thread and up to `threads - 1` helpers.
///
/// Helpers claim parts as they come; a helper that does not get a core claims none, and the caller does its
/// parts. That is why this is not a barrier between equal shares, which is as slow as the slowest thread: on
/// a machine with other work, by orders of magnitude. Returns when all parts are done. When another caller
/// has the helpers, the caller does everything itself.
void cb_parallel(int64_t count, int32_t threads, cb_part part, void *context);
