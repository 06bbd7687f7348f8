// Layer normalisation, with its sums in 64 bits.
#pragma once

#include "activation.h"

/// Writes (input - mean) / sqrt(variance + epsilon) * scale + shift, activated and with `added` added, row by
/// row, on up to `threads` threads. A row holds `channels` floats; so do `scale`, `shift` and, where it is not
/// null, `added`.
void cb_layer_norm(const float *input, const float *scale, const float *shift, float *output, int64_t rows,
                   int64_t channels, float epsilon, cb_activation activation, const float *added,
                   int32_t threads);
