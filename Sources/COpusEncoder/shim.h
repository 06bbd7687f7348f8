// libopusenc: Opus in Ogg, as it is made (BSD-3-Clause).
#pragma once

#include <opusenc.h>

// Settings are variadic in C, which Swift cannot call.
static inline int ope_encoder_set(OggOpusEnc *encoder, int request, opus_int32 value) {
  return ope_encoder_ctl(encoder, request, value);
}
