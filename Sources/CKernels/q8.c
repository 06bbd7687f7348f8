#include "q8.h"
#include "parallel.h"
#include "scratch.h"

#include <stdlib.h>
#include <string.h>

// Sixteen rows of the matrix stand side by side in the lanes of a vector, so that no sum runs across lanes.
// The instruction multiplies unsigned bytes with signed ones: the matrix's are stored 128 too high, and
// every sum starts 128 times the input's own sum too low. One pass over the matrix serves many input rows,
// which is what makes several speeches at once cheap.

enum {
  LANES = 16,
  STEPS = CB_Q8_BLOCK / 4,            // groups of four columns in a block
  BLOCK_BYTES = LANES * CB_Q8_BLOCK,  // of sixteen rows
  ROWS_AT_ONCE = 8,
  PREFETCH_BYTES = 4096,
  BYTES_PER_PART = 1 << 17,
};

typedef struct {
  uint16_t scale;
  int8_t values[CB_Q8_BLOCK];
} q8_block;

static int64_t group_count(cb_q8_shape shape) { return (shape.outputs + LANES - 1) / LANES; }

static int64_t group_bytes(cb_q8_shape shape) {
  return shape.inputs / CB_Q8_BLOCK * (BLOCK_BYTES + LANES * (int64_t)sizeof(uint16_t));
}

int64_t cb_q8_packed_size(cb_q8_shape shape) { return group_count(shape) * group_bytes(shape); }

void cb_q8_pack(cb_q8_shape shape, const void *rows, void *packed) {
  const int64_t blocks = shape.inputs / CB_Q8_BLOCK;
  // Rows that are not there are zero: 128, with a scale of 0.
  for (int64_t row = 0; row < group_count(shape) * LANES; row++) {
    uint8_t *group = (uint8_t *)packed + row / LANES * group_bytes(shape);
    uint8_t *scales = group + blocks * BLOCK_BYTES;
    const int64_t lane = row % LANES;
    for (int64_t block = 0; block < blocks; block++) {
      q8_block source = {0};
      if (row < shape.outputs) {
        memcpy(&source, (const uint8_t *)rows + (row * blocks + block) * (int64_t)sizeof source, sizeof source);
      }
      memcpy(scales + (block * LANES + lane) * (int64_t)sizeof(uint16_t), &source.scale, sizeof source.scale);
      uint8_t *bytes = group + block * BLOCK_BYTES + lane * 4;
      for (int step = 0; step < STEPS; step++) {
        for (int column = 0; column < 4; column++) {
          bytes[step * LANES * 4 + column] = (uint8_t)(source.values[step * 4 + column] + 128);
        }
      }
    }
  }
}

#if defined(__x86_64__)
#include <immintrin.h>

#define Q8_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))
#define Q8_INLINE static inline __attribute__((always_inline)) Q8_TARGET

bool cb_q8_is_supported(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vnni");
}

// Input rows as blocks: bytes [row][column], and of every block its scale and where its sums start.
typedef struct {
  int8_t *bytes;
  float *scales;
  int32_t *starts;
} q8_input;

typedef struct {
  cb_q8_shape shape;
  const uint8_t *packed;
  const float *bias, *rows;
  q8_input input;
  float *output;
  int64_t row_count, blocks, groups_per_part;
} q8_call;

Q8_TARGET static void round_row(void *context, int64_t row) {
  const q8_call *call = context;
  const float *source = call->rows + row * call->shape.inputs;
  int8_t *bytes = call->input.bytes + row * call->shape.inputs;
  for (int64_t block = 0; block < call->blocks; block++, source += CB_Q8_BLOCK, bytes += CB_Q8_BLOCK) {
    const __m512 low = _mm512_loadu_ps(source), high = _mm512_loadu_ps(source + LANES);
    const float most = _mm512_reduce_max_ps(_mm512_max_ps(_mm512_abs_ps(low), _mm512_abs_ps(high)));
    const __m512 inverse = _mm512_set1_ps(most > 0 ? 127 / most : 0);
    const __m512i first = _mm512_cvtps_epi32(_mm512_mul_ps(low, inverse));
    const __m512i second = _mm512_cvtps_epi32(_mm512_mul_ps(high, inverse));
    _mm_storeu_si128((__m128i *)bytes, _mm512_cvtepi32_epi8(first));
    _mm_storeu_si128((__m128i *)(bytes + LANES), _mm512_cvtepi32_epi8(second));
    call->input.scales[row * call->blocks + block] = most / 127;
    call->input.starts[row * call->blocks + block] =
        -128 * _mm512_reduce_add_epi32(_mm512_add_epi32(first, second));
  }
}

