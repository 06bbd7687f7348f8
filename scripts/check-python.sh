#!/usr/bin/env bash
# Python fetches and builds what set-up needs; Chatterbox itself runs without it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

has python3 || die "Python is missing: install Python 3.10 or later with its venv module."
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
  die "$(python3 --version) is too old: install Python 3.10 or later, first in PATH as python3."
python3 -c 'import ensurepip, venv' 2>/dev/null ||
  die "Python has no venv module: install it (Debian, Ubuntu: apt-get install python3-venv)."
