#include "attention.h"
#include "outer.h"
#include "parallel.h"
#include "scratch.h"

#include <float.h>

// Scores exist for 32 queries and a stretch of keys at a time, in the nearest cache, a query in each lane: so
// the softmax needs no sums across lanes, and keys and values are read as they lie. What the stretches before
// have added up is scaled down whenever a higher score comes.
//
// Source: Dao et al., "FlashAttention", 2022.

enum { QUERIES = OUTER_LANES, KEYS = 10 * OUTER_ROWS, DISTANCES = KEYS + QUERIES - 1 };

typedef struct {
  const cb_attention_shape *shape;
  cb_rows queries, keys, values;
  const cb_distances *distances;
  float *output;
  float *head_keys, *head_values, *head_positions;  // head by head, rows of `row` floats
  int64_t row;                                      // head_channels in whole vectors
  int64_t positions;
  int64_t blocks;                                   // of queries
} attention_call;

// What a block of queries has come to.
typedef struct {
  vec16 highest[2], sums[2];
  float scores[KEYS * QUERIES];
  float distances[DISTANCES * QUERIES];
} block_state;

// 2^x for x up to 0: an integer power and a polynomial of the rest, off by less than 1e-7.
static inline __attribute__((always_inline)) vec16 power_of_two(vec16 x) {
  const vec16 zero = {0};
  x = larger(x, zero - 126.0f);
  const vec16 shifted = x + 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer in the low bits
  const vec16 r = x - (shifted - 12582912.0f);
  vec16 p = zero + 1.5345811e-4f;
  p = p * r + 1.3399931e-3f;
  p = p * r + 9.6184891e-3f;
  p = p * r + 5.5503286e-2f;
  p = p * r + 2.4022646e-1f;
  p = p * r + 6.9314718e-1f;
  p = p * r + 1.0f;
  return (vec16)((ivec16)p + ((ivec16)shifted << 23));
}

static void copy_head(cb_rows rows, int64_t count, int64_t first, int64_t channels, int64_t row, float *copy) {
  for (int64_t i = 0; i < count; i++, copy += row) {
    memcpy(copy, rows.first + i * rows.row + first, sizeof(float) * (size_t)channels);
    memset(copy + channels, 0, sizeof(float) * (size_t)(row - channels));
  }
}

static void copy_heads(void *context, int64_t head) {
  const attention_call *call = context;
  const int64_t channels = call->shape->head_channels, keys = call->shape->keys, row = call->row;
  const int64_t first = head * channels;
  copy_head(call->keys, keys, first, channels, row, call->head_keys + head * keys * row);
  copy_head(call->values, keys, first, channels, row, call->head_values + head * keys * row);
  if (!call->distances) return;
  copy_head(call->distances->positions, call->positions, first, channels, row,
            call->head_positions + head * call->positions * row);
}

// Queries as lanes, [channel][32], scaled so that a power of two gives their weights.
static inline __attribute__((always_inline)) void pack_queries(const attention_call *call, int64_t head,
                                                               int64_t query, int64_t count,
                                                               const float *bias, float *packed) {
  const int64_t channels = call->shape->head_channels;
  const float scale = call->shape->scale * 1.44269504f;
  const float *queries = call->queries.first + query * call->queries.row + head * channels;
  for (int64_t c = 0; c < channels; c += LANES) {
    const size_t size = sizeof(float) * (size_t)(channels - c < LANES ? channels - c : LANES);
    vec16 added = {0};
    if (bias) memcpy(&added, bias + head * channels + c, size);
    for (int64_t i = 0; i < QUERIES; i += LANES) {
      vec16 rows[LANES];
#pragma clang loop unroll(full)
      for (int64_t r = 0; r < LANES; r++) {
        const float *row = queries + (i + r) * call->queries.row + c;
        rows[r] = (vec16){0};
        if (i + r >= count) continue;
        if (size == sizeof(vec16)) {
          rows[r] = scale * (*(const vec16 *)row + added);
        } else {
          memcpy(&rows[r], row, size);
          rows[r] = scale * (rows[r] + added);
        }
      }
      transpose(rows);
#pragma clang loop unroll(full)
      for (int64_t r = 0; r < LANES; r++) *(vec16 *)(packed + (c + r) * QUERIES + i) = rows[r];
    }
  }
}

