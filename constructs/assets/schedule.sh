#!/bin/sh
# Runs commands at their times, one after the other, until it is stopped.
#
#   /bin/sh /schedule '15 3 * * *=now' '*/5 * * * *=ship' -- command [argument...]
#   /bin/sh /schedule --healthy file... -- program...      0 where it runs, the files are there and so are the programs
#
# Each entry is five fields as in cron, in UTC, and the argument that `command` gets as its last. What was due while
# another one ran is made up for, once, as soon as that has ended. Whatever an entry ends with, the others go on.
# `--first=now` is run at the start where `command list` says that there is no backup, or that the newest is older than the last
# time at which one was due, within a day: a restart has hit it. That one is tried three times, for MariaDB may be starting, too.
#
# `--every=240=ship` is run each 240 seconds, beside all others and whatever these take: a loop of its own.
#
# SIGTERM is passed on to the commands that run, and ends this. SCHEDULE_CLOCK, a file with seconds since 1970, replaces
# the clock in tests, SCHEDULE_PAUSE the seconds between two looks at it, and SCHEDULE_AGAIN those between two tries.

set -u
beat=${SCHEDULE_BEAT:-/tmp/schedule}
child='' stopped='' beside='' today=''

healthy() {
  [ -e "$beat" ] || { echo 'it has not begun yet'; return 1; }
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    [ -r "$1" ] || { echo "$1 is not there"; return 1; }
    shift
  done
  shift
  for program; do
    command -v "$program" >/dev/null || { echo "this image has no $program"; return 1; }
  done
}

if [ "${1-}" = --healthy ]; then
  shift
  healthy "$@"
  exit
fi

stop() {
  stopped=yes
  for one in $child $beside; do kill -s TERM "$one" 2>/dev/null; done
}
trap stop TERM INT QUIT

minute_now() {
  if [ -n "${SCHEDULE_CLOCK-}" ]; then now=$(cat "$SCHEDULE_CLOCK"); else now=$(date +%s); fi
  now=$((now / 60))
}

