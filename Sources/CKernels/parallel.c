#include "parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { MOST_HELPERS = 63, SPINS_BEFORE_SLEEP = 4000 };

static struct {
  pthread_mutex_t in_use;  // held by the one caller whose loop the helpers share
  pthread_mutex_t sleep;
  pthread_cond_t wake;
  atomic_int sleepers;
  int helpers;  // started so far; changed only by who holds in_use

  // The loop. Its fields change only while `working` is 0 and `open` is false.
  atomic_uint generation;
  atomic_bool open;
  atomic_int working;
  atomic_int wanted;
  cb_part part;
  void *context;
  int64_t count;
  atomic_llong next;
} pool = {.in_use = PTHREAD_MUTEX_INITIALIZER, .sleep = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void do_parts(void) {
  for (;;) {
    const int64_t index = atomic_fetch_add(&pool.next, 1);
    if (index >= pool.count) return;
    pool.part(pool.context, index);
  }
}

static void wait_for_loop_after(unsigned seen) {
  for (int spin = 0; spin < SPINS_BEFORE_SLEEP; spin++) {
    if (atomic_load(&pool.generation) != seen) return;
    pause_briefly();
  }
  pthread_mutex_lock(&pool.sleep);
  atomic_fetch_add(&pool.sleepers, 1);
  while (atomic_load(&pool.generation) == seen) pthread_cond_wait(&pool.wake, &pool.sleep);
  atomic_fetch_sub(&pool.sleepers, 1);
  pthread_mutex_unlock(&pool.sleep);
}

static void *help(void *argument) {
  const int number = (int)(intptr_t)argument;
  unsigned seen = 0;
  for (;;) {
    wait_for_loop_after(seen);
    seen = atomic_load(&pool.generation);
    // Announced before looking whether the loop is still open: its owner closes it first and then waits
    // for all who are announced, so a loop that is seen open cannot end meanwhile.
    atomic_fetch_add(&pool.working, 1);
    if (atomic_load(&pool.open) && number < atomic_load(&pool.wanted)) do_parts();
    atomic_fetch_sub(&pool.working, 1);
  }
  return NULL;
}

// Helpers live as long as the process: they wait for work, asleep after a few microseconds.
static void start_helpers(int count) {
  while (pool.helpers < count && pool.helpers < MOST_HELPERS) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, help, (void *)(intptr_t)pool.helpers) != 0) return;
    pthread_detach(thread);
    pool.helpers++;
  }
}

void cb_parallel(int64_t count, int32_t threads, cb_part part, void *context) {
  if (count <= 1 || threads <= 1 || pthread_mutex_trylock(&pool.in_use) != 0) {
    for (int64_t index = 0; index < count; index++) part(context, index);
    return;
  }
  start_helpers(threads - 1);
  // A helper may still be looking at the loop before, closed and done.
  while (atomic_load(&pool.working) != 0) pause_briefly();
  pool.part = part;
  pool.context = context;
  pool.count = count;
  atomic_store(&pool.next, 0);
  atomic_store(&pool.wanted, threads - 1);
  atomic_store(&pool.open, true);
  atomic_fetch_add(&pool.generation, 1);
  if (atomic_load(&pool.sleepers) > 0) {
    pthread_mutex_lock(&pool.sleep);
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.sleep);
  }
  do_parts();
  atomic_store(&pool.open, false);
  for (int spin = 0; atomic_load(&pool.working) != 0; spin++) {
    if (spin < SPINS_BEFORE_SLEEP) {
      pause_briefly();
    } else {
      sched_yield();
    }
  }
  pthread_mutex_unlock(&pool.in_use);
}
