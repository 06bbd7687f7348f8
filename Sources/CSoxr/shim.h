// SoX Resampler library (LGPL-2.1, linked dynamically).
#pragma once

#include <soxr.h>
