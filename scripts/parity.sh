#!/usr/bin/env bash
# Compares every network with the reference at full size and prints the table of docs/parity.md.
# The checkpoints (random weights in the official layout, 11 GB) and the reference's numbers are made once, in
# PARITY=FOLDER or .deps/parity. Ends with 1 when a row falls short.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

folder=${PARITY:-$deps/parity}
scripts=$root/tools/reference/chatterbox
log=$logs/parity.log
mkdir -p "$logs" "$folder/golden/full"

# What makes a file is run only where the file is missing.
make_reference() {
  if [[ -e $folder/checkpoints/full/multilingual/ve.pt && -e $folder/golden/full/t3_multilingual.safetensors &&
    -e $folder/golden/full/cloning.safetensors && -e $folder/golden/full/multilingual.safetensors ]]; then
    return
  fi
  need_space "$folder" 16000 "the checkpoints and the reference's numbers"
  "$root/scripts/reference.sh" "$folder"
  local python=${REFERENCE:-$deps/reference}/bin/python model
  for model in standard turbo nano multilingual; do
    if [[ ! -e $folder/golden/full/$model.safetensors ]]; then
      run_logged "parity-$model" "Running the reference: $model" "$python" "$scripts/end_to_end.py" \
        "$folder/checkpoints/full/$model" --out "$folder/golden/full/$model.safetensors" --tokens 88 --stages
    fi
    if [[ ! -e $folder/golden/full/t3_$model.safetensors ]]; then
      run_logged "parity-t3-$model" "Running the reference: T3 of $model, 200 steps" "$python" \
        "$scripts/t3_golden.py" "$folder/checkpoints/full/$model" --out "$folder/golden/full/t3_$model.safetensors" \
        --steps 201 --text-length 60
    fi
  done
  if [[ ! -e $folder/golden/full/cloning.safetensors ]]; then
    run_logged parity-cloning "Running the reference: cloning, 60 s of speech" "$python" \
      "$scripts/cloning_golden.py" "$folder/checkpoints/full/standard" \
      --out "$folder/golden/full/cloning.safetensors" --seconds 60 --mel-seconds 10 --repeat 1 --every 1
  fi
}

compare() {
  CHATTERBOX_PARITY=$folder "$root/scripts/swift.sh" test --skip-build --disable-xctest --no-parallel \
    --filter 'Parity|EndToEnd|HiFT|T3Full|Tokeniz|VoiceEncoder|Perth' >"$log" 2>&1
}

"$root/scripts/setup.sh"
make_reference
"$root/scripts/swift.sh" build --build-tests
heading "Comparing with the reference (several minutes)"
status=0
compare || status=$?
grep '^PARITY' "$log" | awk -F ' \\| ' '{ printf "%-7s %-48s %-22s %s\n", $5, $2, $3, $4 }'
rows=$(grep -c '^PARITY' "$log" || true)
short=$(grep -c '^PARITY.*FAIL$' "$log" || true)
if ((rows == 0)); then die "Nothing was compared: see $log."; fi
if ((status != 0 && short == 0)); then die "A test failed beside the table: see $log."; fi
echo "$((rows - short)) of $rows rows reach their bar"
((short == 0))
