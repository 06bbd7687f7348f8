// hiredis (BSD-3-Clause).
#pragma once

#include <hiredis/hiredis.h>
