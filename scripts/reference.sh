#!/usr/bin/env bash
# reference.sh FOLDER: what a comparison with the reference takes. Its Python packages come into .deps/reference (or are
# those of the environment REFERENCE=…), its checkpoints (random weights in the official layout, 11 GB) into
# FOLDER/checkpoints/full. What is there is kept.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

checkpoints=$1/checkpoints/full
scripts=$root/tools/reference/chatterbox

if [[ -z ${REFERENCE:-} ]]; then
  "$root/scripts/python-environment.sh" reference "$scripts/requirements.txt"
  # Its compiled extension needs CUDA's libraries; only its Python parts are used.
  rm -f "$deps"/reference/lib/python*/site-packages/torchaudio/lib/*.so
fi
# The file that is written last.
if [[ -e $checkpoints/multilingual/ve.pt ]]; then exit 0; fi
need_space "$checkpoints" 12000 "the checkpoints"
run_logged reference-checkpoints "Making checkpoints (11 GB)" \
  "${REFERENCE:-$deps/reference}/bin/python" "$scripts/checkpoints.py" --size full --out "$checkpoints"
