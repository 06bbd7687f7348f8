#!/usr/bin/env bash
# Succeeds, and prints its version, when the system (Homebrew, a distribution, /usr/local) has a ggml
# that our sources compile and link against. Builds with backends as plug-ins do not qualify.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

oldest=0.20

has pkg-config || exit 1
unset PKG_CONFIG_PATH
pkg-config --exists ggml || exit 1
version=$(pkg-config --modversion ggml)
version_at_least "$version" "$oldest" || exit 1

probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT
cat >"$probe/probe.c" <<'C'
#include "shim.h"
int main(void) { return ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU) == 0; }
C
libraries=$(sed -n 's/^ *link "\(.*\)"/-l\1/p' "$root/Sources/CGGML/module.modulemap")
# The flags are lists of words on purpose.
# shellcheck disable=SC2046,SC2086
cc -I"$root/Sources/CGGML" $(pkg-config --cflags ggml) "$probe/probe.c" \
  $(pkg-config --libs ggml) $libraries -o "$probe/probe" >/dev/null 2>&1 && "$probe/probe" || exit 1
echo "$version"
