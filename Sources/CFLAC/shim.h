// libFLAC (BSD-3-Clause).
#pragma once

#include <FLAC/stream_encoder.h>
