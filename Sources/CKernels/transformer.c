#include "transformer.h"
#include "activation_lanes.h"
#include "conv1d.h"
#include "norm_row.h"
#include "outer.h"
#include "parallel.h"
#include "scratch.h"

// Rows are taken a few dozen at a time, and what is made of them stays in the cache until it is done. Rows of
// a power of two would share a few places of the cache, so those in scratch memory are a little longer.

enum { ROWS_PER_PART = 4 * OUTER_ROWS, HIDDEN_PER_PASS = 256, PADDING = 16 };

// A product, to which a bias and other rows may be added. Those may be the output's own.
typedef struct {
  const float *input, *packed, *bias, *residual;
  float *output;
  int64_t input_row, residual_row, output_row;  // floats from one row to the next
  int64_t inputs, outputs;
  int64_t block;  // packed floats from one block of outputs to the next
  cb_activation activation;
} product;

// What is added comes last: it is larger than the terms of a sum, which would lose their last bits to it.
static inline __attribute__((always_inline)) void finish(const product *p, int64_t channel, int rows,
                                                         int64_t row, outer_sums *sums) {
  const int64_t lanes = p->outputs - channel < OUTER_LANES ? p->outputs - channel : OUTER_LANES;
  float *output = p->output + row * p->output_row + channel;
  const float *residual = p->residual ? p->residual + row * p->residual_row + channel : NULL;
  const float *bias = p->bias ? p->bias + channel : NULL;
  if (lanes == OUTER_LANES) {
    if (bias) outer_plus(rows, bias, 0, sums);
    if (residual) outer_plus(rows, residual, p->residual_row, sums);
    outer_store(rows, sums, output, p->output_row);
    return;
  }
  float values[OUTER_ROWS * OUTER_LANES];
  outer_store(rows, sums, values, OUTER_LANES);
  for (int r = 0; r < rows; r++) {
    for (int64_t lane = 0; lane < lanes; lane++) {
      float value = values[r * OUTER_LANES + lane];
      if (bias) value += bias[lane];
      if (residual) value += residual[r * p->residual_row + lane];
      output[r * p->output_row + lane] = value;
    }
  }
}

static inline __attribute__((always_inline)) void multiply_rows(const product *p, int64_t channel, int rows,
                                                                int64_t row) {
  outer_sums sums;
  outer_clear(rows, &sums);
  outer_add(rows, p->input + row * p->input_row, p->input_row, 1,
            p->packed + channel / CB_CONV1D_BLOCK * p->block, CB_CONV1D_BLOCK, p->inputs, &sums);
  finish(p, channel, rows, row, &sums);
}

static inline __attribute__((always_inline)) void multiply(const product *p, int64_t rows, int most) {
  for (int64_t channel = 0; channel < p->outputs; channel += CB_CONV1D_BLOCK) {
    int64_t row = 0;
    if (most >= OUTER_ROWS) {
      for (; row + 12 <= rows; row += 12) multiply_rows(p, channel, 12, row);
      for (; row + 4 <= rows; row += 4) multiply_rows(p, channel, 4, row);
    }
    for (; row + 2 <= rows; row += 2) multiply_rows(p, channel, 2, row);
    for (; row < rows; row++) multiply_rows(p, channel, 1, row);
    if (p->activation == cb_activation_none) continue;
    const int64_t lanes = p->outputs - channel;
    for (row = 0; row < rows; row++) {
      float *values = p->output + row * p->output_row + channel;
      const int64_t count = lanes < CB_CONV1D_BLOCK ? lanes : CB_CONV1D_BLOCK;
      activate(p->activation, values, values, count);
    }
  }
}

typedef struct {
  const cb_norm *norm;
  const cb_linear *out, *up, *down;  // of cb_normed_linear there is only `up`
  cb_activation activation;
  const float *attended, *input;
  float *output;
  int64_t rows, parts;
} block_call;

static inline __attribute__((always_inline)) product linear_product(const cb_linear *linear,
                                                                    const float *input, int64_t input_row,
                                                                    float *output, int64_t output_row) {
  return (product){.input = input, .packed = linear->packed, .bias = linear->bias, .output = output,
                   .input_row = input_row, .output_row = output_row, .inputs = linear->inputs,
                   .outputs = linear->outputs, .block = (int64_t)CB_CONV1D_BLOCK * linear->inputs,
                   .activation = cb_activation_none};
}

