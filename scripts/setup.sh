#!/usr/bin/env bash
# Everything a build needs, installed where it is missing. Safe to run again: what is there is kept.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

step() { "$root/scripts/$1.sh"; }
wants_backend() { [[ -n ${GGML_CUDA:-}${GGML_VULKAN:-}${GGML_METAL:-} ]]; }

step check-tools
step install-packages
step check-python
if ! wants_backend && version=$(step system-ggml); then
  rm -rf "$deps/ggml"
  note "Using the ggml $version that is installed on this system."
else
  step build-ggml
fi
if is_macos; then step build-sonic; fi
step fetch-voice
step fetch-watermark
step fetch-packages
ok "Everything that Chatterbox needs is here"
