// Products with matrices of 8-bit blocks, in an order of our own.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/// A matrix's rows, and the elements of one: a multiple of CB_Q8_BLOCK.
typedef struct {
  int64_t outputs;
  int64_t inputs;
} cb_q8_shape;

/// The elements that share a scale.
#define CB_Q8_BLOCK 32

/// Whether this processor has the instructions that the product is written in (AVX-512 VNNI).
bool cb_q8_is_supported(void);

/// Bytes that a packed matrix takes.
int64_t cb_q8_packed_size(cb_q8_shape shape);

/// Packs ggml's q8_0 rows (blocks of a 16-bit scale and 32 signed bytes): for 16 rows at a time, all bytes
/// as [block][4 columns at a time][row][column] plus 128, then all scales as [block][row].
void cb_q8_pack(cb_q8_shape shape, const void *rows, void *packed);

/// Writes output[r][o] = bias[o] + sum over i of matrix[o][i] * input[r][i], on up to `threads` threads.
///
/// Input rows are rounded to 8-bit blocks first, as ggml does. `bias` may be null.
void cb_q8_product(cb_q8_shape shape, const void *packed, const float *bias, const float *input, int64_t rows,
                   float *output, int32_t threads);
