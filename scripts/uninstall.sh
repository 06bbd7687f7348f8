#!/usr/bin/env bash
# uninstall.sh PREFIX: removes what install.sh put there. Models stay: they are the user's.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

target=${DESTDIR:-}$1
rm -rf "$target/bin/chatterbox" "$target/lib/chatterbox" 2>/dev/null ||
  die "Cannot write to $target: run \`sudo make uninstall PREFIX=$1\`."
ok "Removed chatterbox from $target"
note "Models stay in $("$root/scripts/models-folder.sh")"
