#!/usr/bin/env bash
# install.sh PREFIX: the program into PREFIX/bin, ggml beside it in PREFIX/lib/chatterbox. DESTDIR is for packagers.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

prefix=$1
target=${DESTDIR:-}$prefix

mkdir -p "$target/bin" 2>/dev/null && [[ -w $target/bin ]] ||
  die "Cannot write to $target: run \`sudo make install PREFIX=$prefix\`, or choose another PREFIX."
install -m 755 "$root/.build/release/chatterbox" "$target/bin/chatterbox"
if [[ -d $deps/ggml/lib ]]; then
  rm -rf "$target/lib/chatterbox"
  mkdir -p "$target/lib/chatterbox"
  cp -RP "$deps"/ggml/lib/libggml* "$target/lib/chatterbox/"
fi
ok "Installed $target/bin/chatterbox"
