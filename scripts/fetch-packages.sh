#!/usr/bin/env bash
# The Swift packages of Package.swift, fetched before the build so that a missing network has its own line.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

state=$root/.build/workspace-state.json
if [[ $state -nt $root/Package.swift ]]; then exit 0; fi
need_space "$root" 3000 "fetching and compiling the Swift packages"
run_logged packages "Fetching the Swift packages" "$root/scripts/swift.sh" package resolve
touch "$state"
