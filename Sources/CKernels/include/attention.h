// Multi-head attention over whole sequences of channels-last rows.
#pragma once

#include <stdint.h>

/// An attention: for every head and query, softmax(scale * scores) over all keys, times the values.
/// A row holds heads * head_channels floats, a head's side by side.
typedef struct {
  int32_t heads;
  int32_t head_channels;
  int64_t queries;
  int64_t keys;
  /// Multiplies the scores before the softmax.
  float scale;
} cb_attention_shape;

/// Computes the output, as many rows as queries, on up to `threads` threads.
///
/// `position_queries` (rows as queries) and `positions` (queries + keys - 1 rows) may be null. Otherwise the
/// score of query i and key j has the product of position query i and position queries - 1 - i + j added to
/// it: that is how Transformer-XL scores distances, the farthest key behind first.
void cb_attention(const cb_attention_shape *shape, const float *queries, const float *keys,
                  const float *values, const float *position_queries, const float *positions, float *output,
                  int32_t threads);
