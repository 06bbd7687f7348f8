// WaveNet's gated activation.
#pragma once

#include <stdint.h>

/// Writes tanh(input[row][c]) * sigmoid(input[row][channels + c]), on up to `threads` threads.
/// An input row holds 2 * channels floats, an output row `channels`.
void cb_gated_tanh(const float *input, float *output, int64_t rows, int64_t channels, int32_t threads);
