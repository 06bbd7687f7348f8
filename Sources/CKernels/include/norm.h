// Layer normalisation, with its sums in 64 bits.
#pragma once

#include <stdint.h>

/// Writes (input - mean) / sqrt(variance + epsilon) * scale + shift, row by row, on up to `threads` threads.
/// A row holds `channels` floats; so do `scale` and `shift`.
void cb_layer_norm(const float *input, const float *scale, const float *shift, float *output, int64_t rows,
                   int64_t channels, float epsilon, int32_t threads);
