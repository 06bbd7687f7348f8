#!/usr/bin/env bash
# A cluster on this machine: Redis, an S3 server, nodes, and nginx in front of them.
#   cluster.sh start [NODES]   two nodes by default; started again, it brings back what is missing
#   cluster.sh stop | status | logs [NAME]
#   CLUSTER_DIR      the folder of all that it keeps (./cluster-data)
#   PORT             nginx's port (8080); also S3_PORT, REDIS_PORT, and NODE_PORT for the first node
#   SERVER, RCLONE   the programs, where they are not found by themselves
# Variables CHATTERBOX_… reach the nodes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/common.sh
source "$here/../../scripts/common.sh"

PATH=$PATH:/usr/sbin:/usr/local/sbin
dir=${CLUSTER_DIR:-cluster-data}
[[ $dir == /* ]] || dir=$PWD/$dir
bucket=${CHATTERBOX_STORAGE_BUCKET:-tts-audio}

find_server() {
  local candidate
  for candidate in "${SERVER:-}" "$root"/.build/{release,debug}/chatterbox chatterbox; do
    if has "$candidate"; then command -v "$candidate" && return; fi
  done
}

find_rclone() {
  local candidate
  for candidate in "${RCLONE:-}" rclone "$deps/programs/bin/rclone"; do
    if has "$candidate"; then command -v "$candidate" && return; fi
  done
}

check_programs() {
  local missing=()
  [[ -n $(find_server) ]] || missing+=("chatterbox (make build, or SERVER=its path)")
  [[ -n $(find_rclone) ]] || missing+=("rclone (apt-get install rclone, or RCLONE=its path)")
  has redis-server || missing+=("redis-server (apt-get install redis-server)")
  has redis-cli || missing+=("redis-cli (apt-get install redis-tools)")
  has nginx || missing+=("nginx (apt-get install nginx)")
  has curl || missing+=("curl (apt-get install curl)")
  ((${#missing[@]} == 0)) || die "Missing: $(printf '%s; ' "${missing[@]}" | sed 's/; $//')."
}

# One start or stop at a time: whoever creates the file has the folder.
lock() {
  local holder
  if ! (set -C && echo $$ >"$dir/lock") 2>/dev/null; then
    holder=$(cat "$dir/lock" 2>/dev/null || true)
    if [[ -n $holder ]] && kill -0 "$holder" 2>/dev/null; then
      die "Another cluster.sh is at work in $dir."
    fi
    echo $$ >"$dir/lock"
  fi
  trap 'rm -f "$dir/lock"' EXIT
}

make_folders() {
  local folder=$dir
  mkdir -p "$dir" || die "Cannot create $dir."
  dir=$(cd "$dir" && pwd)
  chmod 700 "$folder"
  echo '*' >"$dir/.gitignore"
  mkdir -p "$dir"/{logs,nginx,pids,ports,redis,secrets} "$dir/s3/$bucket"
}

make_secret() {
  local file=$dir/secrets/$1 bytes=$2
  if [[ -s $file ]]; then return; fi
  (umask 077 && od -An -v -N "$bytes" -tx1 /dev/urandom | tr -d ' \n' >"$file")
}

secret() { cat "$dir/secrets/$1"; }

is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
is_given_away() { grep -qsx "$1" "$dir"/ports/*; }
port_of() { cat "$dir/ports/$1"; }
names_of() { (cd "$dir/$1" 2>/dev/null && find . -type f | sed 's|^\./||' | sort -V); }
nodes() { names_of ports | grep '^node' || true; }

# choose_port NAME WANTED FIRST: the port that was asked for, else the first free one.
choose_port() {
  local name=$1 wanted=$2 port=$3
  if [[ -s $dir/ports/$name ]]; then return; fi
  if [[ -n $wanted ]]; then
    if is_taken "$wanted"; then die "Port $wanted, meant for $name, is taken by another program."; fi
    port=$wanted
  else
    while is_taken "$port" || is_given_away "$port"; do port=$((port + 1)); done
  fi
  echo "$port" >"$dir/ports/$name"
}

choose_ports() {
  local front node
  if [[ -z $(running) ]]; then rm -f "$dir"/ports/*; fi
  choose_port nginx "${PORT:-8080}" ''
  front=$(port_of nginx)
  choose_port s3 "${S3_PORT:-}" $((front + 1))
  choose_port redis "${REDIS_PORT:-}" $((front + 2))
  for ((node = 1; node <= $1; node++)); do
    choose_port "node$node" "${NODE_PORT:+$((NODE_PORT + node - 1))}" $((front + 10 + node))
  done
}

# A process is ours if its arguments have the mark that was written down beside its identifier.
runs() {
  local process mark
  read -r process mark 2>/dev/null <"$dir/pids/$1" || return 1
  [[ -n $mark && $(ps -ww -o args= -p "$process" 2>/dev/null) == *"$mark"* ]]
}

running() {
  local name
  for name in $(names_of pids); do
    if runs "$name"; then echo "$name"; fi
  done
}

signal() {
  local process
  if runs "$2" && read -r process _ <"$dir/pids/$2"; then kill -s "$1" "$process" 2>/dev/null || true; fi
}

# launch NAME MARK COMMAND…: in a process group of its own, so that Ctrl-C here does not reach it.
launch() {
  local name=$1 mark=$2 log=$dir/logs/$1.log
  shift 2
  if [[ -s $log ]]; then mv -f "$log" "$log.1"; fi
  set -m
  nohup "$@" >"$log" 2>&1 </dev/null &
  set +m
  echo "$! $mark" >"$dir/pids/$name"
}

# wait_for NAME COMMAND…: until the command succeeds.
wait_for() {
  local name=$1 process try log
  shift
  read -r process _ <"$dir/pids/$name"
  for ((try = 0; try < 300; try++)); do
    sleep 0.1
    if "$@" >/dev/null 2>&1; then return; fi
    kill -0 "$process" 2>/dev/null || break
  done
  log=$dir/logs/$name.log
  die "$name did not start: $(reason "$log") (log: $log; \`$0 stop\` ends the rest)"
}

answers() { curl --noproxy '*' --max-time 5 -s -o /dev/null "$@"; }
is_ready() { answers -f "http://127.0.0.1:$(port_of "$1")/health/ready"; }

redis_answers() {
  [[ $(REDISCLI_AUTH=$(secret redis-password) redis-cli -p "$(port_of redis)" ping) == PONG ]]
}

write_redis_configuration() {
  local file=$dir/redis/redis.conf
  rm -f "$file"
  (umask 077 && cat >"$file") <<END
bind 127.0.0.1
port $(port_of redis)
requirepass $(secret redis-password)
dir "$dir/redis"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
set-proc-title no
END
}

start_redis() {
  if runs redis; then return; fi
  write_redis_configuration
  launch redis "$dir/redis/redis.conf" redis-server "$dir/redis/redis.conf"
  wait_for redis redis_answers
}

start_s3() {
  local address
  if runs s3; then return; fi
  address=127.0.0.1:$(port_of s3)
  RCLONE_AUTH_KEY="\"$(secret s3-key-id),$(secret s3-secret)\"" \
    launch s3 "--addr $address" "$(find_rclone)" serve s3 --addr "$address" "$dir/s3"
  wait_for s3 answers "http://$address"
}

start_node() {
  local name=$1 port
  if runs "$name"; then return; fi
  port=$(port_of "$name")
  CHATTERBOX_SERVER_DATA_DIR=$dir/$name \
    CHATTERBOX_MODELS_VOICES_DIR=${CHATTERBOX_MODELS_VOICES_DIR:-$dir/voices} \
    CHATTERBOX_SECURITY_TRUSTED_PROXIES=127.0.0.1 \
    CHATTERBOX_QUEUE_TYPE=redis \
    CHATTERBOX_CACHE_REDIS_URL=redis://:$(secret redis-password)@127.0.0.1:$(port_of redis) \
    CHATTERBOX_STORAGE_TYPE=s3 \
    CHATTERBOX_STORAGE_BUCKET=$bucket \
    CHATTERBOX_STORAGE_ENDPOINT=http://127.0.0.1:$(port_of s3) \
    CHATTERBOX_STORAGE_ACCESS_KEY_ID=$(secret s3-key-id) \
    CHATTERBOX_STORAGE_SECRET_ACCESS_KEY=$(secret s3-secret) \
    CHATTERBOX_MONITORING_ENABLED=${CHATTERBOX_MONITORING_ENABLED:-false} \
    launch "$name" "serve --port $port" "$(find_server)" serve --port "$port"
}

start_nodes() {
  local name
  for name in $(nodes); do start_node "$name"; done
  for name in $(nodes); do wait_for "$name" is_ready "$name"; done
}

# servers OPTIONS: the lines of an upstream.
servers() {
  local name
  for name in $(nodes); do echo "    server 127.0.0.1:$(port_of "$name") $1;"; done
}

# As root nginx would work as another user, who may not enter the folder.
write_nginx_configuration() {
  local template user=''
  template=$(cat "$here/nginx.conf.template")
  if [[ $(id -u) == 0 ]]; then user="user $(id -un) $(id -gn);"; fi
  template=${template//@USER@/$user}
  template=${template//@PORT@/$(port_of nginx)}
  template=${template//@NODES@/$(servers 'max_fails=2 fail_timeout=5s')}
  template=${template//@NODES_ALWAYS@/$(servers 'max_fails=0')}
  echo "${template//@NODES_AT_LAST@/$(servers 'max_fails=0 backup')}" >"$dir/nginx/nginx.conf"
}

start_nginx() {
  local before=''
  if [[ -f $dir/nginx/nginx.conf ]]; then before=$(cat "$dir/nginx/nginx.conf"); fi
  write_nginx_configuration
  if ! runs nginx; then
    launch nginx "-p $dir/nginx" nginx -p "$dir/nginx" -e stderr -c nginx.conf
  elif [[ $before != "$(cat "$dir/nginx/nginx.conf")" ]]; then
    signal HUP nginx
  fi
  wait_for nginx is_ready nginx
}

address_of() {
  if [[ $1 == redis ]]; then
    echo "redis://127.0.0.1:$(port_of "$1")"
  else
    echo "http://127.0.0.1:$(port_of "$1")"
  fi
}

start() {
  local count=${1:-2}
  [[ $count =~ ^[1-9][0-9]?$ ]] || die "NODES is a number from 1 to 99, not '$count'."
  check_programs
  make_folders
  lock
  make_secret redis-password 24
  make_secret s3-key-id 10
  make_secret s3-secret 24
  choose_ports "$count"
  start_redis
  start_s3
  start_nodes
  start_nginx
  status
  note "Secrets are in $dir/secrets, logs in $dir/logs."
}

status() {
  local name stopped=0
  [[ -n $(names_of ports) ]] || die "There is no cluster in $dir."
  for name in nginx $(nodes) redis s3; do
    if [[ ! -s $dir/ports/$name ]]; then continue; fi
    if runs "$name"; then
      ok "$(printf '%-8s %s' "$name" "$(address_of "$name")")"
    else
      stopped=1
      printf '%s✗%s %-8s does not run\n' "$red" "$plain" "$name"
    fi
  done
  return $stopped
}

# end SECONDS NAME…: asks all to end, and makes those end who have not after a time.
end() {
  local deadline=$((SECONDS + $1)) name
  shift
  for name in "$@"; do signal TERM "$name"; done
  for name in "$@"; do
    while runs "$name" && ((SECONDS < deadline)); do sleep 0.1; done
    if runs "$name"; then note "$name did not end by itself."; fi
    signal KILL "$name"
    rm -f "$dir/pids/$name"
  done
}

# nginx takes nothing new while the nodes finish what they began; then Redis and S3 have nobody left.
stop() {
  local started drain=${CHATTERBOX_SERVER_DRAIN_SECONDS:-30}
  started=$(running)
  if [[ -z $started ]]; then
    rm -f "$dir"/pids/*
    ok "Nothing runs in $dir"
    return
  fi
  lock
  signal QUIT nginx
  # shellcheck disable=SC2046
  end $((drain + 10)) $(grep '^node' <<<"$started")
  end 5 nginx
  end 10 s3 redis
  ok "Stopped: $(tr '\n' ' ' <<<"$started")"
}

show_logs() {
  local files=("$dir"/logs/"${1:-*}".log)
  if [[ -z ${1:-} ]]; then files=("$dir"/logs/*.log); fi
  [[ -f ${files[0]} ]] || die "There is no such log in $dir/logs."
  tail -n 20 -F "${files[@]}"
}

case ${1:-} in
  start) start "${2:-}" ;;
  stop) stop ;;
  status) status ;;
  logs) show_logs "${2:-}" ;;
  *) die "Usage: $0 start [NODES] | stop | status | logs [NAME]" ;;
esac
