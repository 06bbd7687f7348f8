#include "norm.h"
#include "parallel.h"

#include <math.h>

enum { FLOATS_PER_PART = 16384 };

typedef struct {
  const float *input, *scale, *shift;
  float *output;
  int64_t rows, channels, rows_per_part;
  float epsilon;
} norm_call;

static void norm_row(const norm_call *call, int64_t row) {
  const int64_t channels = call->channels;
  const float *input = call->input + row * channels;
  float *output = call->output + row * channels;
  double sum = 0, squares = 0;
  for (int64_t c = 0; c < channels; c++) sum += input[c];
  const double mean = sum / (double)channels;
  for (int64_t c = 0; c < channels; c++) squares += (input[c] - mean) * (input[c] - mean);
  const double factor = 1 / sqrt(squares / (double)channels + call->epsilon);
  for (int64_t c = 0; c < channels; c++) {
    output[c] = (float)((input[c] - mean) * factor) * call->scale[c] + call->shift[c];
  }
}

static void norm_part(void *context, int64_t index) {
  const norm_call *call = context;
  const int64_t first = index * call->rows_per_part, end = first + call->rows_per_part;
  for (int64_t row = first; row < end && row < call->rows; row++) norm_row(call, row);
}

void cb_layer_norm(const float *input, const float *scale, const float *shift, float *output, int64_t rows,
                   int64_t channels, float epsilon, int32_t threads) {
  const int64_t per_part = channels < FLOATS_PER_PART ? FLOATS_PER_PART / channels : 1;
  norm_call call = {.input = input, .scale = scale, .shift = shift, .output = output, .rows = rows,
                    .channels = channels, .rows_per_part = per_part, .epsilon = epsilon};
  cb_parallel((rows + per_part - 1) / per_part, threads, norm_part, &call);
}
