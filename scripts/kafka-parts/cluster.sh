# shellcheck shell=bash disable=SC2034,SC2154
# What a cluster is: the choices kept in DIR/cluster, and the nodes' settings that follow from them.

# Clear of the ports that the system hands out by itself (32768 and above on Linux): a stopped
# node's ports would be taken by somebody's connection.
readonly port_min=15000
readonly port_max=32000
readonly port_tries_max=1000

all_nodes() { seq 1 "$brokers"; }
# Ports of node N, counted from 1: clients, between brokers, controllers.
client_port() { sed -n "$((3 * $1 - 2))p" <<<"${ports//,/$'\n'}"; }
internal_port() { sed -n "$((3 * $1 - 1))p" <<<"${ports//,/$'\n'}"; }
controller_port() { sed -n "$((3 * $1))p" <<<"${ports//,/$'\n'}"; }
client_address() { printf '127.0.0.1:%s\n' "$(client_port "$1")"; }
# Where clients are sent, which is where a proxy may stand.
advertised_address() { printf '127.0.0.1:%s\n' "$(($(client_port "$1") + port_offset))"; }
join_addresses() {
  local node
  for node in $(all_nodes); do advertised_address "$node"; done | paste -sd ,
}

open_cluster() {
  [[ -f "$data/cluster" ]] || die "there is no cluster in $data; scripts/kafka start makes one"
  read_cluster
}

# Refuses what differs from the choices of the first start.
read_cluster() {
  local key value
  port_offset=0
  use_version 4.2.2  # of a folder from before there were several
  while IFS='=' read -r key value; do
    case "$key" in
      brokers) brokers=$value ;;
      security) security=$value ;;
      cluster_id) cluster_id=$value ;;
      ports) ports=$value ;;
      version) use_version "$value" ;;
      advertise_port_offset) port_offset=$value ;;
      *) die "$data/cluster has an unknown line: $key" ;;
    esac
  done <"$data/cluster"
  [[ "${wanted_brokers:-$brokers}" == "$brokers" ]] ||
    die "the cluster in $data has $brokers nodes, not $wanted_brokers; wipe it first"
  [[ "${wanted_security:-$security}" == "$security" ]] ||
    die "the cluster in $data uses $security, not $wanted_security; wipe it first"
  [[ "${wanted_offset:-$port_offset}" == "$port_offset" ]] ||
    die "the cluster in $data advertises ports + $port_offset, not + $wanted_offset; wipe it first"
  [[ "${wanted_version:-$version}" == "$version" ]] ||
    die "the cluster in $data is one of Kafka $version, not $wanted_version; wipe it first"
  [[ "${wanted_port:-$(client_port 1)}" == "$(client_port 1)" ]] ||
    die "node 1 in $data has port $(client_port 1), not $wanted_port; wipe it first"
}

# The file `cluster` comes last: with it the folder counts as made.
create_cluster() {
  brokers=${wanted_brokers:-1}
  security=${wanted_security:-plaintext}
  port_offset=${wanted_offset:-0}
  [[ -d "$data" ]] || mkdir -p "$data"
  [[ -z "$(ls -A "$data")" ]] || unfinished_or_die
  cluster_id=$(random_id)
  ports=$(choose_ports | paste -sd ,)
  [[ "$(tr , '\n' <<<"$ports" | wc -l)" == "$((3 * brokers))" ]] || die "there are no free ports"
  make_security
  local node formats=()
  for node in $(all_nodes); do
    mkdir -p "$data/node-$node"
    # It may hold a password.
    (umask 077 && write_properties "$node" >"$data/node-$node/server.properties")
    format_node "$node" &
    formats+=($!)
  done
  local format
  for format in "${formats[@]}"; do
    wait "$format" || die "a node's storage cannot be formatted; see $data/node-*/log"
  done
  printf '%s\n' "brokers=$brokers" "security=$security" "cluster_id=$cluster_id" "ports=$ports" \
    "version=$version" "advertise_port_offset=$port_offset" \
    >"$data/cluster.new"
  mv "$data/cluster.new" "$data/cluster"
}

# A start that was interrupted leaves nothing worth keeping, but nobody else's files may go.
unfinished_or_die() {
  local foreign
  foreign=$(find "$data" -mindepth 1 -maxdepth 1 ! -name 'node-[0-9]' ! -name security \
    ! -name client.properties ! -name cluster.new -print -quit)
  [[ -z "$foreign" ]] || die "$data holds other things, as $foreign; name a folder for Kafka alone"
  rm -rf "$data"/node-* "$data/security" "$data/client.properties" "$data/cluster.new"
}

# 16 bytes as Kafka writes them; it takes none that begins with a dash for an argument.
random_id() { printf 'm%s\n' "$(openssl rand -base64 16 | tr '+/' '-_' | cut -c 2-22)"; }

