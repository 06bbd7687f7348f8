#!/usr/bin/env bash
# Prints the folder of the model store: the same rule as ModelStore in Sources/Chatterbox.
set -euo pipefail

# A tilde finds the home folder even where HOME is not set.
home=~
case $(uname -s) in
  Darwin) default="$home/Library/Application Support/chatterbox/models" ;;
  *) default=${XDG_DATA_HOME:-$home/.local/share}/chatterbox/models ;;
esac
echo "${CHATTERBOX_MODELS_CACHE_DIR:-$default}"