static inline __attribute__((always_inline)) void normed_linear(const block_call *call, int64_t row,
                                                                int64_t rows, float *scratch, int most) {
  const int64_t channels = call->up->inputs, outputs = call->up->outputs;
  for (int64_t r = 0; r < rows; r++) {
    norm_row(call->input + (row + r) * channels, call->norm->scale, call->norm->shift, channels,
             call->norm->epsilon, scratch + r * (channels + PADDING));
  }
  const product up = linear_product(call->up, scratch, channels + PADDING, call->output + row * outputs, outputs);
  multiply(&up, rows, most);
}

static inline __attribute__((always_inline)) void attended_block(const block_call *call, int64_t row,
                                                                 int64_t rows, float *scratch, int most) {
  const int64_t width = call->out->inputs, channels = call->out->outputs, hidden = call->up->outputs;
  float *output = call->output + row * channels;
  product out = linear_product(call->out, call->attended + row * width, width, output, channels);
  out.residual = call->input + row * channels;
  out.residual_row = channels;
  multiply(&out, rows, most);
  float *normed = scratch, *activations = scratch + rows * (channels + PADDING);
  for (int64_t r = 0; r < rows; r++) {
    norm_row(output + r * channels, call->norm->scale, call->norm->shift, channels, call->norm->epsilon,
             normed + r * (channels + PADDING));
  }
  for (int64_t first = 0; first < hidden; first += HIDDEN_PER_PASS) {
    const int64_t left = hidden - first, count = left < HIDDEN_PER_PASS ? left : HIDDEN_PER_PASS;
    product up = linear_product(call->up, normed, channels + PADDING, activations, HIDDEN_PER_PASS + PADDING);
    up.packed += first / CB_CONV1D_BLOCK * up.block;
    if (up.bias) up.bias += first;
    up.outputs = count;
    up.activation = call->activation;
    multiply(&up, rows, most);
    product down = linear_product(call->down, activations, HIDDEN_PER_PASS + PADDING, output, channels);
    down.packed += first * CB_CONV1D_BLOCK;
    down.inputs = count;
    if (first > 0) down.bias = NULL;
    down.residual = output;
    down.residual_row = channels;
    multiply(&down, rows, most);
  }
}

static inline __attribute__((always_inline)) void block_rows(const block_call *call, int64_t row, int64_t rows,
                                                             float *scratch, int most) {
  if (call->out) {
    attended_block(call, row, rows, scratch, most);
  } else {
    normed_linear(call, row, rows, scratch, most);
  }
}

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static void block_avx512(const block_call *call, int64_t row, int64_t rows,
                                                            float *scratch) {
  block_rows(call, row, rows, scratch, OUTER_ROWS);
}

__attribute__((target("avx2,fma"))) static void block_avx2(const block_call *call, int64_t row, int64_t rows,
                                                           float *scratch) {
  block_rows(call, row, rows, scratch, OUTER_FEW_ROWS);
}
#endif

static void block_portable(const block_call *call, int64_t row, int64_t rows, float *scratch) {
  block_rows(call, row, rows, scratch, OUTER_FEW_ROWS);
}

static void block_part(void *context, int64_t index) {
  const block_call *call = context;
  const int64_t units = (call->rows + OUTER_ROWS - 1) / OUTER_ROWS;
  const int64_t row = units * index / call->parts * OUTER_ROWS;
  const int64_t next = units * (index + 1) / call->parts * OUTER_ROWS;
  const int64_t rows = (next < call->rows ? next : call->rows) - row;
  const int64_t count = rows * (call->up->inputs + PADDING + HIDDEN_PER_PASS + PADDING);
  float *scratch = cb_scratch(cb_scratch_part, sizeof(float) * (size_t)count);
  BEST_OF(block)(call, row, rows, scratch);
}

// As many parts for every thread, of nearly the same size: the last to finish keeps the others waiting.
static void run(block_call *call, int32_t threads) {
  const int64_t units = (call->rows + OUTER_ROWS - 1) / OUTER_ROWS;
  const int64_t share = (call->rows + ROWS_PER_PART * threads - 1) / (ROWS_PER_PART * threads);
  call->parts = share * threads < units ? share * threads : units;
  cb_parallel(call->parts, threads, block_part, call);
}

void cb_normed_linear(const cb_norm *norm, const cb_linear *linear, const float *input, float *output,
                      int64_t rows, int32_t threads) {
  block_call call = {.norm = norm, .up = linear, .input = input, .output = output, .rows = rows};
  run(&call, threads);
}

void cb_attended_block(const cb_linear *out, const cb_norm *norm, const cb_linear *up,
                       cb_activation activation, const cb_linear *down, const float *attended,
                       const float *input, float *output, int64_t rows, int32_t threads) {
  block_call call = {.norm = norm, .out = out, .up = up, .down = down, .activation = activation,
                     .attended = attended, .input = input, .output = output, .rows = rows};
  run(&call, threads);
}
