#!/bin/sh
# Makes a server ready for the platform, or says what it lacks. Run again, it changes nothing; cut off, it goes on.
#   sudo HOST_USER=deploy HOST_FOLDER=/opt/proctorwise sh run.sh [--check] [step …]
# Each step is a file beside this one, and its first lines name its settings. Exit: 0 as it should be, 3 something
# differs (--check), 1 a step failed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ "${1:-}" = --check ]; then
  HOST_CHECK=1
  export HOST_CHECK
  shift
fi
[ $# -gt 0 ] || set -- time kernel swap firewall daemon docker account swarm updates

if [ -n "${HOST_CHECK:-}" ]; then
  HOST_FOUND=$(mktemp "${HOST_ROOT:-}/run/swarm-host.XXXXXX")
  export HOST_FOUND
  trap 'rm -f "$HOST_FOUND"' EXIT
else
  # A run that lost its connection may still be at it. In /run/lock others may write.
  lock=${HOST_ROOT:-}/run/swarm-host.lock
  exec 9> "$lock"
  flock -w 900 9 || {
    printf 'failed run: another run has been at it for 15 minutes\n  see who holds %s\n' "$lock" >&2
    exit 1
  }
fi

for step; do
  # Nothing that outlives this may keep the lock.
  sh "$here/$step.sh" 9>&-
done
[ -z "${HOST_CHECK:-}" ] || [ ! -s "$HOST_FOUND" ] || exit 3
