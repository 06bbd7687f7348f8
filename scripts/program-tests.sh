#!/usr/bin/env bash
# Real programs against the built server: the openai client, websockets, schemathesis, promtool, Chromium; and the
# server with Redis, an S3 store and nginx.
#   PROGRAM=NAME  only one of them
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
source "$(dirname "${BASH_SOURCE[0]}")/apt.sh"

cd "$root"
server=.build/debug/chatterbox
[[ -x $server ]] || die "There is no built server: run \`scripts/swift.sh build\` first."

install_programs() {
  local missing=()
  has curl || missing+=(curl)
  has chromedriver || missing+=(chromium chromium-driver)
  has promtool || missing+=(prometheus)
  has redis-server || missing+=(redis-server)
  has redis-cli || missing+=(redis-tools)
  has nginx || missing+=(nginx)
  if ((${#missing[@]} == 0)); then return; fi
  if ! has apt-get; then
    note "Not installed, and not tested: ${missing[*]}"
    return
  fi
  run_logged programs "Installing ${missing[*]}" apt_install "${missing[@]}"
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

heading "Real programs"
install_programs
"$root/scripts/python-environment.sh" programs Tests/Programs/requirements.txt
python=$deps/programs/bin/python
data=$(mktemp -d)
mkdir -p "$logs"
log=$logs/program-tests.log
port=$(free_port)
metrics=$(free_port)
base=http://127.0.0.1:$port

CHATTERBOX_SERVER_DATA_DIR=$data CHATTERBOX_MODELS_VOICES_DIR=$data/voices \
  CHATTERBOX_MONITORING_PROMETHEUS_PORT=$metrics "$server" serve --port "$port" >"$log" 2>&1 &
process=$!
trap 'kill $process 2>/dev/null; wait $process 2>/dev/null; rm -rf "$data"' EXIT
for _ in {1..100}; do
  if curl -sf "$base/health/ready" >/dev/null; then break; fi
  kill -0 $process 2>/dev/null || die "The server did not start: $(tail -n 1 "$log")"
  sleep 0.2
done

# check NAME COMMAND…: its lines if it succeeds, its end if it does not.
check() {
  local name=$1 output
  shift
  if [[ -n ${PROGRAM:-} && $PROGRAM != "$name" ]]; then return; fi
  if output=$("$@" 2>&1); then
    while read -r line; do ok "$line"; done < <(grep "^$name: " <<<"$output" || echo "$name")
  else
    echo "$output" | tail -n 40
    die "$name failed (the server's log: $log)"
  fi
}

metrics_are_right() { curl -sf "http://127.0.0.1:$metrics/metrics" | promtool check metrics; }

check faults "$python" Tests/Programs/faults_test.py "$server"
if has redis-server && has nginx; then
  # rclone comes with the environment.
  PATH=$deps/programs/bin:$PATH
  check attacks "$python" Tests/Programs/attacks_test.py "$server"
  check cluster "$python" Tests/Programs/cluster_test.py "$server"
  CLUSTER_KILLS=${CLUSTER_KILLS:-12} check cluster-faults "$python" Tests/Programs/cluster_faults_test.py "$server"
fi
check openai "$python" Tests/Programs/openai_test.py "$base"
check websockets "$python" Tests/Programs/websocket_test.py "$base"
check schemathesis "$deps/programs/bin/schemathesis" --config-file Tests/Programs/schemathesis.toml \
  run "$base/openapi.json" --url "$base" --request-timeout 30 --seed 1 --no-color \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance
if has promtool; then check promtool metrics_are_right; fi
if has chromedriver; then check chromium "$python" Tests/Programs/chromium_test.py "$base"; fi
