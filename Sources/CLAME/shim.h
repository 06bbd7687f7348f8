// LAME (LGPL-2.0 or later, linked dynamically).
#pragma once

#include <lame/lame.h>