// Products of rows with packed queries: [row][32].
static inline __attribute__((always_inline)) void score(const float *rows, int64_t count, int64_t row,
                                                        int64_t channels, const float *packed, float *scores,
                                                        int most) {
  outer_sums sums;
  int64_t i = 0;
#define SCORE(n)                                                                   \
  for (; i + n <= count; i += n) {                                                 \
    outer_clear(n, &sums);                                                         \
    outer_add(n, rows + i * row, row, 1, packed, QUERIES, channels, &sums);        \
    outer_store(n, &sums, scores + i * QUERIES, QUERIES);                          \
  }
  if (most >= OUTER_ROWS) {
    SCORE(12)
    SCORE(4)
  }
  SCORE(2)
  SCORE(1)
#undef SCORE
}

// Adds to the scores what distances are worth: each lane finds its own a row later than the lane after it. A
// lane's rows are moved by 8, 4, 2 and 1, those of its number's bits.
static inline __attribute__((always_inline)) void add_distances(float *distances, int64_t keys, float *scores) {
  for (int half = 0; half < 2; half++) {
    float *rows = distances + (half == 0 ? LANES * QUERIES : LANES);
    ivec16 moves;
    for (int lane = 0; lane < LANES; lane++) moves[lane] = LANES - 1 - lane;
    for (int64_t move = LANES / 2; move > 0; move /= 2) {
      const ivec16 moved = (moves & (int32_t)move) != 0;
      for (int64_t i = 0; i < keys + move - 1; i++) {
        float *here = rows + i * QUERIES;
        *(vec16 *)here = selected(moved, *(const vec16 *)(here + move * QUERIES), *(const vec16 *)here);
      }
    }
    for (int64_t i = 0; i < keys; i++) {
      *(vec16 *)(scores + i * QUERIES + half * LANES) += *(const vec16 *)(rows + i * QUERIES);
    }
  }
}

// Scores to weights that are not yet divided by their sum, and the factor of what came before.
static inline __attribute__((always_inline)) void weigh(block_state *state, int64_t keys, float *factors) {
  for (int half = 0; half < 2; half++) {
    float *scores = state->scores + half * LANES;
    vec16 highest = state->highest[half];
    for (int64_t i = 0; i < keys; i++) {
      highest = larger(highest, *(const vec16 *)(scores + i * QUERIES));
    }
    const vec16 factor = power_of_two(state->highest[half] - highest);
    vec16 sums = {0};
    for (int64_t i = 0; i < keys; i++) {
      const vec16 weights = power_of_two(*(const vec16 *)(scores + i * QUERIES) - highest);
      *(vec16 *)(scores + i * QUERIES) = weights;
      sums += weights;
    }
    state->sums[half] = state->sums[half] * factor + sums;
    state->highest[half] = highest;
    *(vec16 *)(factors + half * LANES) = factor;
  }
}

// sums[query][channel] = sums * factor + the weighted values.
static inline __attribute__((always_inline)) void add_values(const float *weights, const float *values,
                                                             int64_t keys, int64_t row, int64_t queries,
                                                             const float *factors, float *sums, int most) {
  for (int64_t query = 0; query < queries; query++) {
    for (int64_t c = 0; c < row; c += LANES) *(vec16 *)(sums + query * row + c) *= factors[query];
  }
  outer_sums outer;
  for (int64_t c = 0; c < row; c += OUTER_LANES) {
    int64_t query = 0;
#define ADD(n)                                                                              \
  for (; query + n <= queries; query += n) {                                                \
    outer_clear(n, &outer);                                                                 \
    outer_add(n, weights + query, 1, QUERIES, values + c, row, keys, &outer);               \
    outer_plus(n, sums + query * row + c, row, &outer);                                     \
    outer_store(n, &outer, sums + query * row + c, row);                                    \
  }
    if (most >= OUTER_ROWS) {
      ADD(12)
      ADD(8)
      ADD(4)
    }
    ADD(2)
    ADD(1)
#undef ADD
  }
}

