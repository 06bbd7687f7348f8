#include "conv1d.h"
#include "parallel.h"
#include "scratch.h"
#include "vectors.h"

#include <string.h>

// The inner product is an outer one: a few rows of input, broadcast, against a block of output channels
// held in vector registers. Rows are first copied, activated and zero-padded, into a tile that stays in
// the cache, so that neither padding nor dilation costs anything inside.

enum { TILE_BYTES = 96 * 1024, SMALLEST_PART = 4 * 1000 * 1000 };

int64_t cb_conv1d_packed_count(int32_t out_channels, int32_t in_channels, int32_t taps) {
  if (out_channels == 1) return (int64_t)in_channels * taps;
  int64_t blocks = (out_channels + CB_CONV1D_BLOCK - 1) / CB_CONV1D_BLOCK;
  return blocks * CB_CONV1D_BLOCK * in_channels * taps;
}

void cb_conv1d_pack(const float *weight, int32_t out_channels, int32_t in_channels, int32_t taps,
                    float *packed) {
  if (out_channels == 1) {
    for (int64_t in = 0; in < in_channels; in++) {
      for (int64_t tap = 0; tap < taps; tap++) packed[tap * in_channels + in] = weight[in * taps + tap];
    }
    return;
  }
  memset(packed, 0, sizeof(float) * (size_t)cb_conv1d_packed_count(out_channels, in_channels, taps));
  for (int64_t out = 0; out < out_channels; out++) {
    float *block = packed + out / CB_CONV1D_BLOCK * CB_CONV1D_BLOCK * in_channels * taps;
    for (int64_t in = 0; in < in_channels; in++) {
      for (int64_t tap = 0; tap < taps; tap++) {
        block[(tap * in_channels + in) * CB_CONV1D_BLOCK + out % CB_CONV1D_BLOCK] =
            weight[(out * in_channels + in) * taps + tap];
      }
    }
  }
}

typedef struct {
  const cb_conv1d_shape *shape;
  const float *weights;   // one packed block
  const float *tile;      // the first input row of the first output row
  const float *bias;      // this block's, or null
  const float *residual;  // this block's first row, or null
  float *output;          // this block's first row
  int32_t channels;       // of this block that exist
} block_call;

static inline __attribute__((always_inline)) void store(const block_call *call, int row, int first,
                                                        vec16 value) {
  const int64_t at = (int64_t)row * call->shape->out_channels + first;
  const int lanes = call->channels - first;
  if (lanes >= LANES) {
    if (call->bias) value += *(const vec16 *)(call->bias + first);
    if (call->residual) value += *(const vec16 *)(call->residual + at);
    *(vec16 *)(call->output + at) = value;
    return;
  }
  for (int lane = 0; lane < lanes; lane++) {
    float sum = value[lane];
    if (call->bias) sum += call->bias[first + lane];
    if (call->residual) sum += call->residual[at + lane];
    call->output[at + lane] = sum;
  }
}

// The accumulators are named one by one, since compilers keep arrays of them in memory.
#define DECLARE(r) vec16 low##r = {0}, high##r = {0};
#define MULTIPLY(r, pointer, at) low##r += (pointer)[at] * weight_low, high##r += (pointer)[at] * weight_high;
#define STORE(r) store(call, r, 0, low##r), store(call, r, LANES, high##r);
#define FOUR_DECLARE(a, b, c, d) DECLARE(a) DECLARE(b) DECLARE(c) DECLARE(d)
#define FOUR_MULTIPLY(pointer, a, b, c, d) \
  MULTIPLY(a, pointer, 0) MULTIPLY(b, pointer, step) MULTIPLY(c, pointer, 2 * step) MULTIPLY(d, pointer, 3 * step)
#define FOUR_STORE(a, b, c, d) STORE(a) STORE(b) STORE(c) STORE(d)

// For every tap and channel of a block: `body`, with the two weight vectors and `input` at the channel.
#define FOR_EACH_WEIGHT(body)                                                         \
  const int64_t channels = call->shape->in_channels;                                  \
  const int64_t step = (int64_t)call->shape->stride * channels;                       \
  const float *weights = call->weights;                                               \
  for (int64_t tap = 0; tap < call->shape->taps; tap++) {                             \
    const float *input = call->tile + tap * call->shape->dilation * channels;         \
    for (const float *end = input + channels; input < end; input++) {                 \
      const vec16 weight_low = *(const vec16 *)weights;                               \
      const vec16 weight_high = *(const vec16 *)(weights + LANES);                    \
      weights += CB_CONV1D_BLOCK;                                                     \
      body                                                                            \
    }                                                                                 \
  }

