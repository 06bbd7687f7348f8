// Activations that are slow element by element.
#pragma once

#include <stdint.h>

typedef enum {
  /// x itself.
  cb_activation_none,
  /// x times the normal distribution's cumulative function of x.
  cb_activation_gelu,
  /// The same by its approximation, x / 2 times (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).
  cb_activation_gelu_tanh,
  /// x times tanh(log(1 + e^x)).
  cb_activation_mish,
  /// x times the logistic function of x.
  cb_activation_silu,
} cb_activation;

/// Writes the activation of `count` floats, on up to `threads` threads.
void cb_activate(cb_activation activation, const float *input, float *output, int64_t count, int32_t threads);
