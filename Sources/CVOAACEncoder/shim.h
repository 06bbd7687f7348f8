// VisualOn's AAC-LC encoder (Apache-2.0).
#pragma once

#include <string.h>
#include <vo-aacenc/cmnMemory.h>
#include <vo-aacenc/voAAC.h>

// An encoder of mono samples into ADTS frames: the library's table of functions, and what they work on.
typedef struct {
  VO_AUDIO_CODECAPI functions;
  VO_HANDLE handle;
} vo_aac_encoder;

// Starts an encoder. Returns 0 when it could.
static inline unsigned vo_aac_start(vo_aac_encoder *encoder, int sampleRate, int bitRate) {
  static VO_MEM_OPERATOR memory = {
      cmnMemAlloc, cmnMemFree, cmnMemSet, cmnMemCopy, cmnMemCheck, 0, 0,
  };
  VO_CODEC_INIT_USERDATA data = {VO_IMF_USERMEMOPERATOR, &memory};
  AACENC_PARAM parameters = {sampleRate, bitRate, 1, 1};
  unsigned status;
  memset(encoder, 0, sizeof *encoder);
  status = (unsigned)voGetAACEncAPI(&encoder->functions);
  if (status == 0) status = encoder->functions.Init(&encoder->handle, VO_AUDIO_CodingAAC, &data);
  if (status == 0) status = encoder->functions.SetParam(encoder->handle, VO_PID_AAC_ENCPARAM, &parameters);
  return status;
}

// Encodes 1,024 samples. Returns the length of the frame in `output`, or -1.
static inline int vo_aac_encode(
    vo_aac_encoder *encoder, const short *samples, unsigned char *output, int capacity) {
  VO_CODECBUFFER in = {(VO_PBYTE)samples, 2048, 0};
  VO_CODECBUFFER out = {output, (VO_U32)capacity, 0};
  VO_AUDIO_OUTPUTINFO info;
  if (encoder->functions.SetInputData(encoder->handle, &in) != 0) return -1;
  if (encoder->functions.GetOutputData(encoder->handle, &out, &info) != 0) return -1;
  return (int)out.Length;
}

static inline void vo_aac_end(vo_aac_encoder *encoder) {
  if (encoder->handle) encoder->functions.Uninit(encoder->handle);
  encoder->handle = 0;
}