static inline __attribute__((always_inline)) void twelve_rows(const block_call *call) {
  FOUR_DECLARE(0, 1, 2, 3) FOUR_DECLARE(4, 5, 6, 7) FOUR_DECLARE(8, 9, 10, 11)
  FOR_EACH_WEIGHT({
    FOUR_MULTIPLY(input, 0, 1, 2, 3)
    FOUR_MULTIPLY(input + 4 * step, 4, 5, 6, 7)
    FOUR_MULTIPLY(input + 8 * step, 8, 9, 10, 11)
  })
  FOUR_STORE(0, 1, 2, 3) FOUR_STORE(4, 5, 6, 7) FOUR_STORE(8, 9, 10, 11)
}

static inline __attribute__((always_inline)) void four_rows(const block_call *call) {
  FOUR_DECLARE(0, 1, 2, 3)
  FOR_EACH_WEIGHT(FOUR_MULTIPLY(input, 0, 1, 2, 3))
  FOUR_STORE(0, 1, 2, 3)
}

static inline __attribute__((always_inline)) void one_row(const block_call *call) {
  DECLARE(0)
  FOR_EACH_WEIGHT((void)step; MULTIPLY(0, input, 0))
  STORE(0)
}

typedef void (*tile_function)(block_call call, int64_t rows);

static inline __attribute__((always_inline)) void advance(block_call *call, int64_t rows) {
  call->tile += rows * call->shape->stride * call->shape->in_channels;
  call->output += rows * call->shape->out_channels;
  if (call->residual) call->residual += rows * call->shape->out_channels;
}

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static void tile_avx512(block_call call, int64_t rows) {
  for (; rows >= 12; rows -= 12, advance(&call, 12)) twelve_rows(&call);
  for (; rows >= 4; rows -= 4, advance(&call, 4)) four_rows(&call);
  for (; rows >= 1; rows -= 1, advance(&call, 1)) one_row(&call);
}

__attribute__((target("avx2,fma"))) static void tile_avx2(block_call call, int64_t rows) {
  for (; rows >= 4; rows -= 4, advance(&call, 4)) four_rows(&call);
  for (; rows >= 1; rows -= 1, advance(&call, 1)) one_row(&call);
}
#endif

static void tile_portable(block_call call, int64_t rows) {
  for (; rows >= 4; rows -= 4, advance(&call, 4)) four_rows(&call);
  for (; rows >= 1; rows -= 1, advance(&call, 1)) one_row(&call);
}

// A single output channel would leave 31 of a block's 32 lanes idle: here the lanes are input channels.
static void single_channel_rows(const cb_conv1d_shape *shape, const float *weights, const float *tile,
                                const float *bias, const float *residual, float *output, int64_t rows) {
  const int64_t channels = shape->in_channels;
  for (int64_t row = 0; row < rows; row++) {
    vec16 lanes = {0};
    float sum = bias ? *bias : 0;
    for (int64_t tap = 0; tap < shape->taps; tap++) {
      const float *input = tile + (row * shape->stride + tap * shape->dilation) * channels;
      const float *weight = weights + tap * channels;
      int64_t channel = 0;
      for (; channel + LANES <= channels; channel += LANES) {
        lanes += *(const vec16 *)(input + channel) * *(const vec16 *)(weight + channel);
      }
      for (; channel < channels; channel++) sum += input[channel] * weight[channel];
    }
    for (int lane = 0; lane < LANES; lane++) sum += lanes[lane];
    output[row] = residual ? sum + residual[row] : sum;
  }
}

// A convolution cut into parts: stretches of rows, and of blocks of channels where the rows are few.
typedef struct {
  const cb_conv1d_shape *shape;
  const float *packed, *bias, *snake, *input, *residual;
  float *output;
  int64_t input_rows, output_rows;
  int64_t rows_per_part;
  int32_t blocks, groups;
} conv1d_call;

static void copy_rectified(const float *input, float *tile, int64_t count, float slope) {
  if (slope == 1.0f) {
    memcpy(tile, input, sizeof(float) * (size_t)count);
    return;
  }
  for (int64_t i = 0; i < count; i++) tile[i] = input[i] > 0 ? input[i] : input[i] * slope;
}

static inline __attribute__((always_inline)) void copy_snaked(const float *input, float *tile, int64_t rows,
                                                              int64_t channels, const float *snake) {
  for (int64_t row = 0; row < rows; row++, input += channels, tile += channels) {
    int64_t c = 0;
    for (; c + LANES <= channels; c += LANES) {
      const vec16 x = *(const vec16 *)(input + c);
      *(vec16 *)(tile + c) =
          x + sine_squared(x * *(const vec16 *)(snake + c)) * *(const vec16 *)(snake + channels + c);
    }
    for (; c < channels; c++) {
      const vec16 angle = {input[c] * snake[c]};
      tile[c] = input[c] + sine_squared(angle)[0] * snake[channels + c];
    }
  }
}

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static void copy_snaked_avx512(const float *input, float *tile, int64_t rows,
                                                                  int64_t channels, const float *snake) {
  copy_snaked(input, tile, rows, channels, snake);
}

