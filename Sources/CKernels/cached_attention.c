#include "cached_attention.h"
#include "parallel.h"
#include "scratch.h"
#include "vectors.h"

#include <float.h>

// A part is a head of a few rows, which share the reading of keys and values. Every key is read once for its
// score and every value once for its weight, as far as the rows see.

enum { ROWS_AT_ONCE = 4, MOST_VECTORS = 8, PREFETCHED_POSITIONS = 16 };

typedef uint16_t half_bits16 __attribute__((vector_size(32), aligned(2)));
#if defined(__x86_64__) || defined(__aarch64__)
typedef _Float16 half16 __attribute__((vector_size(32), aligned(2)));
#endif

#define INLINE static inline __attribute__((always_inline))

// A 16-bit float's bits, moved to where a 32-bit float has them, make a number 2^112 times too small.
INLINE vec16 floats_of_bits(half_bits16 half) {
  const ivec16 bits = __builtin_convertvector(half, ivec16);
  const ivec16 moved = (bits & 0x7FFF) << 13;
  vec16 size;
  memcpy(&size, &moved, sizeof size);
  size *= 0x1p112f;
  ivec16 result;
  memcpy(&result, &size, sizeof result);
  result |= (bits & 0x8000) << 16;
  memcpy(&size, &result, sizeof size);
  return size;
}

INLINE vec16 load(const void *row, int64_t element, bool is_half, bool has_conversion) {
  if (!is_half) return *(const vec16 *)((const float *)row + element);
  const uint16_t *start = (const uint16_t *)row + element;
#if defined(__x86_64__) || defined(__aarch64__)
  if (has_conversion) return __builtin_convertvector(*(const half16 *)start, vec16);
#endif
  return floats_of_bits(*(const half_bits16 *)start);
}

INLINE float sum_of(vec16 v) {
  typedef float vec8 __attribute__((vector_size(32)));
  typedef float vec4 __attribute__((vector_size(16)));
  const vec8 eight = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
                     __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  const vec4 four = __builtin_shufflevector(eight, eight, 0, 1, 2, 3) +
                    __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
  return (four[0] + four[2]) + (four[1] + four[3]);
}

typedef struct {
  const cb_cached_attention_shape *shape;
  const float *queries;
  const void *keys, *values;
  const int32_t *table, *positions;
  float *output;
  int64_t row_blocks;  // of a sequence
} attention_call;

// A head of a few rows of a sequence.
typedef struct {
  const int32_t *table;
  int64_t first_row, count, first_channel, row_channels;
  int64_t visible[ROWS_AT_ONCE], most_visible, stride;
  float *scores;  // a row each, `stride` apart
} head_part;

// A head's elements of a position. Those of neighbouring positions lie a row apart, too far for the processor to
// see what comes, so it is told.
INLINE void load_head(const void *rows, const head_part *part, int64_t position, int vectors, bool is_half,
                      bool fast, vec16 elements[MOST_VECTORS]) {
  const int64_t ahead = position + PREFETCHED_POSITIONS;
  if (ahead < part->most_visible) {
    const int64_t size = is_half ? sizeof(uint16_t) : sizeof(float);
    const char *start =
        (const char *)rows + (part->table[ahead] * part->row_channels + part->first_channel) * size;
    for (int64_t byte = 0; byte < vectors * LANES * size; byte += 64) __builtin_prefetch(start + byte);
  }
  const int64_t at = part->table[position] * part->row_channels + part->first_channel;
  for (int v = 0; v < vectors; v++) elements[v] = load(rows, at + v * LANES, is_half, fast);
}

INLINE void score(const attention_call *call, const head_part *part, int vectors, bool is_half, bool fast) {
  vec16 queries[ROWS_AT_ONCE][MOST_VECTORS];
  for (int64_t r = 0; r < part->count; r++) {
    const float *query = call->queries + (part->first_row + r) * part->row_channels + part->first_channel;
    for (int v = 0; v < vectors; v++) queries[r][v] = *(const vec16 *)(query + v * LANES) * call->shape->scale;
  }
  for (int64_t position = 0; position < part->most_visible; position++) {
    vec16 key[MOST_VECTORS];
    load_head(call->keys, part, position, vectors, is_half, fast, key);
    for (int64_t r = 0; r < part->count; r++) {
      vec16 sum = queries[r][0] * key[0];
      for (int v = 1; v < vectors; v++) sum += queries[r][v] * key[v];
      part->scores[r * part->stride + position] = sum_of(sum);
    }
  }
}

