# shellcheck shell=sh disable=SC2154
# What every command needs: settings, the report, children that are watched.

say() { printf 'backup: %s\n' "$1" >&2; }

warn() { # text
  say "warning: $1"
  printf '%s\n' "$1" >>"$work/warnings"
}

# One field of the report, as JSON.
put() { printf '%s\t%s\n' "$1" "$2" >>"$work/report"; }
put_text() {
  case $2 in
    *[!A-Za-z0-9._:-]*) put "$1" "$(jq -n --arg text "$2" '$text')" ;;
    *) put "$1" "\"$2\"" ;;
  esac
}

finish() { # ok, exit status
  trap '' TERM INT QUIT
  trap - EXIT
  end_children
  [ ! -s "$work/warnings" ] || put warnings "$(jq -R . "$work/warnings" | jq -cs .)"
  jq -cRn --arg backup "$command" --arg platform "${BACKUP_PLATFORM-}" --arg started "$started" --argjson ok "$1" \
    --argjson seconds $(($(seconds) - began)) '
    {backup: $backup, platform: $platform, started: $started, seconds: $seconds, ok: $ok}
    + ([inputs | capture("^(?<key>[^\t]*)\t(?<value>.*)$") | {(.key): (.value | fromjson)}] | add // {})' <"$work/report"
  rm -rf "$work" ${login:+"$login"} ${given:+"$given"}
  exit "$2"
}

succeed() { finish true 0; }

fail() { # fault, what is wrong, what to do, exit status
  say "error: $2"
  say "  $3"
  put_text fault "$1"
  put_text error "$2"
  put_text advice "$3"
  # What a drill found is written down, good or bad.
  case ${drilled:+$1} in differs | damaged | cut-off | database | application) record_drill ;; esac
  finish false "${4:-1}"
}

interrupted() {
  fail interrupted 'stopped before it was done' 'nothing is half done: start it again' 143
}

# Of a clock that nobody sets.
seconds() { IFS=. read -r up rest </proc/uptime; echo "$up"; }
iso() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ; }

begin() {
  root=${BACKUP_ROOT:-/backup} secrets=${BACKUP_SECRETS:-/run/secrets} patience=${BACKUP_PATIENCE:-60}
  started=$(date -u +%Y-%m-%dT%H:%M:%SZ) began=$(seconds)
  work=$root/work-${command:-none}
  mkdir -p "$root" 2>/dev/null
  if ! (: >"$root/.lock-${command:-none}") 2>/dev/null; then
    work=$(mktemp -d) && : >"$work/report"
    fail settings "the work folder $root cannot be written" 'mount a volume there that has room for all databases' 78
  fi
  exec 9>"$root/.lock-${command:-none}"
  if ! flock -n 9; then
    work=$(mktemp -d) && : >"$work/report"
    fail locked "another '$command' is at work in $root" 'wait for its end'
  fi
  # Of a run that was killed.
  rm -rf "$work"
  mkdir -p "$work"
  : >"$work/report"
  : >"$work/warnings"
  trap interrupted TERM INT QUIT
  trap 'fail unknown "the script ended where it should not" "report it, with the lines above"' EXIT
  for program in jq restic mariadb mariadb-dump; do
    command -v "$program" >/dev/null || fail settings "$program is not in this image" 'build the image from images/backup/Dockerfile' 78
  done
  for needed in BACKUP_PLATFORM BACKUP_REPOSITORY; do
    eval "[ -n \"\${$needed-}\" ]" || fail settings "$needed is not set" 'see contract/backup.ts for what is needed' 78
  done
  case $BACKUP_PLATFORM in *[!A-Za-z0-9._-]*) fail settings "BACKUP_PLATFORM is '$BACKUP_PLATFORM'" 'take letters, digits and ._-' 78 ;; esac
  for name in ${BACKUP_DATABASES-} ${BACKUP_VOLUMES-} $only $only_volumes; do
    case $name in *[!A-Za-z0-9_.-]* | .*) fail settings "'$name' is no name of a database or volume that this can take" 'take letters, digits and _.-' 64 ;; esac
  done
  case $patience in '' | *[!0-9]*) fail settings "BACKUP_PATIENCE is '$patience'" 'give whole seconds' 78 ;; esac
}

secret() { # file, what it is for
  [ -s "$secrets/$1" ] || fail settings "the secret file $secrets/$1 is not there, or is empty ($2)" 'give the container this secret' 78
}

# All that is still at work for this run; it leads a group of its own.
end_children() {
  trap '' TERM
  kill -s TERM -- "-$$" 2>/dev/null
  # A server that is only thrown away need not shut down.
  for one in ${scratch_pid-}; do kill -s KILL "$one" 2>/dev/null; done
}

# Waits for a child, its status is ours; every ten seconds says how far it is.
await() { # pid, command that says it
  pid=$1 ticks=0
  shift
  while kill -0 "$pid" 2>/dev/null; do
    if [ "$ticks" -lt 10 ]; then sleep 0.02; else sleep 0.1; fi
    ticks=$((ticks + 1))
    [ $((ticks % 100)) -ne 0 ] || "$@"
  done
  wait "$pid"
}

quietly() { :; }

mebibytes() { echo "$(($1 / 1048576)) MiB"; }

size_of() { du -sb "$1" 2>/dev/null | { read -r bytes rest || bytes=0; echo "${bytes:-0}"; }; }

free_at() { df -Pk "$1" | awk 'NR == 2 { printf "%.0f", $4 * 1024 }'; } # folder

# Bytes that may be written there. MariaDB and Kafka live on the same disk, and what fills it stops them: a tenth of it stays free,
# or 5 GiB where that is less, which they do not write in the hours of a backup.
room_at() { # folder
  df -Pk "$1" | awk 'NR == 2 { keep = $2 / 10; if (keep > 5242880) keep = 5242880; room = $4 - keep; printf "%.0f", (room > 0 ? room : 0) * 1024 }'
}

# Before the first byte. What takes little of what is free endangers nothing, and is worth more than the reserve.
expect_room_at() { # folder, bytes, what takes them
  free=$(room_at "$1")
  if [ $(($2 * 10)) -le "$(free_at "$1")" ]; then return 0; fi
  [ "$free" -gt "$2" ] || fail full "$1 has room for $(mebibytes "$free") beside what has to stay free on its disk, and $3 takes about $(mebibytes "$2")" \
    'give the work folder more room: it is on the disk of Docker; ./proctor prune removes what nobody needs there'
}

last_line() { grep -v '^ *$' "$1" 2>/dev/null | tail -n 1 | cut -c1-300; }
