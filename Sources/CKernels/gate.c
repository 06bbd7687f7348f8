#include "gate.h"
#include "parallel.h"

#include <string.h>

// exp by range reduction to a power of two and a polynomial over [-ln 2 / 2, ln 2 / 2], accurate to about
// 2 units in the last place; inputs are clamped to where the result is a normal number.
static inline float exp_fast(float x) {
  x = x < -87.0f ? -87.0f : x > 87.0f ? 87.0f : x;
  const float shift = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer in the low bits
  const float shifted = x * 1.44269504f + shift;
  const float n = shifted - shift;
  const float r = (x - n * 0.693145752f) - n * 1.42860677e-6f;
  float p = 1.0f / 5040.0f;
  p = p * r + 1.0f / 720.0f;
  p = p * r + 1.0f / 120.0f;
  p = p * r + 1.0f / 24.0f;
  p = p * r + 1.0f / 6.0f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  const int32_t bits = ((int32_t)n + 127) << 23;
  float power;
  memcpy(&power, &bits, sizeof power);
  return p * power;
}

static inline float gate(float a, float b) {
  // tanh is 1 to the last bit beyond 15, where the product below could still overflow.
  a = a < -15.0f ? -15.0f : a > 15.0f ? 15.0f : a;
  const float e = exp_fast(-2.0f * a);
  return (1.0f - e) / ((1.0f + e) * (1.0f + exp_fast(-b)));
}

typedef struct {
  const float *input;
  float *output;
  int64_t rows, channels;
} gate_call;

enum { ROWS_PER_PART = 64 };

static void gate_part(void *context, int64_t index) {
  const gate_call *call = context;
  const int64_t channels = call->channels;
  const int64_t end = (index + 1) * ROWS_PER_PART;
  for (int64_t row = index * ROWS_PER_PART; row < end && row < call->rows; row++) {
    const float *restrict a = call->input + row * 2 * channels;
    const float *restrict b = a + channels;
    float *restrict y = call->output + row * channels;
    for (int64_t c = 0; c < channels; c++) y[c] = gate(a[c], b[c]);
  }
}

void cb_gated_tanh(const float *input, float *output, int64_t rows, int64_t channels, int32_t threads) {
  gate_call call = {.input = input, .output = output, .rows = rows, .channels = channels};
  cb_parallel((rows + ROWS_PER_PART - 1) / ROWS_PER_PART, threads, gate_part, &call);
}
