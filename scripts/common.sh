# Sourced by every script here: where things are, how to speak to the person at the terminal,
# and how to run a long command with progress and one clear line when it fails.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
deps=$root/.deps
logs=$deps/logs

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' dim=$'\e[2m' plain=$'\e[0m'
else
  bold='' green='' red='' dim='' plain=''
fi

ok() { printf '%s✓%s %s\n' "$green" "$plain" "$*"; }
note() { printf '%s%s%s\n' "$dim" "$*" "$plain"; }
heading() { printf '%s%s%s\n' "$bold" "$*" "$plain"; }

# One line that says what is wrong and what to do, then the end.
die() {
  printf '%s✗ %s%s\n' "$red" "$*" "$plain" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }
is_macos() { [[ $(uname -s) == Darwin ]]; }
enabled() { [[ ${1:-} =~ ^(1|[Oo][Nn]|[Yy][Ee][Ss]|[Tt][Rr][Uu][Ee])$ ]]; }

# version_at_least 6.3.1 6.2
version_at_least() {
  [[ $(printf '%s\n%s\n' "$2" "$1" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1) == "$2" ]]
}

# need_space FOLDER MEGABYTES WHAT: stops before a download or a build that cannot end well.
need_space() {
  local folder=$1 needed=$2 free
  mkdir -p "$folder" 2>/dev/null || die "Cannot create $folder: check who owns the folder above it, or that the disk is not full or read-only."
  free=$(df -Pm "$folder" | awk 'NR == 2 { print $4 }')
  ((free >= needed)) ||
    die "Not enough disk space for $3: $folder has $free MB free and $needed MB are needed. Free some space and run the same command again."
}

# run_logged NAME MESSAGE COMMAND…: the command's output goes to a log; on a terminal a spinner shows
# the time that has passed, elsewhere one line at the start and one at the end.
run_logged() {
  local name=$1 message=$2 log status=0 start=$SECONDS
  shift 2
  mkdir -p "$logs"
  log=$logs/$name.log
  if [[ -t 1 ]]; then
    set -m
    "$@" >"$log" 2>&1 </dev/null &
    set +m
    spin $! "$message" || status=$?
  else
    echo "$message …"
    "$@" >"$log" 2>&1 </dev/null || status=$?
  fi
  ((status == 0)) || die "$(explain_failure "$message" "$log")"
  ok "$message ($((SECONDS - start)) s)"
}

# The job is a process group of its own (set -m), so that Ctrl-C ends all of it.
spin() {
  local job=$1 message=$2 start=$SECONDS frames='-\|/' frame=0
  trap 'kill -- -"$job" 2>/dev/null; printf "\n"; exit 130' INT TERM
  while kill -0 "$job" 2>/dev/null; do
    printf '\r%s %s … %d s ' "${frames:frame++ % 4:1}" "$message" $((SECONDS - start))
    sleep 0.2
  done
  trap - INT TERM
  printf '\r\e[K'
  wait "$job"
}

full_disk='no space left|disk quota exceeded|not enough free space'
# SwiftPM hides git's own words when a clone fails; what it shows then is `config --get remote.origin.url`.
no_network='could not resolve|name resolution|connection (refused|timed out|reset)|failed to establish'
no_network+='|network is unreachable|unable to access|max retries|could not connect|timed? ?out'
no_network+='|failed to clone|failed to fetch|config --get remote.origin.url'

# The log's reason in words: a full disk, a network that does not answer, or what the log says itself.
explain_failure() {
  local message=$1 log=$2
  if grep -qiE "$full_disk" "$log"; then
    echo "$message: the disk is full. Free some space and run the same command again."
  elif grep -qiE "$no_network" "$log"; then
    echo "$message: the network did not answer. Check the connection, or the proxy in https_proxy, and run the same command again (details: $log)."
  else
    echo "$message failed: $(reason "$log") (details: $log)"
  fi
}

# The first line that calls itself an error, else the last line.
reason() {
  { grep -iE -m 1 '^ *(error|e|fatal):' "$1" || tail -n 1 "$1"; } | cut -c 1-300
}
