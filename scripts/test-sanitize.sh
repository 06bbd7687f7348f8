#!/usr/bin/env bash
# The tests under the thread sanitizer, in a build folder of their own.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# The sanitizer cannot see OpenMP's barriers, and would report rows that one worker wrote and another reads
# after one: so ggml works on the calling thread here. Everything that Swift shares is checked all the same.
export OMP_THREAD_LIMIT=1
export TSAN_OPTIONS="suppressions=$root/scripts/tsan.supp halt_on_error=1 ignore_noninstrumented_modules=1 ${TSAN_OPTIONS:-}"
exec "$root/scripts/swift.sh" test --sanitize=thread --scratch-path "$root/.build-tsan" --disable-xctest --no-parallel
