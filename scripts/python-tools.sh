#!/usr/bin/env bash
# A Python environment in .deps/venv. Python only fetches and builds; nothing of it runs in Chatterbox.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

venv=$deps/venv
if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  need_space "$deps" 100 "the set-up's Python environment"
  rm -rf "$venv"
  run_logged venv "Preparing Python for the set-up" python3 -m venv "$venv"
fi
