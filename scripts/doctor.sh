#!/usr/bin/env bash
# What set-up has and what it lacks, changing nothing.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

missing=0
voice=$("$root/scripts/models-folder.sh")/starter

# report NAME COMMAND…: the command prints the version, or fails.
report() {
  local name=$1 found
  shift
  if found=$("$@" 2>/dev/null | head -n 1) && [[ -n $found ]]; then
    ok "$name: $found"
  else
    printf '%s✗%s %s: missing\n' "$red" "$plain" "$name"
    missing=$((missing + 1))
  fi
}

ggml_built_here() { sed -n "s|^Version: \(.*\)|\1, built for this processor|p" "$deps/ggml/lib/pkgconfig/ggml.pc"; }
ggml() { ggml_built_here || "$root/scripts/system-ggml.sh"; }
header() { echo "#include <$1>" | cc -I"$deps/sonic/include" -E - >/dev/null && echo "found"; }
starter_voice() { "$root/scripts/check-voice.sh" "$voice" && echo "$voice"; }

heading "Set-up"
report "Swift" swift --version
report "Python" python3 --version
report "C++ compiler" c++ --version
report "espeak-ng" espeak-ng --version
report "MeCab" mecab --version
report "sonic" header sonic.h
report "libsndfile" pkg-config --modversion sndfile
report "soxr" pkg-config --modversion soxr
report "LAME (MP3)" pkg-config --modversion lame
report "libopusenc" pkg-config --modversion libopusenc
report "libFLAC" pkg-config --modversion flac
report "vo-aacenc (AAC)" pkg-config --modversion vo-aacenc
report "SQLite" pkg-config --modversion sqlite3
report "ggml" ggml
report "Starter voice" starter_voice
if ((missing > 0)); then echo "Run \`make setup\` to install what is missing."; fi
if [[ -x $root/.build/release/chatterbox ]]; then
  echo
  heading "chatterbox doctor"
  "$root/.build/release/chatterbox" doctor
else
  echo "The program is not built yet: run \`make build\`."
fi
((missing == 0))
