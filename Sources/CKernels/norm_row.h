// A row's layer normalisation, with its sums in 64 bits.
#pragma once

#include "vectors.h"

#include <math.h>

typedef double dvec16 __attribute__((vector_size(128), aligned(8)));

static inline __attribute__((always_inline)) double lane_sum(dvec16 lanes) {
  double sum = 0;
  for (int lane = 0; lane < LANES; lane++) sum += lanes[lane];
  return sum;
}

static inline __attribute__((always_inline)) dvec16 doubles(const float *values) {
  return __builtin_convertvector(*(const vec16 *)values, dvec16);
}

/// (input - mean) / sqrt(variance + epsilon) * scale + shift of `channels` floats.
static inline __attribute__((always_inline)) void norm_row(const float *input, const float *scale,
                                                           const float *shift, int64_t channels, float epsilon,
                                                           float *output) {
  const int64_t whole = channels / LANES * LANES;
  dvec16 lanes = {0};
  for (int64_t c = 0; c < whole; c += LANES) lanes += doubles(input + c);
  double sum = lane_sum(lanes);
  for (int64_t c = whole; c < channels; c++) sum += input[c];
  const double mean = sum / (double)channels;
  lanes = (dvec16){0};
  for (int64_t c = 0; c < whole; c += LANES) {
    const dvec16 distance = doubles(input + c) - mean;
    lanes += distance * distance;
  }
  double squares = lane_sum(lanes);
  for (int64_t c = whole; c < channels; c++) squares += (input[c] - mean) * (input[c] - mean);
  const double factor = 1 / sqrt(squares / (double)channels + epsilon);
  for (int64_t c = 0; c < whole; c += LANES) {
    const vec16 normed = __builtin_convertvector((doubles(input + c) - mean) * factor, vec16);
    *(vec16 *)(output + c) = normed * *(const vec16 *)(scale + c) + *(const vec16 *)(shift + c);
  }
  for (int64_t c = whole; c < channels; c++) {
    output[c] = (float)((input[c] - mean) * factor) * scale[c] + shift[c];
  }
}
