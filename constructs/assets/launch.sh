#!/bin/sh
# Starts a container's command with its settings and secrets in the environment, and drains it when it is stopped.
#
#   /bin/sh /launch [--drain=SECONDS] [--wait-for=URL]... [KEY=value | --url KEY=template]... -- command [argument...]
#   docker exec <task> /launch command [argument...]     the command, in the environment that the task's own one has
#
# KEY=value     exported; any characters but a newline.
# --url K=T     exported; each {name} in T becomes the URL-encoded content of the secret file /run/secrets/name.
# Secret files  with an upper-case environment name (JWT_SECRET_KEY) are exported under it; others serve --url only.
# --drain=S     on SIGTERM, SIGQUIT or SIGINT, serve for S more seconds, then send the command its signal (default 0). A
#               second signal sends it at once.
# --signal=S    what the command is sent: TERM (the default), QUIT, INT, HUP, USR1, USR2 or WINCH.
# --wait-for=U  start the command when U answers: mysql://host:port greets, kafka://host:port names a broker that
#               takes part. Asked with python3, nc or curl, whichever the image has; with none of them nothing is waited
#               for, which is said.
# --wait-seconds=S  for how long at most, all of them together (default 60); then the command starts all the same.
#
# They win over the container's own environment, such as the image's ENV, as `docker run -e` does; of two the first wins,
# arguments in their order, then the secret files. In an emergency the environment wins for the names in LAUNCH_KEEP,
# separated by commas: docker service update --env-add LOG_LEVEL=debug --env-add LAUNCH_KEEP=LOG_LEVEL <service>
#
# Exit status: the command's, 128+n when signal n ended it; 64 wrong arguments; 78 a secret or PID 1's settings are not
# there. LAUNCH_SECRETS and LAUNCH_CMDLINE replace /run/secrets and /proc/1/cmdline in tests.
#
# Every variable of this script is called launch_*, since a name that it assigned could also be a setting's.

set -u
launch_pending=0 launch_child='' launch_timer='' launch_events=0 launch_drain=0
launch_signal=TERM launch_backends='' launch_patience=60
# First of all, since PID 1 never sees a signal for which it has no trap; without a function, since none is read yet.
trap 'launch_pending=$((launch_pending + 1))' TERM QUIT INT

# Docker gives 1,024 open files where the daemon says no more, and as many as it allows to whoever asks: a thousand
# WebSockets need more. Not everywhere is -S known, and what cannot be had is not needed to start.
# shellcheck disable=SC3045
ulimit -S -n "$(ulimit -H -n)" 2>/dev/null || :

launch_say() { printf 'launch: %s\n' "$1" >&2; }

launch_fail() { # status, message
  launch_say "$2"
  exit "$1"
}

launch_is_set() { eval "[ \"\${$1+set}\" = set ]"; }

# Whether nothing has set a variable that wins over what would set it now.
launch_is_due() { # variable
  case $launch_done in *" $1 "*) return 1 ;; esac
  launch_done="$launch_done$1 "
  case $launch_keep in *",$1,"*) ;; *) return 0 ;; esac
  launch_is_set "$1" || return 0
  launch_say "LAUNCH_KEEP: $1 stays as the container's environment has it"
  return 1
}
# Now, since a setting could have this name, too.
launch_done=' ' launch_keep=",${LAUNCH_KEEP-},"

launch_check_free() { # variable, who sets it
  case $1 in
    launch_* | IFS | OPTIND | OPTARG | PPID | PS[124] | LINENO | UID | EUID | SHELLOPTS | BASHOPTS)
      launch_fail 64 "$2: the shell keeps $1 for itself, use another name" ;;
  esac
}

# Reads a secret file into launch_secret without one newline (or CRLF) at its end: editors and `echo` leave one, no
# password has one. The x keeps the shell from stripping more than that one.
launch_read() { # file, variable that needs it
  [ -f "$1" ] || launch_fail 78 "$2 needs the secret file $1, which is not there: give the service this secret"
  [ -r "$1" ] || launch_fail 78 "$2 needs the secret file $1, which this user may not read: mend its mode or owner"
  launch_secret=$(cat "$1"; printf x)
  launch_secret=${launch_secret%x}
  case $launch_secret in
    *"$launch_cr$launch_lf") launch_secret=${launch_secret%"$launch_cr$launch_lf"} ;;
    *"$launch_lf") launch_secret=${launch_secret%"$launch_lf"} ;;
  esac
}
launch_cr=$(printf '\r')
launch_lf='
'

