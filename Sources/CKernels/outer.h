// Sums of outer products: the heart of every matrix product here.
//
// A few values, broadcast, times 32 in two vectors, summed over a third dimension in registers. Twelve values
// make 24 sums, which with the two vectors and a broadcast one are what AVX-512's registers hold. Registers
// that are half as wide, and half as many, hold the sums of two: with more, compilers keep them in memory.
#pragma once

#include "vectors.h"

enum { OUTER_LANES = 2 * LANES, OUTER_ROWS = 12, OUTER_FEW_ROWS = 2 };

/// Two vectors of sums for each of a few rows.
typedef struct {
  vec16 low[OUTER_ROWS], high[OUTER_ROWS];
} outer_sums;

/// sums[r] += values[r * row + k * step] * lanes[k * lanes_step + 0..<32], for every k below `count`.
/// `rows` must be a constant where this is inlined, or the sums do not stay in registers.
static inline __attribute__((always_inline)) void outer_add(int rows, const float *values, int64_t row,
                                                            int64_t step, const float *lanes,
                                                            int64_t lanes_step, int64_t count,
                                                            outer_sums *sums) {
  // Three pointers, and no more than three rows from one of them: what an instruction can address by itself.
  const float *fours[] = {values, values + 4 * row, values + 8 * row};
  for (int64_t k = 0; k < count; k++, lanes += lanes_step) {
    const vec16 low = *(const vec16 *)lanes, high = *(const vec16 *)(lanes + LANES);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const float value = fours[r / 4][r % 4 * row];
      sums->low[r] += value * low;
      sums->high[r] += value * high;
    }
    fours[0] += step, fours[1] += step, fours[2] += step;
  }
}

static inline __attribute__((always_inline)) void outer_clear(int rows, outer_sums *sums) {
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) sums->low[r] = sums->high[r] = (vec16){0};
}

static inline __attribute__((always_inline)) void outer_plus(int rows, const float *source, int64_t row,
                                                             outer_sums *sums) {
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
    sums->low[r] += *(const vec16 *)(source + r * row);
    sums->high[r] += *(const vec16 *)(source + r * row + LANES);
  }
}

static inline __attribute__((always_inline)) void outer_store(int rows, const outer_sums *sums, float *target,
                                                              int64_t row) {
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
    *(vec16 *)(target + r * row) = sums->low[r];
    *(vec16 *)(target + r * row + LANES) = sums->high[r];
  }
}
