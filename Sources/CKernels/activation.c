#include "activation.h"
#include "activation_lanes.h"
#include "parallel.h"

enum { COUNT_PER_PART = 8192 };

typedef void (*activate_function)(cb_activation activation, const float *input, float *output, int64_t count);

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static void activate_avx512(cb_activation activation, const float *input,
                                                               float *output, int64_t count) {
  activate(activation, input, output, count);
}

__attribute__((target("avx2,fma"))) static void activate_avx2(cb_activation activation, const float *input,
                                                              float *output, int64_t count) {
  activate(activation, input, output, count);
}
#endif

static void activate_portable(cb_activation activation, const float *input, float *output, int64_t count) {
  activate(activation, input, output, count);
}

typedef struct {
  activate_function run;
  cb_activation activation;
  const float *input;
  float *output;
  int64_t count;
} activate_call;

static void activate_part(void *context, int64_t index) {
  const activate_call *call = context;
  const int64_t first = index * COUNT_PER_PART, left = call->count - first;
  call->run(call->activation, call->input + first, call->output + first,
            left < COUNT_PER_PART ? left : COUNT_PER_PART);
}

void cb_activate(cb_activation activation, const float *input, float *output, int64_t count, int32_t threads) {
  activate_call call = {.run = BEST_OF(activate), .activation = activation, .input = input,
                        .output = output, .count = count};
  cb_parallel((count + COUNT_PER_PART - 1) / COUNT_PER_PART, threads, activate_part, &call);
}
