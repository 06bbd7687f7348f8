#!/usr/bin/env bash
# The release build of the `chatterbox` program; on Linux with Swift's own library inside it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

options=(-c release --product chatterbox)
if ! is_macos; then options+=(--static-swift-stdlib); fi
if [[ ! -x $root/.build/release/chatterbox ]]; then
  note "The first build compiles every package: about ten minutes on two cores. Later ones take seconds."
fi
exec "$root/scripts/swift.sh" build "${options[@]}"
