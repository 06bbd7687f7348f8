// VisualOn's AAC-LC encoder (Apache-2.0).
#pragma once

#include <vo-aacenc/cmnMemory.h>
#include <vo-aacenc/voAAC.h>
