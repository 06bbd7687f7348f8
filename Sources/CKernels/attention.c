#include "attention.h"
#include "conv1d.h"
#include "parallel.h"
#include "scratch.h"
#include "vectors.h"

#include <float.h>
#include <string.h>

// Scores exist for a few queries at a time, in the cache; both products are the convolution's kernel, with
// keys and values packed as its weights. All rows of scores are padded to whole packed blocks.

enum { QUERIES_PER_PART = 48 };

static int64_t padded(int64_t count) { return (count + CB_CONV1D_BLOCK - 1) / CB_CONV1D_BLOCK * CB_CONV1D_BLOCK; }

static float *allocate(cb_scratch_use use, int64_t count) { return cb_scratch(use, sizeof(float) * (size_t)count); }

// Scores to weights that are not yet divided by their sum, which is returned.
static inline __attribute__((always_inline)) float weigh(float *scores, int64_t count, float scale) {
  vec16 highest = *(const vec16 *)scores;
  for (int64_t i = LANES; i < count; i += LANES) {
    highest = __builtin_elementwise_max(highest, *(const vec16 *)(scores + i));
  }
  float most = highest[0];
  for (int lane = 1; lane < LANES; lane++) most = highest[lane] > most ? highest[lane] : most;
  vec16 sums = {0};
  for (int64_t i = 0; i < count; i += LANES) {
    const vec16 weights = exp_fast((*(const vec16 *)(scores + i) - most) * scale);
    *(vec16 *)(scores + i) = weights;
    sums += weights;
  }
  float sum = 0;
  for (int lane = 0; lane < LANES; lane++) sum += sums[lane];
  return sum;
}

typedef float (*weigh_function)(float *scores, int64_t count, float scale);

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static float weigh_avx512(float *scores, int64_t count, float scale) {
  return weigh(scores, count, scale);
}

__attribute__((target("avx2,fma"))) static float weigh_avx2(float *scores, int64_t count, float scale) {
  return weigh(scores, count, scale);
}
#endif

static float weigh_portable(float *scores, int64_t count, float scale) { return weigh(scores, count, scale); }

static weigh_function best_weigh_function(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return weigh_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return weigh_avx2;
#endif
  return weigh_portable;
}

typedef struct {
  const cb_attention_shape *shape;
  const float *queries, *keys, *values, *position_queries, *positions;
  float *output;
  int64_t row;                                          // floats in a row of all heads
  float *packed_keys, *packed_values, *packed_positions;  // head by head
  int64_t key_count, value_count, position_count;       // packed floats of a head
  int64_t blocks;                                       // of queries
} attention_call;

// Rows of a head as the weights of a product with each row: [row / 32][channel][32].
static void pack_rows(const float *rows, int64_t count, int64_t row, int64_t channels, float *packed) {
  for (int64_t first = 0; first < count; first += CB_CONV1D_BLOCK, packed += CB_CONV1D_BLOCK * channels) {
    for (int64_t i = 0; i < CB_CONV1D_BLOCK; i++) {
      const float *source = rows + (first + i) * row;
      for (int64_t channel = 0; channel < channels; channel++) {
        packed[channel * CB_CONV1D_BLOCK + i] = first + i < count ? source[channel] : 0;
      }
    }
  }
}

// Rows of a head as the weights of a weighted sum of them: [channel / 32][row][32].
static void pack_columns(const float *rows, int64_t count, int64_t row, int64_t channels, float *packed) {
  for (int64_t first = 0; first < channels; first += CB_CONV1D_BLOCK) {
    const int64_t left = channels - first < CB_CONV1D_BLOCK ? channels - first : CB_CONV1D_BLOCK;
    for (int64_t i = 0; i < padded(count); i++, packed += CB_CONV1D_BLOCK) {
      memset(packed, 0, sizeof(float) * CB_CONV1D_BLOCK);
      if (i < count) memcpy(packed, rows + i * row + first, sizeof(float) * (size_t)left);
    }
  }
}

static void pack_head(void *context, int64_t head) {
  const attention_call *call = context;
  const cb_attention_shape *shape = call->shape;
  const int64_t channels = shape->head_channels, first = head * channels;
  pack_rows(call->keys + first, shape->keys, call->row, channels, call->packed_keys + head * call->key_count);
  pack_columns(call->values + first, shape->keys, call->row, channels,
               call->packed_values + head * call->value_count);
  if (call->positions) {
    pack_rows(call->positions + first, shape->queries + shape->keys - 1, call->row, channels,
              call->packed_positions + head * call->position_count);
  }
}