# RFC 3986: letters, digits and -._~ stay, every other byte becomes %XX. printf is the shell's own and od reads a pipe,
# so the secret is in no process's arguments.
launch_encode() { # text
  for launch_byte in $(printf '%s' "$1" | od -An -v -to1); do
    case $launch_byte in
      05[56] | 06[0-7] | 07[01] | 10[1-7] | 1[126][0-7] | 13[0-2] | 137 | 14[1-7] | 15[0-7] | 17[0-2] | 176)
        printf '%b' "\\0$launch_byte" ;;
      *) printf '%%%02X' "0$launch_byte" ;;
    esac
  done
}

launch_compose() { # variable, template
  launch_rest=$2 launch_value=
  while :; do
    case $launch_rest in *'{'*'}'*) ;; *) break ;; esac
    launch_value=$launch_value${launch_rest%%'{'*}
    launch_rest=${launch_rest#*'{'}
    launch_name=${launch_rest%%'}'*}
    launch_rest=${launch_rest#*'}'}
    case $launch_name in
      '' | .* | *[!A-Za-z0-9._-]*) launch_fail 64 "--url $1: '{$launch_name}' is not the name of a secret file" ;;
    esac
    launch_read "$launch_secrets/$launch_name" "$1"
    launch_value=$launch_value$(launch_encode "$launch_secret")
  done
  export "$1=$launch_value$launch_rest"
}

# One argument before the command. $launch_url remembers that the last one was --url.
launch_take() { # argument, its number
  case $launch_url$1 in
    # 'docker exec … /launch' could not tell it from the end of an argument.
    *"$launch_lf"*) launch_fail 64 "argument $2 has a newline: put such a value into a secret file" ;;
    --url) launch_url=url; return ;;
    --drain=*)
      launch_drain=${1#--drain=}
      case $launch_drain in '' | *[!0-9]* | ??????*) launch_fail 64 "--drain takes whole seconds: --drain=6" ;; esac
      return ;;
    --signal=*)
      launch_signal=${1#--signal=}
      case $launch_signal in
        TERM | QUIT | INT | HUP | USR1 | USR2 | WINCH) return ;;
      esac
      launch_fail 64 "--signal takes TERM, QUIT, INT, HUP, USR1, USR2 or WINCH: --signal=QUIT" ;;
    --wait-for=*)
      launch_key=${1#--wait-for=}
      case $launch_key in
        *[!A-Za-z0-9._:/-]* | *:*:*:* | *:*[!0-9]) launch_key= ;;
        mysql://?*:?* | kafka://?*:?*) launch_backends="$launch_backends $launch_key"; return ;;
      esac
      launch_fail 64 "--wait-for takes mysql:// or kafka://, a host and a port: --wait-for=mysql://mariadb:3306" ;;
    --wait-seconds=*)
      launch_patience=${1#--wait-seconds=}
      case $launch_patience in
        '' | *[!0-9]* | ??????*) launch_fail 64 "--wait-seconds takes whole seconds: --wait-seconds=60" ;;
      esac
      return ;;
    [!-]*=*) ;;
    *) launch_fail 64 "argument $2 is not KEY=value, --url KEY=template, an option of the launcher or -- before the command" ;;
  esac
  launch_key=${1%%=*}
  case $launch_key in
    '' | [0-9]* | *[!A-Za-z0-9_]*) launch_fail 64 "argument $2: '$launch_key' cannot be the name of a variable" ;;
  esac
  launch_check_free "$launch_key" "argument $2"
  if ! launch_is_due "$launch_key"; then :
  elif [ -n "$launch_url" ]; then launch_compose "$launch_key" "${1#*=}"
  else export "$launch_key=${1#*=}"
  fi
  launch_url=
}
launch_url=

