#!/usr/bin/env bash
# libsonic into .deps/sonic for macOS: Homebrew has no formula (its `sonic` is a search engine).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

release="release-0.2.0"
source_url=https://github.com/waywardgeek/sonic
prefix=$deps/sonic
work=$deps/sonic.building

build() {
  git clone --quiet --depth 1 --branch "$release" "$source_url" "$work/source" || return
  mkdir -p "$work/sonic/include" "$work/sonic/lib" || return
  cc -O2 -c "$work/source/sonic.c" -o "$work/sonic.o" || return
  ar rcs "$work/sonic/lib/libsonic.a" "$work/sonic.o" || return
  cp "$work/source/sonic.h" "$work/sonic/include/" || return
  mv "$work/sonic" "$prefix"
}

if [[ -f $prefix/lib/libsonic.a ]]; then exit 0; fi
need_space "$deps" 20 "building sonic"
rm -rf "$work" "$prefix"
run_logged sonic "Building the sonic library" build
rm -rf "$work"
