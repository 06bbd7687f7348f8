#!/usr/bin/env bash
# The measurements in Benchmarks/, one after the other. Fails when one of them misses its bar.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

"$root/scripts/python-environment.sh" benchmarks "$root/Benchmarks/requirements.txt"
cd "$root"
status=0
for benchmark in starter_vs_piper server_latency; do
  heading "$benchmark"
  "$deps/benchmarks/bin/python" "Benchmarks/$benchmark.py" || status=1
  echo
done
exit "$status"