// Scores to the numerators of their softmax, zero where a row does not see; the denominator.
INLINE float weigh(float *scores, int64_t visible, int64_t stride) {
  for (int64_t i = visible; i < stride; i++) scores[i] = -FLT_MAX;
  vec16 highest = *(const vec16 *)scores;
  for (int64_t i = LANES; i < stride; i += LANES) {
    highest = __builtin_elementwise_max(highest, *(const vec16 *)(scores + i));
  }
  float most = highest[0];
  for (int lane = 1; lane < LANES; lane++) most = highest[lane] > most ? highest[lane] : most;
  vec16 sums = {0};
  for (int64_t i = 0; i < stride; i += LANES) {
    const vec16 weights = exp_fast(*(const vec16 *)(scores + i) - most);
    *(vec16 *)(scores + i) = weights;
    sums += weights;
  }
  for (int64_t i = visible; i < stride; i++) scores[i] = 0;
  return sum_of(sums);
}

INLINE void sum_values(const attention_call *call, const head_part *part, const float *totals, int vectors,
                       bool is_half, bool fast) {
  vec16 sums[ROWS_AT_ONCE][MOST_VECTORS] = {0};
  for (int64_t position = 0; position < part->most_visible; position++) {
    vec16 value[MOST_VECTORS];
    load_head(call->values, part, position, vectors, is_half, fast, value);
    for (int64_t r = 0; r < part->count; r++) {
      const float weight = part->scores[r * part->stride + position];
      for (int v = 0; v < vectors; v++) sums[r][v] += weight * value[v];
    }
  }
  for (int64_t r = 0; r < part->count; r++) {
    float *output = call->output + (part->first_row + r) * part->row_channels + part->first_channel;
    for (int v = 0; v < vectors; v++) *(vec16 *)(output + v * LANES) = sums[r][v] / totals[r];
  }
}

INLINE void attend(const attention_call *call, head_part *part, int vectors, bool is_half, bool fast) {
  score(call, part, vectors, is_half, fast);
  float totals[ROWS_AT_ONCE];
  for (int64_t r = 0; r < part->count; r++) {
    totals[r] = weigh(part->scores + r * part->stride, part->visible[r], part->stride);
  }
  sum_values(call, part, totals, vectors, is_half, fast);
}

// Heads of 64 are compiled for themselves, and so are single rows: what every token asks for.
INLINE void attend_any(const attention_call *call, head_part *part, bool fast) {
  const int vectors = call->shape->head_channels / LANES;
  const bool is_half = call->shape->is_half;
  if (vectors == 4 && part->count == 1) {
    part->count = 1;
    is_half ? attend(call, part, 4, true, fast) : attend(call, part, 4, false, fast);
  } else if (vectors == 4 && part->count == ROWS_AT_ONCE) {
    part->count = ROWS_AT_ONCE;
    is_half ? attend(call, part, 4, true, fast) : attend(call, part, 4, false, fast);
  } else {
    attend(call, part, vectors, is_half, fast);
  }
}

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static void attend_avx512(const attention_call *call,
                                                                                    head_part *part) {
  attend_any(call, part, true);
}

__attribute__((target("avx2,fma,f16c"))) static void attend_avx2(const attention_call *call, head_part *part) {
  attend_any(call, part, true);
}
#endif

static void attend_portable(const attention_call *call, head_part *part) {
#if defined(__aarch64__)
  attend_any(call, part, true);
#else
  attend_any(call, part, false);
#endif
}

static void attend_part(void *context, int64_t index) {
  const attention_call *call = context;
  const cb_cached_attention_shape *shape = call->shape;
  const int64_t head = index % shape->heads, block = index / shape->heads;
  const int64_t sequence = block / call->row_blocks, row = block % call->row_blocks * ROWS_AT_ONCE;
  const int64_t left = shape->rows_per_sequence - row;
  head_part part = {
      .table = call->table + sequence * shape->table_stride,
      .first_row = sequence * shape->rows_per_sequence + row,
      .count = left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE,
      .first_channel = head * shape->head_channels,
      .row_channels = (int64_t)shape->heads * shape->head_channels,
  };
  for (int64_t r = 0; r < part.count; r++) {
    const int64_t visible = (int64_t)call->positions[part.first_row + r] + 1;
    part.visible[r] = visible < shape->table_stride ? visible : shape->table_stride;
    if (part.visible[r] > part.most_visible) part.most_visible = part.visible[r];
  }
  part.stride = (part.most_visible + LANES - 1) / LANES * LANES;
  part.scores = cb_scratch(cb_scratch_part, sizeof(float) * (size_t)(part.count * part.stride));
  BEST_OF(attend)(call, &part);
}

void cb_cached_attention(const cb_cached_attention_shape *shape, const float *queries, const void *keys,
                         const void *values, const int32_t *table, const int32_t *positions, float *output,
                         int32_t threads) {
  if (shape->rows <= 0) return;
  attention_call call = {
      .shape = shape,
      .queries = queries,
      .keys = keys,
      .values = values,
      .table = table,
      .positions = positions,
      .output = output,
      .row_blocks = (shape->rows_per_sequence + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE,
  };
  const int64_t sequences = shape->rows / shape->rows_per_sequence;
  cb_parallel(sequences * call.row_blocks * shape->heads, threads, attend_part, &call);
}
