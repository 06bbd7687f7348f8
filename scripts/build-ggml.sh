#!/usr/bin/env bash
# ggml, the tensor library, compiled for this machine's own processor into .deps/ggml.
# GGML_CUDA=1, GGML_VULKAN=1 and GGML_METAL=1 add a backend, =0 removes it; unset keeps what was built.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

version=0.20.2
package=libggml-python==0.20.2.post1
prefix=$deps/ggml
stamp=$prefix/built-for

# chosen NAME VALUE: by the variable where it is set, else as the last build had it.
chosen() {
  if [[ -n $2 ]]; then enabled "$2"; else grep -qsx "$1=ON" "$stamp"; fi
}

options() {
  echo GGML_NATIVE=ON
  echo GGML_LLAMAFILE=ON
  if is_macos; then
    echo GGML_OPENMP=OFF
    enabled "${GGML_METAL:-1}" && echo GGML_METAL=ON || echo GGML_METAL=OFF
  else
    echo GGML_OPENMP=ON
  fi
  if chosen GGML_CUDA "${GGML_CUDA:-}"; then echo GGML_CUDA=ON; fi
  if chosen GGML_VULKAN "${GGML_VULKAN:-}"; then echo GGML_VULKAN=ON; fi
}

# The instructions this processor has: a build for another one may stop with an illegal instruction.
processor() {
  if is_macos; then
    sysctl -n machdep.cpu.brand_string
  else
    grep -m 1 -E '^(flags|Features)' /proc/cpuinfo | tr ' ' '\n' | sort | cksum
  fi
}

wanted() {
  echo "$package"
  options
  processor
}

check_compilers() {
  if enabled "${GGML_CUDA:-}"; then
    has nvcc || die "GGML_CUDA=1 needs NVIDIA's CUDA toolkit: install it so that nvcc is in PATH, or leave GGML_CUDA out."
  fi
  if enabled "${GGML_VULKAN:-}"; then
    has glslc || die "GGML_VULKAN=1 needs the Vulkan SDK: install it so that glslc is in PATH, or leave GGML_VULKAN out."
  fi
  if enabled "${GGML_METAL:-}" && ! is_macos; then
    die "GGML_METAL=1 works on macOS only: leave it out here."
  fi
}

# Builds beside the old one and swaps at the end: an interrupted build leaves nothing half-made.
build() {
  local work=$deps/ggml.building option flags=()
  while read -r option; do
    flags+=("--config-settings=cmake.define.$option")
  done < <(options)
  rm -rf "$work"
  mkdir -p "$work/tmp"
  TMPDIR=$work/tmp run_logged ggml "Building ggml $version for this processor (about half a minute)" \
    "$deps/venv/bin/python" -m pip install --no-cache-dir --no-deps --no-binary libggml-python \
    "${flags[@]}" --target "$work/package" "$package"
  [[ -f $work/package/libggml/include/ggml.h ]] ||
    die "Building ggml left no headers behind: remove $deps and run the same command again (details: $logs/ggml.log)."
  wanted >"$work/package/libggml/built-for"
  rm -rf "$prefix"
  mv "$work/package/libggml" "$prefix"
  rm -rf "$work"
}

# The package brings no pkg-config file. Written each time, since it holds this folder's path.
write_pkg_config() {
  local libraries='-lggml -lggml-base -lggml-cpu' backend
  for backend in cuda vulkan metal blas; do
    if compgen -G "$prefix/lib/libggml-$backend.*" >/dev/null; then libraries+=" -lggml-$backend"; fi
  done
  mkdir -p "$prefix/lib/pkgconfig"
  cat >"$prefix/lib/pkgconfig/ggml.pc" <<PC
prefix=$prefix
includedir=\${prefix}/include
libdir=\${prefix}/lib

Name: ggml
Description: Tensor library for machine learning, built for this machine
Version: $version
Libs: -L\${libdir} $libraries
Cflags: -I\${includedir}
PC
}

check_compilers
if [[ $(cat "$stamp" 2>/dev/null) != "$(wanted)" ]]; then
  need_space "$deps" 700 "building ggml"
  "$root/scripts/python-tools.sh"
  build
fi
write_pkg_config
