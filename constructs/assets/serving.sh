#!/bin/sh
# Health check of a server that may recover for long after a crash, and must not be killed meanwhile:
#
#   /bin/sh /serving --port=PORT --timeout=SECONDS [--recovers=THREAD] -- command [argument...]
#
# Once something listens on PORT the command decides, within SECONDS: a server that is open and does not answer is broken.
# Before that, a server that works through its log looks like one that hangs, but for its own signs of life:
#   without --recovers   it opens the port when it is done, and ends by itself when it cannot: wait for as long as Docker lets.
#   with --recovers      one of its threads, whose name begins with THREAD, recovers: wait for that, and some time after it;
#                        without one, only for SECONDS.
# Docker starts no other check while this one waits, so it counts neither as failed nor as passed. What bounds the wait
# is the time-out of Docker's own.

set -u
serving_port='' serving_timeout='' serving_thread=''
while [ "${1---}" != -- ]; do
  case $1 in
    --port=*) serving_port=${1#*=} ;;
    --timeout=*) serving_timeout=${1#*=} ;;
    --recovers=*) serving_thread=${1#*=} ;;
    *) echo "serving: $1 is no option" >&2; exit 64 ;;
  esac
  shift
done
if [ $# -lt 2 ] || [ -z "$serving_port" ] || [ -z "$serving_timeout" ]; then
  echo 'serving: --port, --timeout and a command after -- are needed' >&2
  exit 64
fi
shift

# State 0A is LISTEN. To connect would leave a line in the server's log, and tell less.
serving_pattern=$(printf '^ *[0-9]+: [0-9A-F]+:%04X [0-9A-F]+:0000 0A ' "$serving_port")
serving_listens() { cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -Eq "$serving_pattern"; }

serving_recovers() {
  [ -n "$serving_thread" ] || return 0
  cat /proc/[0-9]*/task/[0-9]*/comm 2>/dev/null | grep -q "^$serving_thread"
}

serving_left=$serving_timeout
until serving_listens; do
  if serving_recovers; then
    # Kafka opened 9 s after the last thread had ended: the lease of the broker that crashed ran until then.
    serving_left=60
  elif [ "$serving_left" -le 0 ]; then
    echo "nothing listens on port $serving_port, and nothing recovers"
    exit 1
  fi
  serving_left=$((serving_left - 1))
  sleep 1
done
exec timeout "$serving_timeout" "$@"
