// Multi-head attention over whole sequences of channels-last rows.
#pragma once

#include <stdint.h>

/// An attention: for every head and query, softmax(scale * scores) over all keys, times the values.
typedef struct {
  int32_t heads;
  int32_t head_channels;
  int64_t queries;
  int64_t keys;
  /// Multiplies the scores before the softmax.
  float scale;
} cb_attention_shape;

/// Rows that hold heads * head_channels floats, a head's side by side, and perhaps more.
typedef struct {
  const float *first;
  /// Floats from one row to the next.
  int64_t row;
} cb_rows;

/// What scores also depend on where distances count, as in Transformer-XL: the score of query i and key j is
/// (query + content_bias) * key + (query + position_bias) * positions[queries - 1 - i + j], the farthest key
/// behind first. A bias holds heads * head_channels floats.
typedef struct {
  /// queries + keys - 1 of them.
  cb_rows positions;
  const float *content_bias, *position_bias;
} cb_distances;

/// Computes the output, as many rows of heads * head_channels as queries, on up to `threads` threads.
/// `distances` may be null.
void cb_attention(const cb_attention_shape *shape, cb_rows queries, cb_rows keys, cb_rows values,
                  const cb_distances *distances, float *output, int32_t threads);
