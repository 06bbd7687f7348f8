// libsndfile (LGPL-2.1 or later, linked dynamically).
#pragma once

#include <sndfile.h>
