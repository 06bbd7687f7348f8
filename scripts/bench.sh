#!/usr/bin/env bash
# The measurements in Benchmarks/, one after the other, into docs/performance.md. Fails when one of them misses its bar.
#   BENCH=NAME                   one of starter_vs_piper, server_latency, service_load, cluster_load,
#                                chatterbox_vs_reference
#   PARITY=FOLDER REFERENCE=VENV the checkpoints and the Python environment that `make parity` uses too
#   bench.sh --quick             whether the comparison of Chatterbox runs, on the debug build that the tests made
#   bench.sh OPTION…             passed on; the document stays as it is
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cd "$root"
reference=${REFERENCE:-$deps/reference}/bin/python

if [[ ${1:-} == --quick ]]; then
  heading "Benchmark of Chatterbox, quick: whether it runs"
  log=$logs/bench-quick.log
  mkdir -p "$logs"
  if [[ -x $reference ]]; then python=$reference; else python=python3; fi
  "$python" Benchmarks/chatterbox_vs_reference.py --program .build/debug/chatterbox-stages "$@" >"$log" 2>&1 ||
    die "The benchmark does not run: $(tail -n 1 "$log") (details: $log)"
  ok "$(tail -n 1 "$log")"
  exit 0
fi

options=("$@")
if (($# == 0)); then options=(--markdown docs/performance.md); fi
run() {
  case $1 in
    chatterbox_vs_reference)
      local folder=${PARITY:-$deps/parity}
      "$root/scripts/reference.sh" "$folder" &&
        "$root/scripts/build.sh" chatterbox-stages &&
        "$reference" "Benchmarks/$1.py" --models "$folder/checkpoints/full" "${options[@]}"
      ;;
    starter_vs_piper | server_latency | service_load)
      "$root/scripts/python-environment.sh" benchmarks "$root/Benchmarks/requirements.txt" &&
        "$deps/benchmarks/bin/python" "Benchmarks/$1.py" "${options[@]}"
      ;;
    cluster_load)
      local document=(--markdown docs/scaling.md)
      if ((${#options[@]} > 0)) && [[ ${options[0]} != --markdown ]]; then document=("${options[@]}"); fi
      python3 "Benchmarks/$1.py" "${document[@]}"
      ;;
    *) die "There is no benchmark '$1': starter_vs_piper, server_latency, service_load, cluster_load or chatterbox_vs_reference." ;;
  esac
}

status=0
for benchmark in ${BENCH:-starter_vs_piper server_latency service_load cluster_load chatterbox_vs_reference}; do
  heading "$benchmark"
  run "$benchmark" || status=1
  echo
done
exit "$status"
