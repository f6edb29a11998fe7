# shellcheck shell=bash disable=SC2154
# One node's process: format, start, signals, and how it is.
#
# A process is remembered by its id and the instant it started, so that nobody else's process, who
# came by the id later, is ever taken for it.

readonly heap_max=256m
readonly kill_seconds_max=10
readonly answer_seconds_max=3

# The JVM's command up to the main class. Small: the simplest collector.
java_command() {
  command=("${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xms32m "-Xmx$heap_max" -Xss512k -XX:+UseSerialGC
    -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError
    -Dorg.slf4j.simpleLogger.showDateTime=true
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX"
    -cp "$(class_path)")
  [[ ! -f "$class_archive" ]] || command+=("-XX:SharedArchiveFile=$class_archive")
}

format_node() {
  local command
  java_command
  "${command[@]}" kafka.tools.StorageTool format --cluster-id "$cluster_id" \
    --config "$data/node-$1/server.properties" >>"$data/node-$1/log" 2>&1
}

# The caller that started this may wait for the end of a pipe that a broker must not keep open.
close_files() {
  local file
  for file in "/proc/$BASHPID/fd"/*; do
    file=${file##*/}
    ((file <= 2)) || eval "exec $file>&-"
  done
}

start_node() {
  local node=$1 command folder="$data/node-$1"
  java_command
  # shellcheck disable=SC2206  # several options in one variable
  command+=(${MOTCUA_KAFKA_JVM:-})
  # shellcheck disable=SC2206  # several variables in one
  local environment=(${MOTCUA_KAFKA_NODE_ENVIRONMENT:-})
  quorum_state "$node" | cut -d ' ' -f 2 >"$folder/epoch-before"
  (
    close_files
    exec env "${environment[@]//%/$node}" setsid "${command[@]}" kafka.Kafka \
      "$folder/server.properties" </dev/null >>"$folder/log" 2>&1
  ) &
  remember_process $! "$folder/pid"
}

# From /proc/PID/stat, behind the name, which may hold anything: state first, start as the 20th.
process_fact() {
  local text
  text=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  cut -d ' ' -f "$2" <<<"${text##*) }"
}
remember_process() { printf '%s %s\n' "$1" "$(process_fact "$1" 20)" >"$2"; }
# Prints the id while that very process lives.
remembered_process() {
  local pid started
  [[ -f "$1" ]] && read -r pid started <"$1" || return 1
  [[ "$(process_fact "$pid" 20)" == "$started" && "$(process_fact "$pid" 1)" != [ZX] ]] || return 1
  printf '%s\n' "$pid"
}

node_pid() { remembered_process "$data/node-$1/pid"; }
node_alive() { node_pid "$1" >/dev/null; }
node_dead() { ! node_alive "$1"; }
node_paused() { [[ "$(process_fact "$(node_pid "$1")" 1)" == T ]]; }
signal_node() {
  local pid
  pid=$(node_pid "$1") || return 0
  kill "-$2" "$pid" 2>/dev/null || true
}
kill_node() {
  signal_node "$1" KILL
  wait_until "$kill_seconds_max" node_dead "$1" || die "node $1 outlives kill -9"
}

# Whether it serves clients: it lists itself as a member of the cluster, over the client's listener.
node_answers() {
  local address
  address=$(client_address "$1")
  timeout "$answer_seconds_max" kcat -F "$data/client.properties" -b "$address" -L \
    -m "$answer_seconds_max" 2>/dev/null | grep -q "broker $1 at $(advertised_address "$1")"
}

node_state() {
  if ! node_alive "$1"; then
    echo down
  elif node_paused "$1"; then
    echo paused
  elif node_answers "$1"; then
    echo up
  else
    echo silent
  fi
}

# "LEADER EPOCH" as the node last wrote it down; "-1 -1" before the first time.
quorum_state() {
  local file="$data/node-$1/data/__cluster_metadata-0/quorum-state" state=''
  [[ ! -f "$file" ]] || state=$(sed -nE \
    's/.*"leaderId":(-?[0-9]+),"leaderEpoch":([0-9]+).*/\1 \2/p' "$file")
  echo "${state:--1 -1}"
}

# Prints the active controller's node. Every node writes each election down before it acts on it:
# the highest epoch that a living node knows of counts. It takes milliseconds, where Kafka's own
# tool takes a JVM.
find_controller() {
  local node leader epoch best_leader=-1 best_epoch=-1
  for node in $(all_nodes); do
    if node_dead "$node" || node_paused "$node"; then continue; fi
    read -r leader epoch < <(quorum_state "$node")
    if ((epoch > best_epoch)); then
      best_leader=$leader best_epoch=$epoch
    fi
  done
  ((best_leader > 0)) || return 1
  if node_dead "$best_leader" || node_paused "$best_leader"; then return 1; fi
  # It may have been started again since; nobody leads an epoch of an earlier life.
  ((best_epoch > $(<"$data/node-$best_leader/epoch-before"))) || return 1
  echo "$best_leader"
}