static inline __attribute__((always_inline)) void attend_block(const attention_call *call, int64_t head,
                                                               int64_t query, int64_t count,
                                                               block_state *state, float *packed,
                                                               float *position_packed, float *sums, int most) {
  const int64_t channels = call->shape->head_channels, row = call->row, keys = call->shape->keys;
  const float *head_keys = call->head_keys + head * keys * row;
  const float *head_values = call->head_values + head * keys * row;
  const cb_distances *distances = call->distances;
  pack_queries(call, head, query, count, distances ? distances->content_bias : NULL, packed);
  if (distances) pack_queries(call, head, query, count, distances->position_bias, position_packed);
  memset(sums, 0, sizeof(float) * (size_t)(QUERIES * row));
  for (int half = 0; half < 2; half++) {
    state->highest[half] = (vec16){0} - FLT_MAX;
    state->sums[half] = (vec16){0};
  }
  float factors[QUERIES];
  for (int64_t key = 0; key < keys; key += KEYS) {
    const int64_t stretch = keys - key < KEYS ? keys - key : KEYS;
    score(head_keys + key * row, stretch, row, channels, packed, state->scores, most);
    if (distances) {
      // Lanes past the last query have no positions.
      const int64_t first = call->shape->queries - query - QUERIES + key;
      const int64_t missing = first < 0 ? -first : 0;
      memset(state->distances, 0, sizeof(float) * (size_t)(missing * QUERIES));
      score(call->head_positions + (head * call->positions + first + missing) * row,
            stretch + QUERIES - 1 - missing, row, channels, position_packed,
            state->distances + missing * QUERIES, most);
      add_distances(state->distances, stretch, state->scores);
    }
    weigh(state, stretch, factors);
    add_values(state->scores, head_values + key * row, stretch, row, count, factors, sums, most);
  }
  for (int64_t i = 0; i < count; i++) {
    const float total = ((const float *)state->sums)[i];
    float *output = call->output + (query + i) * call->shape->heads * channels + head * channels;
    for (int64_t c = 0; c < channels; c++) output[c] = sums[i * row + c] / total;
  }
}

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static void attend_avx512(const attention_call *call, int64_t head,
                                                             int64_t query, int64_t count, block_state *state,
                                                             float *packed, float *position_packed,
                                                             float *sums) {
  attend_block(call, head, query, count, state, packed, position_packed, sums, OUTER_ROWS);
}

__attribute__((target("avx2,fma"))) static void attend_avx2(const attention_call *call, int64_t head,
                                                            int64_t query, int64_t count, block_state *state,
                                                            float *packed, float *position_packed,
                                                            float *sums) {
  attend_block(call, head, query, count, state, packed, position_packed, sums, OUTER_FEW_ROWS);
}
#endif

static void attend_portable(const attention_call *call, int64_t head, int64_t query, int64_t count,
                            block_state *state, float *packed, float *position_packed, float *sums) {
  attend_block(call, head, query, count, state, packed, position_packed, sums, OUTER_FEW_ROWS);
}

static float *allocate(cb_scratch_use use, int64_t count) { return cb_scratch(use, sizeof(float) * (size_t)count); }

static void attend(void *context, int64_t index) {
  const attention_call *call = context;
  const int64_t query = index % call->blocks * QUERIES, left = call->shape->queries - query;
  const int64_t state_count = (sizeof(block_state) + 63) / 64 * 16;
  float *state = allocate(cb_scratch_part, state_count + 3 * QUERIES * call->row);
  float *packed = state + state_count;
  BEST_OF(attend)(call, index / call->blocks, query, left < QUERIES ? left : QUERIES,
                         (block_state *)state, packed, packed + QUERIES * call->row,
                         packed + 2 * QUERIES * call->row);
}

void cb_attention(const cb_attention_shape *shape, cb_rows queries, cb_rows keys, cb_rows values,
                  const cb_distances *distances, float *output, int32_t threads) {
  if (shape->queries <= 0 || shape->keys <= 0) return;
  attention_call call = {
      .shape = shape,
      .queries = queries,
      .keys = keys,
      .values = values,
      .distances = distances,
      .output = output,
      .row = (shape->head_channels + OUTER_LANES - 1) / OUTER_LANES * OUTER_LANES,
      .positions = distances ? shape->queries + shape->keys - 1 : 0,
      .blocks = (shape->queries + QUERIES - 1) / QUERIES,
  };
  const int64_t count = shape->heads * shape->keys * call.row;
  call.head_keys = allocate(cb_scratch_call, 2 * count + shape->heads * call.positions * call.row);
  call.head_values = call.head_keys + count;
  call.head_positions = call.head_values + count;
  cb_parallel(shape->heads, threads, copy_heads, &call);
  cb_parallel(shape->heads * call.blocks, threads, attend, &call);
}