# Prints three ports a node. Ports of other clusters that are stopped now are theirs still: a list
# per user, from which the ports of removed folders are dropped.
choose_ports() {
  local registry="${TMPDIR:-/tmp}/motcua-kafka-ports-$EUID"
  (
    flock 8
    local kept=() port folder line node
    while read -r port folder; do
      [[ ! -d "$folder" || "$folder" == "$data" ]] || kept+=("$port $folder")
    done <"$registry"
    local free_ports
    mapfile -t free_ports < <(free_ports "${kept[@]%% *}")
    local at=0 chosen=()
    for node in $(all_nodes); do
      chosen+=("${wanted_port:+$((wanted_port + node - 1))}")
      [[ -n "$wanted_port" ]] || chosen[-1]=${free_ports[at++]}
      chosen+=("${free_ports[at]}" "${free_ports[at + 1]}")
      at=$((at + 2))
    done
    for port in "${chosen[@]}"; do kept+=("$port $data"); done
    printf '%s\n' "${kept[@]}" >"$registry"
    printf '%s\n' "${chosen[@]}"
  ) 8>>"$registry"
}

# free_ports TAKEN…: enough ports that nobody listens on.
free_ports() {
  local found=0 try port taken=" $* "
  for ((try = 0; try < port_tries_max && found < 3 * brokers; ++try)); do
    port=$((port_min + (RANDOM * 32768 + RANDOM) % (port_max - port_min)))
    [[ "$taken" != *" $port "* ]] || continue
    ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue
    ! (exec 3<>"/dev/tcp/127.0.0.1/$((port + port_offset))") 2>/dev/null || continue
    taken+="$port "
    found=$((found + 1))
    printf '%s\n' "$port"
  done
}

write_properties() {
  local node=$1 other voters=() copies=$brokers in_sync=$((brokers == 1 ? 1 : 2))
  for other in $(all_nodes); do voters+=("$other@127.0.0.1:$(controller_port "$other")"); done
  cat <<END
# Written by scripts/kafka.
process.roles=broker,controller
node.id=$node
controller.quorum.voters=$(IFS=, && echo "${voters[*]}")
log.dirs=$data/node-$node/data

# Clients speak to CLIENT, whose security was chosen; the nodes among themselves are on loopback.
listeners=CLIENT://127.0.0.1:$(client_port "$node"),INTERNAL://127.0.0.1:$(internal_port "$node"),\
CONTROLLER://127.0.0.1:$(controller_port "$node")
advertised.listeners=CLIENT://$(advertised_address "$node"),\
INTERNAL://127.0.0.1:$(internal_port "$node")
listener.security.protocol.map=CLIENT:${security^^},INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=INTERNAL
controller.listener.names=CONTROLLER
$(security_properties)

# Nothing that was acknowledged is lost, and no topic arises by a slip of the pen.
auto.create.topics.enable=false
unclean.leader.election.enable=false
default.replication.factor=$copies
min.insync.replicas=$in_sync
offsets.topic.replication.factor=$copies
transaction.state.log.replication.factor=$copies
transaction.state.log.min.isr=$in_sync
share.coordinator.state.topic.replication.factor=$copies
share.coordinator.state.topic.min.isr=$in_sync

# A dead node is replaced within seconds, where the defaults take nine and more.
controller.quorum.fetch.timeout.ms=1500
controller.quorum.election.timeout.ms=1000
controller.quorum.election.backoff.max.ms=300
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
replica.lag.time.max.ms=10000
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000

# Small: beside the services, with a heap of 256 MiB.
num.network.threads=2
num.io.threads=4
background.threads=2
offsets.topic.num.partitions=4
transaction.state.log.num.partitions=4
share.coordinator.state.topic.num.partitions=1
log.segment.bytes=67108864
log.index.size.max.bytes=1048576
log.preallocate=false
log.cleaner.dedupe.buffer.size=8388608
END
}

# A cluster that was started for processes lives as long as any of them. For each there is a file
# owner-PID, with the watcher that waits for its end and then wipes, unless others are left.
has_owners() {
  local file
  for file in "$data"/owner-*; do
    ! remembered_process "$file" >/dev/null || return 0
  done
  return 1
}
watch_owner() {
  ! remembered_process "$data/owner-$owner" >/dev/null || return 0
  (
    close_files
    exec setsid bash -c '
      tail --pid="$1" -f /dev/null
      grep -qsx "cluster_id=$3" "$2/cluster" && exec scripts/kafka wipe --data "$2" --while "$1"
    ' kafka-watcher "$owner" "$data" "$cluster_id" </dev/null >/dev/null 2>&1
  ) &
  remember_process $! "$data/owner-$owner"
}
end_watchers() {
  local file pid
  for file in "$data"/owner-*; do
    pid=$(remembered_process "$file") || continue
    # A watcher may be the one that wipes; the `tail` of another would outlive it.
    [[ "$pid" == "$$" ]] || kill -TERM -- "-$pid" 2>/dev/null || true
  done
}
