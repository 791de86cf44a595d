#!/bin/sh
# Stands before a program of the same name: writes its arguments down, and does to it what SHIM says:
#   program|what|pattern     for calls whose arguments, or for mariadb its statements, match the pattern
# before, after   stops before it begins, or when it has ended, until SHIM_HALTED.go is there; SHIM_HALTED is then there
# during          lets it begin, and halts it when the folder SHIM_WATCH has something new
# cut             passes on only the first 3000 bytes of what it says, and calls it well
# older           mariadb alone: says that it is of an older series
# alter           passes on one other value in what it says, of the same row
# corrupt         mariadb alone: each table that is asked for is not well
# killed          as the kernel does it where there is no memory left
# lost            restic check alone: as it ends where the way to the store is lost
# future          restic backup alone: as if the clock were an hour ahead
name=${0##*/}
here=$(dirname "$0")
real=$here/real-$name
printf '%s %s\n' "$name" "$*" >>"$here/calls"
IFS='|' read -r program what pattern <<END
${SHIM-}
END
[ "$program" = "$name" ] || exec "$real" "$@"
halt() {
  : >"$SHIM_HALTED"
  while [ ! -e "$SHIM_HALTED.go" ]; do sleep 0.1; done
}
case "$name $*" in
  mariadb\ *--unbuffered*) exec "$real" "$@" ;;
  mariadb\ *)
    input=$(mktemp "$here/input-XXXXXX")
    cat >"$input"
    grep -qE "$pattern" "$input" || exec "$real" "$@" <"$input"
    [ "$what" != older ] || { echo 10.5.29-MariaDB; exit 0; }
    [ "$what" != before ] || halt
    if [ "$what" = corrupt ]; then
      "$real" "$@" <"$input" | sed 's/\tstatus\tOK$/\terror\tCorrupt/'
      exit 0
    fi
    "$real" "$@" <"$input"
    status=$?
    [ "$what" != after ] || halt
    exit "$status" ;;
esac
printf '%s\n' "$*" | grep -qE -- "$pattern" || exec "$real" "$@"
case $what in
  before)
    halt
    exec "$real" "$@" ;;
  after)
    "$real" "$@"
    status=$?
    halt
    exit "$status" ;;
  during)
    : >"$here/begun"
    "$real" "$@" &
    # A lock is one when it has its name.
    until [ -n "$(find "$SHIM_WATCH" -type f ! -path '*/locks/*-tmp-*' -newer "$here/begun" 2>/dev/null | head -n 1)" ]; do kill -0 $! 2>/dev/null || break; done
    kill -s STOP $!
    halt
    kill -s CONT $!
    wait $!
    exit ;;
  cut)
    "$real" "$@" | dd bs=1 count=3000 2>/dev/null
    exit 0 ;;
  alter)
    "$real" "$@" | LC_ALL=C sed "s/'one'/'two'/"
    exit 0 ;;
  killed) kill -s KILL $$ ;;
  lost)
    echo 'check all packs'
    printf '%s\n' 'Load(<data/0123456789>, 300211, 0) failed: read tcp 10.0.0.2:44120->10.0.0.1:443: connection reset by peer' \
      'download error: read tcp 10.0.0.2:44120->10.0.0.1:443: connection reset by peer' \
      'pack 0123 contains 1 errors: [download error: connection reset by peer]' \
      'Fatal: repository contains errors' >&2
    exit 1 ;;
  future)
    shift_to=$(date -d '+1 hour' '+%Y-%m-%d %H:%M:%S')
    exec "$real" "$@" --time "$shift_to" ;;
esac
