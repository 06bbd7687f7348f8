// Sixteen floats at a time, for the kernels of this folder.
#pragma once

#include <stdint.h>
#include <string.h>

// Vectors are passed only to functions that are always inlined, so no call's ABI depends on them.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float vec16 __attribute__((vector_size(64), aligned(4)));
typedef int32_t ivec16 __attribute__((vector_size(64), aligned(4)));

enum { LANES = 16 };

// exp as in gate.c: a power of two and a polynomial, inputs kept to where the result is a normal number.
static inline __attribute__((always_inline)) vec16 exp_fast(vec16 x) {
  const vec16 zero = {0};
  x = __builtin_elementwise_min(__builtin_elementwise_max(x, zero - 87.0f), zero + 87.0f);
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
  r = __builtin_elementwise_min(__builtin_elementwise_max(r, zero - 2.0f), zero + 2.0f);
  const vec16 square = r * r;
  vec16 p = zero - 1.0f / 39916800.0f;
  p = p * square + 1.0f / 362880.0f;
  p = p * square - 1.0f / 5040.0f;
  p = p * square + 1.0f / 120.0f;
  p = p * square - 1.0f / 6.0f;
  const vec16 sine = r + r * square * p;
  return sine * sine;
}
