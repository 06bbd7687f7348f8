#!/usr/bin/env bash
# The tools a person installs by hand: Swift, and on macOS Apple's compilers. The rest is in packages.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

oldest_swift=6.2

has swift ||
  die "Swift is missing: install Swift 6.3 from https://www.swift.org/install and open a new shell, so that \`swift --version\` works."
version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+(\.[0-9]+)*).*/\1/p' | head -n 1)
version_at_least "${version:-0}" "$oldest_swift" ||
  die "Swift ${version:-of an unknown version} is too old: install Swift $oldest_swift or later from https://www.swift.org/install."
has git || die "git is missing: install it (Debian, Ubuntu: apt-get install git; macOS: xcode-select --install)."
if is_macos && ! xcode-select -p >/dev/null 2>&1; then
  die "Apple's compilers are missing: run \`xcode-select --install\`."
fi
