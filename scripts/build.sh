#!/usr/bin/env bash
# build.sh [PRODUCT]: the release build of a program, `chatterbox` by default; on Linux with Swift's own library inside.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

options=(-c release --product "${1:-chatterbox}")
if ! is_macos; then options+=(--static-swift-stdlib); fi
if [[ ! -x $root/.build/release/chatterbox ]]; then
  note "The first build compiles every package: about ten minutes on two cores. Later ones take seconds."
fi
exec "$root/scripts/swift.sh" build "${options[@]}"
