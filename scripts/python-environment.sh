#!/usr/bin/env bash
# python-environment.sh NAME REQUIREMENTS: .deps/NAME with these packages, made again when they change.
# For measuring and comparing (Benchmarks/, tools/); Chatterbox itself needs none of it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

venv=$deps/$1
requirements=$2

fill() {
  python3 -m venv --clear "$venv" &&
    "$venv/bin/python" -m pip --disable-pip-version-check install --requirement "$requirements"
}

if cmp -s "$requirements" "$venv/requirements.txt"; then exit 0; fi
need_space "$deps" 1500 "the Python packages of $requirements"
run_logged "$1" "Installing the Python packages of ${requirements#"$root"/}" fill
cp "$requirements" "$venv/requirements.txt"