launch_export_secrets() {
  for launch_file in "$launch_secrets"/*; do
    launch_key=${launch_file##*/}
    # Spelt out, since in some locales A-Z holds lower-case letters too.
    case $launch_key in [0-9]* | *[!ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_]*) continue ;; esac
    launch_check_free "$launch_key" "the secret file $launch_key"
    launch_is_due "$launch_key" || continue
    launch_read "$launch_file" "$launch_key"
    export "$launch_key=$launch_secret"
  done
}
launch_secrets=${LAUNCH_SECRETS:-/run/secrets}

# The settings of the task are PID 1's arguments, not its environment: only its own user may read that.
launch_settings_of_pid_1() { # this script
  launch_cmdline=${LAUNCH_CMDLINE:-/proc/1/cmdline} launch_count=0
  launch_lines=$(tr '\0' '\n' <"$launch_cmdline") ||
    launch_fail 78 "$launch_cmdline cannot be read, so the settings are not known"
  while IFS= read -r launch_line; do
    launch_count=$((launch_count + 1))
    case $launch_count in
      1) continue ;;
      2) [ "$launch_line" = "$1" ] || break; continue ;;
    esac
    [ -n "$launch_url" ] || [ "$launch_line" != -- ] || return 0
    launch_take "$launch_line" $((launch_count - 2))
  done <<END
$launch_lines
END
  launch_fail 78 "PID 1 is not '/bin/sh $1 … -- command': this container keeps no settings here, run the command without $1"
}

# A client that first met a dead broker may stay broken until its task restarts, healthy all the while. Not with the
# clock, which may jump after a boot.
launch_await() {
  [ -n "$launch_backends" ] && [ "$launch_patience" -gt 0 ] || return 0
  for launch_asker in python3 nc curl ''; do
    case $launch_asker in nc) command -v timeout >/dev/null || continue ;; esac
    if [ -n "$launch_asker" ] && command -v "$launch_asker" >/dev/null; then break; fi
  done
  if [ -z "$launch_asker" ]; then
    launch_say "neither python3, nc nor curl is in this image: not waiting for$launch_backends"
    return 0
  fi
  launch_uptime && launch_began=$launch_now
  for launch_backend in $launch_backends; do launch_await_one "$launch_backend"; done
}

launch_await_one() { # URL
  launch_waits=
  until launch_answers "${1%%:*}" "${1#*://}"; do
    [ "$launch_pending" -eq 0 ] || exit 143
    launch_uptime
    if [ $((launch_now - launch_began)) -ge "$launch_patience" ]; then
      launch_say "$1 is not ready after $launch_patience s: starting without it"
      return 0
    fi
    [ -n "$launch_waits" ] || launch_say "waiting for $1, $launch_patience s at most"
    launch_waits=waits
    sleep 1
  done
  [ -n "$launch_waits" ] || return 0
  launch_uptime
  launch_say "$1 is ready after $((launch_now - launch_began)) s"
}

launch_uptime() {
  IFS=. read -r launch_now launch_rest </proc/uptime
}

launch_answers() { # protocol, host:port
  case $1 in
    # Version 10 of the protocol; an error, such as "too many connections", begins with 255.
    mysql) launch_line=$(printf '' | launch_ask "${2%:*}" "${2#*:}") ;;
    # Metadata, version 1, of no topic: its answer counts the brokers that take part.
    kafka)
      launch_line=$(printf '\000\000\000\024\000\003\000\001\000\000\000\001\000\006launch\000\000\000\000' |
        launch_ask "${2%:*}" "${2#*:}") ;;
  esac
  # shellcheck disable=SC2086
  set -- "$1" $launch_line
  [ $# -gt 12 ] || return 1
  case $1 in
    mysql) [ "$6" = 10 ] ;;
    kafka) [ "$6 $7 $8 $9" = '0 0 0 1' ] && shift 9 && [ "$1 $2 $3 $4" != '0 0 0 0' ] ;;
  esac
}

# The first bytes that a server says to what it is told on standard input, as numbers. It stays open for a second: a
# client that closes gets no answer.
launch_ask() { # host, port
  case $launch_asker in
    python3) python3 -c 'import socket, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2])), 2) as s:
    s.sendall(sys.stdin.buffer.read())
    sys.stdout.buffer.write(s.recv(16))' "$1" "$2" ;;
    nc) { cat; sleep 1; } | timeout 3 nc "$1" "$2" ;;
    curl) { cat; sleep 1; } | curl -s -m 2 "telnet://$1:$2" ;;
  esac 2>/dev/null | od -An -v -tu1 -N16
}