static void product(const float *rows, int64_t count, int64_t inputs, const float *packed, int64_t outputs,
                    float *result) {
  const cb_conv1d_shape shape = {.in_channels = (int32_t)inputs, .out_channels = (int32_t)outputs,
                                 .taps = 1, .stride = 1, .dilation = 1, .padding = 0, .slope = 1};
  cb_conv1d(&shape, packed, NULL, NULL, rows, count, NULL, result, count, 1);
}

static void copy_head(const float *rows, int64_t count, int64_t row, int64_t channels, float *copy) {
  for (int64_t i = 0; i < count; i++) memcpy(copy + i * channels, rows + i * row, sizeof(float) * (size_t)channels);
}

// What the distances of a part's queries add to their scores.
static void add_position_scores(const attention_call *call, int64_t head, int64_t query, int64_t count,
                                float *rows, float *scores) {
  const cb_attention_shape *shape = call->shape;
  const int64_t channels = shape->head_channels, keys = shape->keys;
  const int64_t nearest = shape->queries - query - count;  // the last query's position of key 0
  const int64_t first = nearest / CB_CONV1D_BLOCK * CB_CONV1D_BLOCK;
  const int64_t columns = padded(shape->queries - 1 - query + keys - first);
  float *by_distance = allocate(cb_scratch_positions, count * columns);
  copy_head(call->position_queries + query * call->row + head * channels, count, call->row, channels, rows);
  product(rows, count, channels, call->packed_positions + head * call->position_count + first * channels,
          columns, by_distance);
  for (int64_t i = 0; i < count; i++) {
    const float *source = by_distance + i * columns + shape->queries - 1 - query - i - first;
    float *target = scores + i * padded(keys);
    for (int64_t key = 0; key < keys; key++) target[key] += source[key];
  }
}

static void attend(void *context, int64_t index) {
  const attention_call *call = context;
  const cb_attention_shape *shape = call->shape;
  const int64_t channels = shape->head_channels, keys = shape->keys;
  const int64_t head = index / call->blocks, query = index % call->blocks * QUERIES_PER_PART;
  const int64_t left = shape->queries - query;
  const int64_t count = left < QUERIES_PER_PART ? left : QUERIES_PER_PART;
  const int64_t at = query * call->row + head * channels;
  float *rows = allocate(cb_scratch_part, count * (channels + padded(keys) + padded(channels)));
  float *scores = rows + count * channels;
  float *sums = scores + count * padded(keys);
  copy_head(call->queries + at, count, call->row, channels, rows);
  product(rows, count, channels, call->packed_keys + head * call->key_count, padded(keys), scores);
  if (call->positions) add_position_scores(call, head, query, count, rows, scores);
  const weigh_function weigh_best = best_weigh_function();
  float totals[QUERIES_PER_PART];
  for (int64_t i = 0; i < count; i++) {
    float *row = scores + i * padded(keys);
    for (int64_t key = keys; key < padded(keys); key++) row[key] = -FLT_MAX;
    totals[i] = weigh_best(row, padded(keys), shape->scale);
  }
  product(scores, count, padded(keys), call->packed_values + head * call->value_count, padded(channels), sums);
  for (int64_t i = 0; i < count; i++) {
    const float *source = sums + i * padded(channels);
    float *target = call->output + at + i * call->row;
    for (int64_t channel = 0; channel < channels; channel++) target[channel] = source[channel] / totals[i];
  }
}

void cb_attention(const cb_attention_shape *shape, const float *queries, const float *keys,
                  const float *values, const float *position_queries, const float *positions, float *output,
                  int32_t threads) {
  if (shape->queries <= 0 || shape->keys <= 0) return;
  const int64_t channels = shape->head_channels;
  attention_call call = {
      .shape = shape,
      .queries = queries,
      .keys = keys,
      .values = values,
      .position_queries = position_queries,
      .positions = positions,
      .output = output,
      .row = shape->heads * channels,
      .key_count = padded(shape->keys) * channels,
      .value_count = padded(shape->keys) * padded(channels),
      .position_count = positions ? padded(shape->queries + shape->keys - 1) * channels : 0,
      .blocks = (shape->queries + QUERIES_PER_PART - 1) / QUERIES_PER_PART,
  };
  call.packed_keys =
      allocate(cb_scratch_call, shape->heads * (call.key_count + call.value_count + call.position_count));
  call.packed_values = call.packed_keys + shape->heads * call.key_count;
  call.packed_positions = call.packed_values + shape->heads * call.value_count;
  cb_parallel(shape->heads, threads, pack_head, &call);
  cb_parallel(shape->heads * call.blocks, threads, attend, &call);
}
