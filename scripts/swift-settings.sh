# Sourced after common.sh: what SwiftPM must be told to find what set-up built.
# Sets `swift_flags` and exports what SwiftPM and Package.swift read.
# shellcheck shell=bash disable=SC2034,SC2154

export CHATTERBOX_OPTIMIZE_KERNELS=1
swift_flags=()

if [[ -f $deps/ggml/lib/pkgconfig/ggml.pc ]]; then
  export PKG_CONFIG_PATH=$deps/ggml/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
  # SwiftPM drops an rpath that a .pc file names. The first one is for `make install`.
  if is_macos; then installed=@executable_path/../lib/chatterbox; else installed="\$ORIGIN/../lib/chatterbox"; fi
  swift_flags+=(-Xlinker -rpath -Xlinker "$installed" -Xlinker -rpath -Xlinker "$deps/ggml/lib")
fi

if [[ -d $deps/sonic ]]; then
  swift_flags+=(-Xcc "-I$deps/sonic/include" -Xlinker "-L$deps/sonic/lib")
fi
