# shellcheck shell=bash disable=SC2154
# Apache Kafka's jars: fetched by Maven once, checked against jars-VERSION.sha256 before each start.
#
# For another version: write its list from an empty folder:
#   mvn -B -q -f scripts/kafka-parts/pom.xml -Dkafka.version=VERSION \
#     dependency:copy-dependencies -DoutputDirectory=DIR
#   (cd DIR && sha256sum *.jar) >scripts/kafka-parts/jars-VERSION.sha256

# The broker that everything is tested against; kafka_versions_test runs the others, too.
readonly version_default=4.4.0

# use_version VERSION: its jars are meant from here on.
use_version() {
  version=$1
  jar_list="$PWD/scripts/kafka-parts/jars-$version.sha256"
  [[ "$version" =~ ^[0-9.]+$ && -f "$jar_list" ]] ||
    die "Apache Kafka $version is not known here; there are: $(known_versions)"
  # The folder may be shared by checkouts; each version has one inside it.
  jars="${MOTCUA_KAFKA_JARS:-build/kafka/jars}/$version"
  [[ "$jars" == /* ]] || jars="$PWD/$jars"
  # Classes as the JVM keeps them in memory: starts in half the time. Where it does not fit (another
  # JVM, jars copied without their times) the JVM leaves it aside.
  class_archive="$jars/classes.jsa"
}
known_versions() {
  (cd scripts/kafka-parts && printf '%s\n' jars-*.sha256) | sed -E 's/jars-(.*)\.sha256/\1/' |
    paste -sd ' '
}
readonly unavailable_status=77

unavailable() {
  printf 'Apache Kafka cannot be had here: %s\n' "$*" >&2
  exit "$unavailable_status"
}

# Java, the tools and the jars, or the reason why not.
ensure_kafka() {
  if ! $offline; then
    # Standard output belongs to what is asked for.
    scripts/setup --kafka >&2 || unavailable "scripts/setup --kafka failed"
  fi
  local tool
  for tool in java kcat openssl flock; do
    command -v "$tool" >/dev/null || unavailable "$tool is not installed (scripts/setup --kafka)"
  done
  mkdir -p "$jars"
  (
    flock 8
    [[ -z "$(missing_jars)" ]] || fetch_jars
    check_jars "$jars"
    [[ -f "$class_archive" ]] || $offline || make_class_archive
  ) 8>>"$jars.lock"
}

missing_jars() {
  local jar
  while read -r _ jar; do
    [[ -f "$jars/$jar" ]] || printf '%s\n' "$jar"
  done <"$jar_list"
}

# check_jars DIR: a jar that is not the one of the list is refused by name.
check_jars() {
  local differing
  differing=$(cd "$1" && sha256sum --check --quiet "$jar_list" 2>/dev/null | sed 's/: FAILED.*//') ||
    true
  [[ -z "$differing" ]] ||
    die "not the jars of $jar_list; remove them and see where they came" \
      "from: $(sed "s|^|$1/|" <<<"$differing" | paste -sd ' ')"
}

fetch_jars() {
  ! $offline || unavailable "its jars are not in $jars (scripts/kafka fetch)"
  command -v mvn >/dev/null || unavailable "mvn is not installed (scripts/setup --kafka)"
  note "== fetching Apache Kafka $version's jars"
  rm -rf "$jars.new"
  mkdir -p "$jars.new"
  mvn -B -q -f scripts/kafka-parts/pom.xml "-Dkafka.version=$version" \
    dependency:copy-dependencies -DoutputDirectory="$jars.new" >"$jars.log" 2>&1 </dev/null ||
    unavailable "Maven cannot fetch its jars ($jars.log)"
  check_jars "$jars.new"
  # Those that are there may be in use.
  local jar
  for jar in $(missing_jars); do
    mv "$jars.new/$jar" "$jars/$jar"
  done
  rm -rf "$jars.new"
}

class_path() { sed -E "s|^[0-9a-f]+  |$jars/|" "$jar_list" | paste -sd :; }

# From a node of its own, which starts, stops and is gone. Without the archive all works, slower.
make_class_archive() {
  note "== preparing Apache Kafka $version's classes"
  local folder
  folder=$(mktemp -d)
  (
    data="$folder/data"
    wanted_brokers='' wanted_port='' wanted_security='' wanted_version=$version
    MOTCUA_KAFKA_JVM="-XX:ArchiveClassesAtExit=$class_archive.new"
    trap 'kill_node 1' EXIT
    create_cluster && start_node 1 && wait_until "$start_seconds_max" node_answers 1 &&
      signal_node 1 TERM && wait_until "$start_seconds_max" node_dead 1
  ) && mv -f "$class_archive.new" "$class_archive" || note "no class archive; starts will be slower"
  rm -rf "$folder"
}
