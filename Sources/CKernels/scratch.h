// Memory that a thread keeps for what it computes with, instead of asking the system for it every time.
#pragma once

#include <stddef.h>

/// Who uses a thread's memory: one may be using its own while it calls the next.
typedef enum {
  cb_scratch_call,
  cb_scratch_part,
  cb_scratch_tile,
  cb_scratch_count,
} cb_scratch_use;

/// At least `size` bytes, aligned to 64, with whatever was left in them. They are the caller's until the
/// same thread asks for the same use again. Never null.
void *cb_scratch(cb_scratch_use use, size_t size);
