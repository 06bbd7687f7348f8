// Activations of sixteen floats at a time.
#pragma once

#include "activation.h"
#include "vectors.h"

// The tail of the normal distribution beyond |x|, by formula 7.1.26 of Abramowitz and Stegun's "Handbook of
// Mathematical Functions": off by less than 1e-7.
static inline __attribute__((always_inline)) vec16 gelu(vec16 x) {
  const vec16 zero = {0};
  const vec16 size = larger(x, -x);
  const vec16 t = 1.0f / (1.0f + size * (0.3275911f * 0.707106781f));
  vec16 p = zero + 1.061405429f;
  p = p * t - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = p * t + 0.254829592f;
  const vec16 tail = 0.5f * p * t * exp_fast(x * x * -0.5f);
  return larger(x, zero) - size * tail;
}

// With e for e^x, tanh(log(1 + e)) is (e^2 + 2e) / (e^2 + 2e + 2), which is 1 to the last bit beyond 20.
static inline __attribute__((always_inline)) vec16 mish(vec16 x) {
  const vec16 zero = {0};
  const vec16 e = exp_fast(smaller(x, zero + 20.0f));
  const vec16 n = e * (e + 2.0f);
  return x * (n / (n + 2.0f));
}

// 0.5 (1 + tanh y) is 1 / (1 + e^-2y).
static inline __attribute__((always_inline)) vec16 gelu_tanh(vec16 x) {
  const vec16 y = (x + x * x * x * 0.044715f) * 0.797884561f;
  return x / (1.0f + exp_fast(-2.0f * y));
}

static inline __attribute__((always_inline)) vec16 silu(vec16 x) { return x / (1.0f + exp_fast(-x)); }

static inline __attribute__((always_inline)) vec16 activated(cb_activation activation, vec16 x) {
  switch (activation) {
    case cb_activation_none: return x;
    case cb_activation_gelu: return gelu(x);
    case cb_activation_gelu_tanh: return gelu_tanh(x);
    case cb_activation_mish: return mish(x);
    case cb_activation_silu: return silu(x);
  }
  return x;
}

static inline __attribute__((always_inline)) void activate(cb_activation activation, const float *input,
                                                           float *output, int64_t count) {
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    *(vec16 *)(output + i) = activated(activation, *(const vec16 *)(input + i));
  }
  if (i == count) return;
  vec16 x = {0};
  memcpy(&x, input + i, sizeof(float) * (size_t)(count - i));
  const vec16 y = activated(activation, x);
  memcpy(output + i, &y, sizeof(float) * (size_t)(count - i));
}
