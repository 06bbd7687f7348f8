#!/usr/bin/env bash
# The settings for those who call `swift build` by hand or from an editor: eval "$(make env)"
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
source "$root/scripts/swift-settings.sh"

if is_macos; then loader=DYLD_LIBRARY_PATH; else loader=LD_LIBRARY_PATH; fi
echo "export CHATTERBOX_OPTIMIZE_KERNELS=1"
if [[ -d $deps/ggml ]]; then
  echo "export PKG_CONFIG_PATH='$PKG_CONFIG_PATH'"
  echo "export $loader='$deps/ggml/lib${!loader:+:${!loader}}'"
fi
