#!/usr/bin/env bash
# Speaks one sentence into out.wav and says what to do next.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

sentence="Hello! This voice was made on your own machine, and nothing you say leaves it."

how_to_listen() {
  local command
  for command in afplay aplay paplay pw-play play ffplay; do
    if has "$command"; then
      echo "$command out.wav"
      return
    fi
  done
  echo "open out.wav in any player"
}

cd "$root"
heading "Speaking"
.build/release/chatterbox say "$sentence" -o out.wav
echo
heading "What next"
echo "  Listen:            $(how_to_listen)"
echo "  Say your own:      .build/release/chatterbox say \"Good morning.\" -o out.wav"
echo "  Start the server:  make serve"
