#!/usr/bin/env bash
# The programs and C libraries that the system's package manager has. Only what is missing is installed.
# SKIP_PACKAGES=1 leaves the system alone, for machines without root rights that have them already.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
source "$(dirname "${BASH_SOURCE[0]}")/apt.sh"

debian_packages=(
  espeak-ng libflac-dev libhiredis-dev libmp3lame-dev libopusenc-dev libsndfile1-dev libsonic-dev libsoxr-dev libsqlite3-dev
  libvo-aacenc-dev mecab mecab-ipadic-utf8 pkg-config
)
brew_formulae=(espeak-ng flac hiredis lame libopusenc libsndfile libsoxr mecab mecab-ipadic pkgconf)

missing_on_debian() {
  local package
  has c++ || echo g++
  if ! has python3; then
    printf '%s\n' python3 python3-venv
  elif ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    echo "python3-venv"
  fi
  for package in "${debian_packages[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
  done
}

ask_for_root() {
  if [[ $(id -u) == 0 ]]; then return; fi
  if ! has sudo || ! { sudo -n true 2>/dev/null || { [[ -t 0 ]] && sudo -v; }; }; then
    die "Installing packages needs root rights: run \`apt-get install $*\` as root, then the same command again."
  fi
}

install_on_debian() {
  local package missing=()
  while read -r package; do missing+=("$package"); done < <(missing_on_debian)
  if ((${#missing[@]} == 0)); then return; fi
  ask_for_root "${missing[@]}"
  run_logged apt "Installing ${missing[*]}" apt_install "${missing[@]}"
}

install_on_macos() {
  local formula missing=()
  has brew || die "Homebrew is missing: install it from https://brew.sh, then run the same command again."
  for formula in "${brew_formulae[@]}"; do
    brew list --formula "$formula" >/dev/null 2>&1 || missing+=("$formula")
  done
  if ((${#missing[@]} == 0)); then return; fi
  run_logged brew "Installing ${missing[*]}" brew install "${missing[@]}"
}

if enabled "${SKIP_PACKAGES:-}"; then exit 0; fi
if is_macos; then
  install_on_macos
elif has apt-get; then
  install_on_debian
else
  die "No apt-get and no Homebrew here: install espeak-ng, libsndfile (with MP3), sonic, soxr, mecab with its IPA dictionary, pkg-config, a C++ compiler and Python 3.10 by hand, then run the same command with SKIP_PACKAGES=1."
fi
