# shellcheck shell=bash
# What every script of this folder begins with; sourced, not run. It enters the root of the
# repository, so a script works from any directory, and answers --help with the comment at the head
# of the script.

set -euo pipefail
script=$(readlink -f "$0")
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

# Machines with little memory may want fewer; one compiler takes about 1 GiB.
export jobs="${MOTCUA_JOBS:-$(nproc)}"

print_help() { sed -n '2,/^$/{s/^# \{0,1\}//p}' "$script"; }
say() { printf '\033[1m== %s\033[0m\n' "$*"; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# run_ctest FOLDER TESTS_AT_ONCE ARGUMENTS…. Brokers of tests live for seconds: the JVM's first
# compiler does, and leaves the cores to what is tested.
run_ctest() {
  export MOTCUA_KAFKA_JVM="${MOTCUA_KAFKA_JVM:--XX:TieredStopAtLevel=1}"
  ctest --test-dir "$1" --parallel "$2" --output-on-failure --no-tests=error "${@:3}" </dev/null
}

# Colours only for people.
if [[ ! -t 1 ]]; then
  say() { printf '== %s\n' "$*"; }
fi

for argument in "$@"; do
  case "$argument" in
    --) break ;;
    -h | --help)
      print_help
      exit 0
      ;;
  esac
done
