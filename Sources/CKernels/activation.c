#include "activation.h"
#include "parallel.h"
#include "vectors.h"

enum { COUNT_PER_PART = 8192 };

// The tail of the normal distribution beyond |x|, by formula 7.1.26 of Abramowitz and Stegun's "Handbook of
// Mathematical Functions": off by less than 1e-7.
static inline __attribute__((always_inline)) vec16 gelu(vec16 x) {
  const vec16 zero = {0};
  const vec16 size = __builtin_elementwise_max(x, -x);
  const vec16 t = 1.0f / (1.0f + size * (0.3275911f * 0.707106781f));
  vec16 p = zero + 1.061405429f;
  p = p * t - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = p * t + 0.254829592f;
  const vec16 tail = 0.5f * p * t * exp_fast(x * x * -0.5f);
  return __builtin_elementwise_max(x, zero) - size * tail;
}

// With e for e^x, tanh(log(1 + e)) is (e^2 + 2e) / (e^2 + 2e + 2), which is 1 to the last bit beyond 20.
static inline __attribute__((always_inline)) vec16 mish(vec16 x) {
  const vec16 zero = {0};
  const vec16 e = exp_fast(__builtin_elementwise_min(x, zero + 20.0f));
  const vec16 n = e * (e + 2.0f);
  return x * (n / (n + 2.0f));
}

// 0.5 (1 + tanh y) is 1 / (1 + e^-2y).
static inline __attribute__((always_inline)) vec16 gelu_tanh(vec16 x) {
  const vec16 y = (x + x * x * x * 0.044715f) * 0.797884561f;
  return x / (1.0f + exp_fast(-2.0f * y));
}

static inline __attribute__((always_inline)) vec16 apply(cb_activation activation, vec16 x) {
  switch (activation) {
    case cb_activation_gelu: return gelu(x);
    case cb_activation_gelu_tanh: return gelu_tanh(x);
    case cb_activation_mish: return mish(x);
  }
  return x;
}

static inline __attribute__((always_inline)) void activate(cb_activation activation, const float *input,
                                                           float *output, int64_t count) {
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    const vec16 x = *(const vec16 *)(input + i);
    *(vec16 *)(output + i) = apply(activation, x);
  }
  if (i == count) return;
  vec16 x = {0};
  memcpy(&x, input + i, sizeof(float) * (size_t)(count - i));
  const vec16 y = apply(activation, x);
  memcpy(output + i, &y, sizeof(float) * (size_t)(count - i));
}

typedef void (*activate_function)(cb_activation activation, const float *input, float *output, int64_t count);

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static void activate_avx512(cb_activation activation, const float *input,
                                                               float *output, int64_t count) {
  activate(activation, input, output, count);
}

__attribute__((target("avx2,fma"))) static void activate_avx2(cb_activation activation, const float *input,
                                                              float *output, int64_t count) {
  activate(activation, input, output, count);
}
#endif

static void activate_portable(cb_activation activation, const float *input, float *output, int64_t count) {
  activate(activation, input, output, count);
}

static activate_function best_activate_function(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return activate_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return activate_avx2;
#endif
  return activate_portable;
}

typedef struct {
  activate_function run;
  cb_activation activation;
  const float *input;
  float *output;
  int64_t count;
} activate_call;

static void activate_part(void *context, int64_t index) {
  const activate_call *call = context;
  const int64_t first = index * COUNT_PER_PART, left = call->count - first;
  call->run(call->activation, call->input + first, call->output + first,
            left < COUNT_PER_PART ? left : COUNT_PER_PART);
}

void cb_activate(cb_activation activation, const float *input, float *output, int64_t count, int32_t threads) {
  activate_call call = {.run = best_activate_function(), .activation = activation, .input = input,
                        .output = output, .count = count};
  cb_parallel((count + COUNT_PER_PART - 1) / COUNT_PER_PART, threads, activate_part, &call);
}