# Runs in a process of its own, so that the main one only ever waits for the command.
launch_alarm() {
  trap 'kill $launch_sleep; exit' TERM
  launch_sleep=
  sleep "$launch_drain" &
  launch_sleep=$!
  wait "$launch_sleep"
  kill -s ALRM $$
}

launch_stop() {
  launch_events=$((launch_events + 1))
  if [ -z "$launch_child" ]; then
    launch_pending=$((launch_pending + 1))
  elif [ -n "$launch_timer" ] || [ "$launch_drain" -eq 0 ]; then
    launch_disarm
    launch_pass_on
  else
    launch_alarm >/dev/null 2>&1 &
    launch_timer=$!
  fi
}

launch_disarm() {
  [ -z "$launch_timer" ] || kill -s TERM "$launch_timer" 2>/dev/null
  launch_drain=0 launch_timer=
}

launch_pass_on() {
  launch_events=$((launch_events + 1))
  while launch_is_fork; do :; done
  if launch_ignores "$launch_signal"; then
    launch_say "the command does nothing on SIG$launch_signal: it gets SIGTERM"
    launch_signal=TERM
  fi
  kill -s "$launch_signal" "$launch_child" 2>/dev/null
}

# A POSIX shell starts background commands with SIGQUIT and SIGINT ignored. Programs that set a handler get them all the
# same; others, such as Python, which sets none for a SIGINT that is ignored, would go on until they are killed.
launch_ignores() { # signal
  while IFS= read -r launch_line; do
    # The last digit has the bits of signals 1 to 4.
    case $1$launch_line in INTSigIgn:*[2367abef] | QUITSigIgn:*[4567cdef]) return 0 ;; esac
  done 2>/dev/null <"/proc/$launch_child/status"
  return 1
}

# Between fork and exec, some milliseconds, the command is a copy of this shell, whose handler would swallow SIGTERM.
launch_is_fork() {
  launch_own='' launch_copy=''
  IFS= read -r launch_own 2>/dev/null <"/proc/$$/cmdline"
  IFS= read -r launch_copy 2>/dev/null <"/proc/$launch_child/cmdline"
  [ -n "$launch_own" ] && [ "$launch_own" = "$launch_copy" ]
}

# Waits for the command through the signals that interrupt `wait`. One that came just before the wait looks the same,
# but then the command is already reaped and the next wait answers 127 (dash): the status before it was the true one.
launch_wait() {
  launch_status=
  while :; do
    launch_seen=$launch_events
    wait "$launch_child"
    launch_now=$?
    [ "$launch_now" -eq 127 ] && [ -n "$launch_status" ] && return
    launch_status=$launch_now
    [ "$launch_events" -eq "$launch_seen" ] && return
  done
}

trap 'launch_stop' TERM QUIT INT
trap 'launch_drain=0 launch_timer=; launch_pass_on' ALRM

case ${1-} in
  -* | [A-Za-z_]*=*) ;;
  '') launch_fail 64 "no command given: /launch [KEY=value]... -- command" ;;
  *)
    launch_settings_of_pid_1 "$0"
    launch_export_secrets
    trap - TERM QUIT INT ALRM
    exec "$@" ;;
esac

launch_number=0
while [ -n "$launch_url" ] || [ "${1---}" != -- ]; do
  [ $# -gt 0 ] || launch_fail 64 "--url needs KEY=template after it"
  launch_number=$((launch_number + 1))
  launch_take "$1" "$launch_number"
  shift
done
[ $# -gt 1 ] || launch_fail 64 "no command given: put -- and the command after the settings"
shift
launch_export_secrets
launch_await

# Stopped before there was anything to stop.
[ "$launch_pending" -eq 0 ] || exit 143
"$@" &
launch_child=$!
[ "$launch_pending" -eq 0 ] || launch_stop
launch_wait
launch_disarm
exit "$launch_status"
