// Attention of new positions to those that a key-value cache holds, whose rows lie anywhere.
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  int32_t heads;
  /// Elements of a head: a multiple of 16, at most 128.
  int32_t head_channels;
  /// New positions of all sequences, as many of each, a sequence's one after the other.
  int64_t rows;
  int64_t rows_per_sequence;
  /// Entries of a sequence's table.
  int64_t table_stride;
  /// Multiplies the scores before the softmax.
  float scale;
  /// Whether keys and values are 16-bit floats, else of 32 bits.
  bool is_half;
} cb_cached_attention_shape;

/// Computes softmax attention, a row of heads * head_channels floats for every row of `queries`, on up to
/// `threads` threads.
///
/// The row at position p sees the positions 0...p of its sequence; entry i of the sequence's table is the row
/// of `keys` and `values` that holds position i.
void cb_cached_attention(const cb_cached_attention_shape *shape, const float *queries, const void *keys,
                         const void *values, const int32_t *table, const int32_t *positions, float *output,
                         int32_t threads);
