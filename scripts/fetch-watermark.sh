#!/usr/bin/env bash
# The watermark's weights (Resemble AI's Perth, MIT), from PyPI into the model store, checked by SHA-256.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

package=resemble-perth==1.0.1
store=$("$root/scripts/models-folder.sh")
folder=$store/watermark
file=perth_net_250000.pth.tar
work=$store/.watermark.$$
log=$logs/watermark.log

download() {
  mkdir -p "$logs"
  heading "Fetching the watermark's weights (35 MB)"
  TMPDIR=$work "$deps/venv/bin/python" -m pip --disable-pip-version-check download \
    --no-cache-dir --no-deps --only-binary :all: --dest "$work" "$package" 2>"$log" ||
    die "$(explain_failure "Fetching the watermark's weights" "$log")"
}

unpack() {
  "$deps/venv/bin/python" - "$work" "$file" 2>"$log" <<'PYTHON' || die "$(explain_failure "Unpacking the watermark's weights" "$log")"
import pathlib, shutil, sys, zipfile

work, name = pathlib.Path(sys.argv[1]), sys.argv[2]
(wheel,) = work.glob("*.whl")
with zipfile.ZipFile(wheel) as archive:
    with archive.open(f"perth/perth_net/pretrained/implicit/{name}") as source, open(work / name, "wb") as copy:
        shutil.copyfileobj(source, copy)
PYTHON
}

if has sha256sum; then sum=(sha256sum); else sum=(shasum -a 256); fi
is_whole() { (cd "$1" 2>/dev/null && "${sum[@]}" --check --status "$root/scripts/watermark.sha256" 2>/dev/null); }

if is_whole "$folder"; then exit 0; fi
if [[ -e $folder/$file ]]; then note "The watermark's weights in $folder are damaged: fetching them again."; fi
need_space "$store" 150 "the watermark's weights"
"$root/scripts/python-tools.sh"
mkdir -p "$work" 2>/dev/null || die "Cannot write to $store: choose another folder with CHATTERBOX_MODELS_CACHE_DIR=…"
trap 'rm -rf "$work"' EXIT
download
unpack
is_whole "$work" ||
  die "The watermark's weights that were downloaded do not have the expected checksum: run the same command again; if it stays, report it."
mkdir -p "$folder"
mv "$work/$file" "$folder/$file"
ok "Watermark in $folder"