# Whether a number is in a field: 5, 1-5, 1,3, *, and each of these with /step.
in_field() { # number, field, first number that the field may have
  number=$1 parts=$2,
  while [ -n "$parts" ]; do
    part=${parts%%,*} parts=${parts#*,}
    step=1
    case $part in */*) step=${part#*/} part=${part%%/*} ;; esac
    case $part in
      '*') from=$3 to=99 ;;
      *-*) from=${part%-*} to=${part#*-} ;;
      *) from=$part to=$part; [ "$step" -eq 1 ] || to=99 ;;
    esac
    if [ "$number" -ge "$from" ] && [ "$number" -le "$to" ] && [ $(((number - from) % step)) -eq 0 ]; then
      return 0
    fi
  done
  return 1
}

due() { # minute since 1970, entry
  at=${2%%=*} minute=$(($1 % 60)) hour=$(($1 / 60 % 24))
  # The calendar is asked once a day: who looks back for a day looks at 1440 minutes.
  if [ "$today" != $(($1 / 1440)) ]; then
    today=$(($1 / 1440))
    # shellcheck disable=SC2046
    set -- $(date -u -d "@$(($1 * 60))" '+%d %m %w')
    # 08 would be octal.
    day=${1#0} month=${2#0} weekday=$3
  fi
  set -f
  # shellcheck disable=SC2086
  set -- $at
  set +f
  in_field "$minute" "$1" 0 && in_field "$hour" "$2" 0 && in_field "$month" "$4" 1 || return 1
  # Where both are said, either will do; Sunday is 0 and 7.
  if [ "$3" != '*' ] && [ "$5" != '*' ]; then in_field "$day" "$3" 1 || in_weekday "$5"
  else in_field "$day" "$3" 1 && in_weekday "$5"
  fi
}

in_weekday() { # field
  in_field "$weekday" "$1" 0 || { [ "$weekday" -eq 0 ] && [ "$1" != '*' ] && in_field 7 "$1" 0; }
}

# Whether it was due since the newest that is listed.
missed() { # argument, what "list" said
  newest=${2#*'"backups":[{'} newest=${newest#*'"time":"'}
  newest=$(date -u -d "${newest%%'"'*}" +%s 2>/dev/null) || return 1
  since=$((newest / 60))
  [ "$since" -ge $((now - 1440)) ] || since=$((now - 1440))
  while [ "$since" -lt "$now" ]; do
    since=$((since + 1))
    rest=$entries
    while [ -n "$rest" ]; do
      entry=${rest%%
*}
      rest=${rest#*
}
      [ "${entry##*=}" != "$1" ] || ! due "$since" "$entry" || return 0
    done
  done
  return 1
}

entries='' first='' every=''
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  case $1 in
    --first=*) first=${1#--first=} ;;
    --every=*=*) every="$every ${1#--every=}" ;;
    *=*) entries="$entries$1
" ;;
    *) echo "schedule: '$1' is no entry: '15 3 * * *=now'" >&2; exit 64 ;;
  esac
  shift
done
[ $# -gt 1 ] || { echo 'schedule: put -- and the command after the entries' >&2; exit 64; }
shift

run() { # argument, command...
  argument=$1
  shift
  "$@" "$argument" &
  child=$!
  [ -z "$stopped" ] || kill -s TERM "$child" 2>/dev/null
  while :; do
    wait "$child"
    status=$?
    kill -0 "$child" 2>/dev/null || break
  done
  child=
  return "$status"
}

# A signal ends it early.
pause() { # seconds
  [ -z "$stopped" ] || return 0
  sleep "$1" &
  child=$!
  [ -z "$stopped" ] || kill "$child" 2>/dev/null
  wait "$child"
  kill "$child" 2>/dev/null
  child=
}

# From one beginning to the next, by a clock that nobody sets.
seconds_up() { IFS=' .' read -r up rest </proc/uptime; }

run_every() { # seconds, argument, command...
  beside=''
  trap stop TERM INT QUIT
  between=$1 repeated=$2
  shift 2
  while [ -z "$stopped" ] && kill -0 $$ 2>/dev/null; do
    seconds_up
    next=$((up + between))
    run "$repeated" "$@" || :
    seconds_up
    [ "$next" -le "$up" ] || pause $((next - up))
  done
}

minute_now
seen=$now
: >"$beat"
owed=''
if [ -n "$first" ]; then
  listed=$("$@" list 2>/dev/null)
  case $listed in
    *'"fault":"no-repository"'* | *'"backups":[]'*) run "$first" "$@" || : ;;
    *'"backups":[{'*) ! missed "$first" "$listed" || owed=$first ;;
  esac
fi
# Not before there is one: what these do goes on from it.
for one in $every; do
  [ -n "$stopped" ] || {
    run_every "${one%%=*}" "${one#*=}" "$@" &
    beside="$beside $!"
  }
done
tries=3
while [ -n "$owed" ] && [ "$tries" -gt 0 ] && [ -z "$stopped" ]; do
  echo "schedule: $owed was due and is not there: it is made up for" >&2
  ! run "$owed" "$@" || owed=
  tries=$((tries - 1))
  [ -z "$owed" ] || [ "$tries" -eq 0 ] || pause "${SCHEDULE_AGAIN:-300}"
done
while [ -z "$stopped" ]; do
  for one in $beside; do
    kill -0 "$one" 2>/dev/null || { echo 'schedule: what runs beside has died; so this ends, to be started again' >&2; exit 1; }
  done
  minute_now
  # After a clock that was wrong, or a machine that slept, a day is made up for.
  [ "$seen" -le "$now" ] || seen=$now
  [ $((now - seen)) -le 1440 ] || seen=$((now - 1440))
  wanted=
  while [ "$seen" -lt "$now" ]; do
    seen=$((seen + 1))
    rest=$entries
    while [ -n "$rest" ]; do
      entry=${rest%%
*}
      rest=${rest#*
}
      if due "$seen" "$entry"; then
        case " $wanted " in *" ${entry##*=} "*) ;; *) wanted="$wanted ${entry##*=}" ;; esac
      fi
    done
  done
  for one in $wanted; do
    [ -n "$stopped" ] || run "$one" "$@" || :
  done
  pause "${SCHEDULE_PAUSE:-15}"
done
for one in $beside; do
  while kill -0 "$one" 2>/dev/null; do wait "$one"; done
done
