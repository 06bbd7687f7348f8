# Sourced by scripts that install Debian packages.
# shellcheck shell=bash

as_root() {
  if [[ $(id -u) == 0 ]]; then "$@"; else sudo "$@"; fi
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=120 -o Acquire::Retries=1 "$@"
}

# The package lists are fetched only where they are missing or too old to install from.
apt_install() {
  apt install --no-install-recommends "$@" || { apt update && apt install --no-install-recommends "$@"; }
}
