# shellcheck shell=bash
# One broker of Apache Kafka, fetched from Maven Central, for a finding. Needs java 17 and mvn.
#
#   source "$(dirname "$0")/kafka.bash"
#   fetch_kafka 4.4.0            jars in $work/jars
#   write_broker KEY=VALUE…      $work/server.properties
#   format_broker; start_broker; stop_broker
#   run_java FILE.java ARGUMENT…
# $broker is its address. All is gone when the script ends.

set -euo pipefail
work=$(mktemp -d)
broker_pid=''
stop_broker() {
  [[ -z "$broker_pid" ]] || { kill "$broker_pid" && wait "$broker_pid"; } 2>/dev/null || true
  broker_pid=''
}
trap 'stop_broker; rm -rf "$work"' EXIT

fetch_kafka() {
  cat >"$work/pom.xml" <<END
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>finding</groupId><artifactId>jars</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$1</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
</dependencies></project>
END
  mvn -B -q -f "$work/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
    -DoutputDirectory="$work/jars" >/dev/null 2>&1
}
run_java() { java -Xmx256m -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp "$work/jars/*" "$@"; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
write_broker() {
  local port controller
  port=$(free_port)
  controller=$(free_port)
  broker="127.0.0.1:$port"
  printf '%s\n' process.roles=broker,controller node.id=1 "log.dirs=$work/data" \
    "controller.quorum.voters=1@127.0.0.1:$controller" \
    "listeners=PLAINTEXT://$broker,CONTROLLER://127.0.0.1:$controller" \
    controller.listener.names=CONTROLLER auto.create.topics.enable=false \
    offsets.topic.replication.factor=1 "$@" >"$work/server.properties"
}
format_broker() {
  run_java kafka.tools.StorageTool format --cluster-id MkU3OEVBNTcwNTJENDM2Qg \
    --config "$work/server.properties" >/dev/null 2>&1
}
start_broker() {
  # Not by the function: then the process that is ended would be a shell.
  java -Xmx256m -cp "$work/jars/*" kafka.Kafka "$work/server.properties" >"$work/log" 2>&1 &
  broker_pid=$!
  local try
  for ((try = 0; try < 300; ++try)); do
    if (exec 3<>"/dev/tcp/${broker/://}") 2>/dev/null; then return; fi
    sleep 0.2
  done
  tail "$work/log" >&2
  exit 1
}
