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