// The products of sixteen rows of the matrix with `count` input rows; `count` is known when this is compiled.
Q8_INLINE void group_times_rows(const q8_call *call, const uint8_t *group, int64_t row, int count,
                                __m512 sums[ROWS_AT_ONCE]) {
  const int64_t blocks = call->blocks, inputs = call->shape.inputs;
  const uint8_t *scales = group + blocks * BLOCK_BYTES;
  const int8_t *bytes = call->input.bytes + row * inputs;
  const float *input_scales = call->input.scales + row * blocks;
  const int32_t *starts = call->input.starts + row * blocks;
  for (int r = 0; r < count; r++) sums[r] = _mm512_setzero_ps();
  for (int64_t block = 0; block < blocks; block++) {
    __m512i weights[STEPS];
    for (int step = 0; step < STEPS; step++) {
      const uint8_t *columns = group + block * BLOCK_BYTES + step * 64;
      _mm_prefetch((const char *)columns + PREFETCH_BYTES, _MM_HINT_T0);
      weights[step] = _mm512_loadu_si512(columns);
    }
    const __m512 scale = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(scales + block * 32)));
#pragma clang loop unroll(full)
    for (int r = 0; r < count; r++) {
      const int32_t *quads = (const int32_t *)(bytes + r * inputs + block * CB_Q8_BLOCK);
      __m512i sum = _mm512_set1_epi32(starts[r * blocks + block]);
      __m512i other = _mm512_setzero_si512();
      for (int step = 0; step < STEPS; step += 2) {
        sum = _mm512_dpbusd_epi32(sum, weights[step], _mm512_set1_epi32(quads[step]));
        other = _mm512_dpbusd_epi32(other, weights[step + 1], _mm512_set1_epi32(quads[step + 1]));
      }
      const __m512 product = _mm512_cvtepi32_ps(_mm512_add_epi32(sum, other));
      const __m512 factor = _mm512_mul_ps(scale, _mm512_set1_ps(input_scales[r * blocks + block]));
      sums[r] = _mm512_fmadd_ps(product, factor, sums[r]);
    }
  }
}

Q8_INLINE void rows_at_once(const q8_call *call, int64_t group, int64_t row, int count) {
  const int64_t outputs = call->shape.outputs, output = group * LANES, left = outputs - output;
  const __mmask16 lanes = left >= LANES ? 0xFFFF : (__mmask16)((1u << left) - 1);
  const __m512 bias =
      call->bias ? _mm512_maskz_loadu_ps(lanes, call->bias + output) : _mm512_setzero_ps();
  __m512 sums[ROWS_AT_ONCE];
  group_times_rows(call, call->packed + group * group_bytes(call->shape), row, count, sums);
  for (int r = 0; r < count; r++) {
    _mm512_mask_storeu_ps(call->output + (row + r) * outputs + output, lanes, _mm512_add_ps(sums[r], bias));
  }
}

Q8_TARGET static void multiply_groups(void *context, int64_t part) {
  const q8_call *call = context;
  const int64_t first = part * call->groups_per_part, groups = group_count(call->shape);
  const int64_t end = first + call->groups_per_part < groups ? first + call->groups_per_part : groups;
  for (int64_t group = first; group < end; group++) {
    int64_t row = 0;
    for (; row + 8 <= call->row_count; row += 8) rows_at_once(call, group, row, 8);
    for (; row + 4 <= call->row_count; row += 4) rows_at_once(call, group, row, 4);
    for (; row + 2 <= call->row_count; row += 2) rows_at_once(call, group, row, 2);
    for (; row < call->row_count; row++) rows_at_once(call, group, row, 1);
  }
}

void cb_q8_product(cb_q8_shape shape, const void *packed, const float *bias, const float *input, int64_t rows,
                   float *output, int32_t threads) {
  if (rows <= 0) return;
  const int64_t blocks = shape.inputs / CB_Q8_BLOCK;
  const size_t bytes = (size_t)(rows * shape.inputs);
  int8_t *memory =
      cb_scratch(cb_scratch_call, bytes + (size_t)(rows * blocks) * (sizeof(float) + sizeof(int32_t)));
  float *scales = (float *)(memory + bytes);
  const int64_t per_part = rows < 2 * ROWS_AT_ONCE ? BYTES_PER_PART / group_bytes(shape) : 1;
  q8_call call = {
      .shape = shape,
      .packed = packed,
      .bias = bias,
      .rows = input,
      .input = {.bytes = memory, .scales = scales, .starts = (int32_t *)(scales + rows * blocks)},
      .output = output,
      .row_count = rows,
      .blocks = blocks,
      .groups_per_part = per_part > 0 ? per_part : 1,
  };
  cb_parallel(rows, rows > ROWS_AT_ONCE ? threads : 1, round_row, &call);
  const int64_t parts = (group_count(shape) + call.groups_per_part - 1) / call.groups_per_part;
  cb_parallel(parts, threads, multiply_groups, &call);
}

#else

bool cb_q8_is_supported(void) { return false; }

void cb_q8_product(cb_q8_shape shape, const void *packed, const float *bias, const float *input, int64_t rows,
                   float *output, int32_t threads) {
  (void)shape, (void)packed, (void)bias, (void)input, (void)rows, (void)output, (void)threads;
  abort();
}

#endif
