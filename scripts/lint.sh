#!/usr/bin/env bash
# The style of the Swift sources, and of the scripts where shellcheck is installed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cd "$root"
swift format lint --strict --parallel --recursive --configuration .swift-format Sources Tests Package.swift
ok "Swift sources follow .swift-format"
if has shellcheck; then
  shellcheck --external-sources --source-path=scripts scripts/*.sh .ci/run
  ok "Scripts pass shellcheck"
fi
