#!/usr/bin/env bash
# swift.sh build|test|package …: SwiftPM with the settings that set-up made.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
source "$root/scripts/swift-settings.sh"

cd "$root"
case $1 in
  package) exec swift "$@" ;;
  *) exec swift "$1" ${swift_flags[@]+"${swift_flags[@]}"} "${@:2}" ;;
esac
