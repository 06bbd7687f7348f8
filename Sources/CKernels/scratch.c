#include "scratch.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct {
  void *memory[cb_scratch_count];
  size_t size[cb_scratch_count];
} thread_scratch;

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void release(void *pointer) {
  thread_scratch *scratch = pointer;
  for (int use = 0; use < cb_scratch_count; use++) free(scratch->memory[use]);
  free(scratch);
}

// A key rather than a thread-local variable, since threads that end give their memory back.
static void make_key(void) {
  if (pthread_key_create(&key, release) != 0) abort();
}

void *cb_scratch(cb_scratch_use use, size_t size) {
  pthread_once(&once, make_key);
  thread_scratch *scratch = pthread_getspecific(key);
  if (!scratch) {
    scratch = calloc(1, sizeof *scratch);
    if (!scratch || pthread_setspecific(key, scratch) != 0) abort();
  }
  if (scratch->size[use] < size) {
    free(scratch->memory[use]);
    // Half more than asked for, so that a size that grows step by step does not cost a new block each time.
    const size_t rounded = (size + size / 2 + 63) / 64 * 64;
    scratch->memory[use] = aligned_alloc(64, rounded);
    if (!scratch->memory[use]) abort();
    scratch->size[use] = rounded;
  }
  return scratch->memory[use];
}
