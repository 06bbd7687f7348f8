// Sonic: time stretching of speech with its pitch kept (Apache-2.0).
#pragma once

#include <sonic.h>
