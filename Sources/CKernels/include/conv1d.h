// One-dimensional convolution over channels-last rows, fused with what surrounds it in a vocoder.
#pragma once

#include <stdint.h>

/// The channels that one packed block of weights serves.
#define CB_CONV1D_BLOCK 32

/// A convolution: output row t, channel o = bias[o] + sum over taps k and channels c of
///     weight[o][c][k] * activation(input[t * stride + k * dilation - padding][c]),
/// rows outside the input being zero.
typedef struct {
  int32_t in_channels;
  int32_t out_channels;
  int32_t taps;
  int32_t stride;
  int32_t dilation;
  int32_t padding;
  /// Leaky ReLU's slope below zero, applied to the input as it is read; 1 leaves it as it is.
  float slope;
} cb_conv1d_shape;

/// Floats that packed weights take: out_channels rounded up to CB_CONV1D_BLOCK (but 1 stays 1), times
/// in_channels, times taps.
int64_t cb_conv1d_packed_count(int32_t out_channels, int32_t in_channels, int32_t taps);

/// Packs PyTorch's [out][in][tap] weights as [out / 32][tap][in][32], the order that the kernel reads;
/// those of a single output channel as [tap][in].
void cb_conv1d_pack(const float *weight, int32_t out_channels, int32_t in_channels, int32_t taps,
                    float *packed);

/// Computes the output, on up to `threads` threads.
/// `bias` and `residual` (same shape as the output) may be null; `residual` may be the output itself.
/// `snake` may be null; else it holds a and then 1 / a for every input channel, and the input's activation
/// is Snake, x + sin(ax)^2 / a, instead of the leaky ReLU.
void cb_conv1d(const cb_conv1d_shape *shape, const float *packed, const float *bias, const float *snake,
               const float *input, int64_t input_rows, const float *residual, float *output,
               int64_t output_rows, int32_t threads);
