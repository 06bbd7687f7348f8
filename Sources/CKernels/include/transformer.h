// What a transformer's block does to each row by itself, before its attention and after it.
#pragma once

#include "activation.h"

#include <stdint.h>

/// A linear layer: its matrix as cb_conv1d_pack packs it, with a single tap, and its bias or null.
typedef struct {
  const float *packed, *bias;
  int32_t inputs, outputs;
} cb_linear;

/// A layer normalisation's parameters.
typedef struct {
  const float *scale, *shift;
  float epsilon;
} cb_norm;

/// Writes the linear layer of the normalised rows, on up to `threads` threads.
void cb_normed_linear(const cb_norm *norm, const cb_linear *linear, const float *input, float *output,
                      int64_t rows, int32_t threads);

/// Writes the rest of a block after its attention, on up to `threads` threads:
/// x = input + out(attended), output = x + down(activation(up(norm(x)))).
void cb_attended_block(const cb_linear *out, const cb_norm *norm, const cb_linear *up,
                       cb_activation activation, const cb_linear *down, const float *attended,
                       const float *input, float *output, int64_t rows, int32_t threads);