__attribute__((target("avx2,fma"))) static void copy_snaked_avx2(const float *input, float *tile, int64_t rows,
                                                                 int64_t channels, const float *snake) {
  copy_snaked(input, tile, rows, channels, snake);
}
#endif

static void copy_snaked_portable(const float *input, float *tile, int64_t rows, int64_t channels,
                                 const float *snake) {
  copy_snaked(input, tile, rows, channels, snake);
}

// Input rows [first, first + rows) into the tile, activated, zeros where the input has none.
static void fill_tile(const conv1d_call *call, int64_t first, int64_t rows, float *tile) {
  const int64_t channels = call->shape->in_channels, input_rows = call->input_rows;
  int64_t from = first < 0 ? 0 : first;
  int64_t to = first + rows > input_rows ? input_rows : first + rows;
  if (to < from) to = from;
  const int64_t before = from - first < rows ? from - first : rows;
  memset(tile, 0, sizeof(float) * (size_t)(before * channels));
  const float *source = call->input + from * channels;
  float *target = tile + before * channels;
  if (call->snake) {
    BEST_OF(copy_snaked)(source, target, to - from, channels, call->snake);
  } else {
    copy_rectified(source, target, (to - from) * channels, call->shape->slope);
  }
  const int64_t after = rows - before - (to - from);
  memset(tile + (rows - after) * channels, 0, sizeof(float) * (size_t)(after * channels));
}

static void conv1d_part(void *context, int64_t index) {
  const conv1d_call *call = context;
  const cb_conv1d_shape *shape = call->shape;
  const int64_t row = index / call->groups * call->rows_per_part;
  const int64_t left = call->output_rows - row;
  const int64_t rows = left < call->rows_per_part ? left : call->rows_per_part;
  const int64_t group = index % call->groups;
  const int64_t tile_rows = (rows - 1) * shape->stride + (int64_t)(shape->taps - 1) * shape->dilation + 1;
  float *tile = cb_scratch(cb_scratch_tile, sizeof(float) * (size_t)(tile_rows * shape->in_channels));
  fill_tile(call, row * shape->stride - shape->padding, tile_rows, tile);
  if (shape->out_channels == 1) {
    single_channel_rows(shape, call->packed, tile, call->bias, call->residual ? call->residual + row : NULL,
                        call->output + row, rows);
    return;
  }
  const tile_function run = BEST_OF(tile);
  const int64_t block_size = (int64_t)CB_CONV1D_BLOCK * shape->in_channels * shape->taps;
  const int64_t last = call->blocks * (group + 1) / call->groups;
  for (int64_t block = call->blocks * group / call->groups; block < last; block++) {
    const int64_t channel = block * CB_CONV1D_BLOCK;
    const int64_t at = row * shape->out_channels + channel;
    const int64_t channels = shape->out_channels - channel;
    const block_call block_call = {
        .shape = shape,
        .weights = call->packed + block * block_size,
        .tile = tile,
        .bias = call->bias ? call->bias + channel : NULL,
        .residual = call->residual ? call->residual + at : NULL,
        .output = call->output + at,
        .channels = channels < CB_CONV1D_BLOCK ? (int32_t)channels : CB_CONV1D_BLOCK,
    };
    run(block_call, rows);
  }
}

void cb_conv1d(const cb_conv1d_shape *shape, const float *packed, const float *bias, const float *snake,
               const float *input, int64_t input_rows, const float *residual, float *output,
               int64_t output_rows, int32_t threads) {
  if (output_rows <= 0) return;
  int64_t rows_per_part = TILE_BYTES / (int64_t)sizeof(float) / shape->in_channels / shape->stride;
  rows_per_part = rows_per_part < 24 ? 24 : rows_per_part / 12 * 12;
  const int64_t stretches = (output_rows + rows_per_part - 1) / rows_per_part;
  const int32_t blocks = (shape->out_channels + CB_CONV1D_BLOCK - 1) / CB_CONV1D_BLOCK;
  const double work = 2.0 * (double)output_rows * shape->out_channels * shape->in_channels * shape->taps;
  // Enough parts to share, none so small that sharing costs more than it gains.
  int64_t parts = (int64_t)(work / SMALLEST_PART);
  const int64_t wanted = (int64_t)threads * 3;
  parts = parts > wanted ? wanted : parts < 1 ? 1 : parts;
  int64_t groups = threads > 1 ? (parts + stretches - 1) / stretches : 1;
  groups = groups > blocks ? blocks : groups;
  conv1d_call call = {
      .shape = shape,
      .packed = packed,
      .bias = bias,
      .snake = snake,
      .input = input,
      .residual = residual,
      .output = output,
      .input_rows = input_rows,
      .output_rows = output_rows,
      .rows_per_part = rows_per_part,
      .blocks = blocks,
      .groups = (int32_t)groups,
  };
  cb_parallel(stretches * groups, parts > 1 ? threads : 1, conv1d_part, &call);
}
