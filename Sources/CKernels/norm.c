#include "norm.h"
#include "activation_lanes.h"
#include "norm_row.h"
#include "parallel.h"

enum { FLOATS_PER_PART = 8192 };

typedef struct {
  const float *input, *scale, *shift, *added;
  float *output;
  int64_t rows, channels, rows_per_part;
  float epsilon;
  cb_activation activation;
} norm_call;

static inline __attribute__((always_inline)) void norm_rows(const norm_call *call, int64_t row, int64_t end) {
  const int64_t channels = call->channels;
  for (; row < end; row++) {
    float *output = call->output + row * channels;
    norm_row(call->input + row * channels, call->scale, call->shift, channels, call->epsilon, output);
    if (call->activation != cb_activation_none) activate(call->activation, output, output, channels);
    if (!call->added) continue;
    for (int64_t c = 0; c < channels; c++) output[c] += call->added[c];
  }
}

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static void norm_avx512(const norm_call *call, int64_t row, int64_t end) {
  norm_rows(call, row, end);
}

__attribute__((target("avx2,fma"))) static void norm_avx2(const norm_call *call, int64_t row, int64_t end) {
  norm_rows(call, row, end);
}
#endif

static void norm_portable(const norm_call *call, int64_t row, int64_t end) { norm_rows(call, row, end); }

static void norm_part(void *context, int64_t index) {
  const norm_call *call = context;
  const int64_t first = index * call->rows_per_part, end = first + call->rows_per_part;
  BEST_OF(norm)(call, first, end < call->rows ? end : call->rows);
}

void cb_layer_norm(const float *input, const float *scale, const float *shift, float *output, int64_t rows,
                   int64_t channels, float epsilon, cb_activation activation, const float *added,
                   int32_t threads) {
  const int64_t per_part = channels < FLOATS_PER_PART ? FLOATS_PER_PART / channels : 1;
  norm_call call = {.input = input, .scale = scale, .shift = shift, .added = added, .output = output,
                    .rows = rows, .channels = channels, .rows_per_part = per_part, .epsilon = epsilon,
                    .activation = activation};
  cb_parallel((rows + per_part - 1) / per_part, threads, norm_part, &call);
}
