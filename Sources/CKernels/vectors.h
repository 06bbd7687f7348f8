// Sixteen floats at a time, for the kernels of this folder.
#pragma once

#include <stdint.h>
#include <string.h>

// Vectors are passed only to functions that are always inlined, so no call's ABI depends on them.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float vec16 __attribute__((vector_size(64), aligned(4)));
typedef int32_t ivec16 __attribute__((vector_size(64), aligned(4)));

enum { LANES = 16 };

// Of a function that is compiled three times, as NAME_avx512, NAME_avx2 and NAME_portable, the one that is best
// on this processor.
#if defined(__x86_64__)
#define BEST_OF(name)                                                                                       \
  (__builtin_cpu_supports("avx512f")                                   ? name##_avx512                      \
   : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? name##_avx2                        \
                                                                       : name##_portable)
#else
#define BEST_OF(name) name##_portable
#endif

// Where `mask` is all ones, `a`, and where it is 0, `b`.
static inline __attribute__((always_inline)) vec16 selected(ivec16 mask, vec16 a, vec16 b) {
  return (vec16)(((ivec16)a & mask) | ((ivec16)b & ~mask));
}

// One instruction each, other than __builtin_elementwise_max and _min, which look for NaN first.
static inline __attribute__((always_inline)) vec16 larger(vec16 a, vec16 b) { return selected(a > b, a, b); }
static inline __attribute__((always_inline)) vec16 smaller(vec16 a, vec16 b) { return selected(a < b, a, b); }

// Sixteen rows become columns: blocks of 8, 4, 2 and 1 beside the diagonal change places.
static inline __attribute__((always_inline)) void transpose(vec16 rows[LANES]) {
#define SWAP_BLOCKS(size, FIRST, SECOND)                                     \
  _Pragma("clang loop unroll(full)") for (int r = 0; r < LANES; r++) {       \
    if (r & size) continue;                                                  \
    const vec16 a = rows[r], b = rows[r + size];                             \
    rows[r] = __builtin_shufflevector(a, b, FIRST);                          \
    rows[r + size] = __builtin_shufflevector(a, b, SECOND);                  \
  }
#define LIST(...) __VA_ARGS__
  SWAP_BLOCKS(8, LIST(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
              LIST(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
  SWAP_BLOCKS(4, LIST(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
              LIST(4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
  SWAP_BLOCKS(2, LIST(0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
              LIST(2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
  SWAP_BLOCKS(1, LIST(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
              LIST(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
#undef LIST
#undef SWAP_BLOCKS
}

// exp as in gate.c: a power of two and a polynomial, inputs kept to where the result is a normal number.
static inline __attribute__((always_inline)) vec16 exp_fast(vec16 x) {
  const vec16 zero = {0};
  x = smaller(larger(x, zero - 87.0f), zero + 87.0f);
  const float shift = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer in the low bits
  const vec16 n = (x * 1.44269504f + shift) - shift;
  const vec16 r = (x - n * 0.693145752f) - n * 1.42860677e-6f;
  vec16 p = zero + 1.0f / 5040.0f;
  p = p * r + 1.0f / 720.0f;
  p = p * r + 1.0f / 120.0f;
  p = p * r + 1.0f / 24.0f;
  p = p * r + 1.0f / 6.0f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  const ivec16 bits = (__builtin_convertvector(n, ivec16) + 127) << 23;
  vec16 power;
  memcpy(&power, &bits, sizeof power);
  return p * power;
}

// The square of a sine: the angle less its nearest multiple of pi, which is taken off in three parts so that
// little is lost, and a polynomial over [-pi / 2, pi / 2]. Off by less than 3e-7 up to angles of 10^4.
static inline __attribute__((always_inline)) vec16 sine_squared(vec16 angle) {
  const vec16 zero = {0};
  const float shift = 12582912.0f;
  const vec16 turns = (angle * 0.318309886f + shift) - shift;
  vec16 r = angle - turns * 3.140625f;
  r = r - turns * 9.67502594e-4f;
  r = r - turns * 1.50995799e-7f;
  // An angle too large for floats to tell its place in the circle still gives a number.
  r = smaller(larger(r, zero - 2.0f), zero + 2.0f);
  const vec16 square = r * r;
  vec16 p = zero - 1.0f / 39916800.0f;
  p = p * square + 1.0f / 362880.0f;
  p = p * square - 1.0f / 5040.0f;
  p = p * square + 1.0f / 120.0f;
  p = p * square - 1.0f / 6.0f;
  const vec16 sine = r + r * square * p;
  return sine * sine;
}
