#!/usr/bin/env bash
# check-voice.sh FOLDER: succeeds when the folder holds the starter voice, byte for byte.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if has sha256sum; then sum=(sha256sum); else sum=(shasum -a 256); fi
cd "$1" 2>/dev/null && "${sum[@]}" --check --status "$root/scripts/starter-voice.sha256" 2>/dev/null
