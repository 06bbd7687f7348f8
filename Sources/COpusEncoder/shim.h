// libopusenc: Opus in Ogg, as it is made (BSD-3-Clause).
#pragma once

#include <opusenc.h>
