#!/bin/sh
# Runs a command at the times of a schedule. Never ends by itself.
#
#   /bin/sh /job NAME=nightly MINUTES=0 HOURS=3 DAYS='*' MONTHS='*' WEEKDAYS='*' ZONE='<+01>-1' [KEY=value...] -- command...
#   /bin/sh /job ONCE=yes ...          runs it now, and ends with its status; 75 where it is running already
#   /bin/sh /job NEXT=5 ...            prints the next five times, in seconds since 1970, and ends
#   /bin/sh /job --healthy [STATE=DIR] exit status 0 while the loop is alive
#
# MINUTES=, HOURS=, DAYS=, MONTHS=, WEEKDAYS=   `*`, or numbers with commas between; Sunday is 0. As in cron, one of DAYS and
#                   WEEKDAYS is enough where both are lists.
# ZONE=TZ           the time zone, as POSIX writes it: this needs no data of time zones in the image
# TIMEOUT=3600      seconds for one try
# RETRIES=0         further tries after one that failed; PAUSE=30 seconds before the first, doubled for each further one
# OVERLAP=skip      what becomes of a time that comes while it runs: skip, or queue (once, when it has ended)
# STATE=/var/tmp/job   a folder that outlives the task: what ran, and what is running
# UPTIME=FILE       /proc/uptime, which no clock that is set can move
#
# - A time that the clocks jump over in spring counts as the first minute after it; one that comes twice in autumn is the first
#   one. With HOURS='*' nothing is jumped over and nothing comes twice: it runs each hour that passes.
# - Times that were missed (the task was not there, the clock jumped ahead) are made up for by one run, at once.
# - A clock that is set back does not repeat what has run.
# - Stopped in the middle (a deploy, a node that is drained), it runs again at once when it is back; after a crash, as a retry.
#
# Each run is a line of JSON, in STATE/runs and in this log: see operations/status/jobs.ts, which reads it there.
# Exit status: 143 after SIGTERM; 64 wrong arguments; 78 STATE cannot be written.

set -u
name='' minutes='*' hours='*' days='*' months='*' weekdays='*' zone=UTC0
timeout=3600 retries=0 wait_before=30 overlap=skip state=/var/tmp/job uptime=/proc/uptime
once='' print_next=0 from=''
kept_runs=50 kept_lines=10 shown_runs=5

fail() { # status, message
  printf 'job: %s\n' "$2" >&2
  exit "$1"
}

mode=run
[ "${1-}" != --healthy ] || { mode=healthy; shift; }
while [ $# -gt 0 ]; do
  value=${1#*=}
  case $1 in
    --) shift; break ;;
    NAME=?*) name=$value ;;
    MINUTES=?*) minutes=$value ;;
    HOURS=?*) hours=$value ;;
    DAYS=?*) days=$value ;;
    MONTHS=?*) months=$value ;;
    WEEKDAYS=?*) weekdays=$value ;;
    ZONE=?*) zone=$value ;;
    TIMEOUT=?*) timeout=$value ;;
    RETRIES=?*) retries=$value ;;
    PAUSE=?*) wait_before=$value ;;
    OVERLAP=skip | OVERLAP=queue) overlap=$value ;;
    STATE=?*) state=$value ;;
    UPTIME=?*) uptime=$value ;;
    ONCE=yes) once=yes ;;
    NEXT=?*) print_next=$value ;;
    FROM=?*) from=$value ;;
    *) fail 64 "'$1' is no setting of this script, or it is empty" ;;
  esac
  shift
done

seconds_up() { IFS=' .' read -r up rest <"$uptime"; }
alive() {
  seconds_up
  echo "$up" >"$state/alive.new" 2>/dev/null && mv "$state/alive.new" "$state/alive"
}

if [ "$mode" = healthy ]; then
  seconds_up
  seen=''
  for file in "$state/alive" /tmp/job-*/alive; do [ ! -r "$file" ] || read -r seen <"$file"; done
  [ -n "$seen" ] && [ $((up - seen)) -ge 0 ] && [ $((up - seen)) -le 120 ] || fail 1 'no sign of life for two minutes'
  exit 0
fi
for number in "$timeout" "$wait_before"; do
  case $number in '' | 0 | *[!0-9]*) fail 64 "'$number' must be a whole number, 1 or more" ;; esac
done
case $retries in '' | *[!0-9]*) fail 64 "'$retries' must be a whole number" ;; esac
for list in "$minutes" "$hours" "$days" "$months" "$weekdays"; do
  case $list in '*') ;; *[!0-9,]* | ,* | *,) fail 64 "'$list' must be * or numbers with commas between" ;; esac
done
schedule="$minutes $hours $days $months $weekdays $zone"

# --- when ---

is_in() { # number without zeros before it, list
  case $2 in '*') return 0 ;; esac
  case ,$2, in *",$1,"*) return 0 ;; esac
  return 1
}

# The local time of an instant, in numbers: minute hour day month weekday offset.
local_time() { # seconds since 1970
  # shellcheck disable=SC2046
  set -- $(TZ=$zone date -d "@$1" '+%M %H %d %m %w %z')
  minute=${1#0} hour=${2#0} day=${3#0} month=${4#0} weekday=$5
  case $6 in
    -*) rest=${6#-}; sign=-1 ;;
    *) rest=${6#+}; sign=1 ;;
  esac
  offset_hours=${rest%??} offset_minutes=${rest#??}
  offset=$((sign * (${offset_hours#0} * 3600 + ${offset_minutes#0} * 60)))
}

is_day() {
  is_in "$month" "$months" || return 1
  case $days,$weekdays in
    '*,'* | *',*') is_in "$day" "$days" && is_in "$weekday" "$weekdays" ;;
    *) is_in "$day" "$days" || is_in "$weekday" "$weekdays" ;;
  esac
}

# A gap in local time before $2 that has one of the times: sets $gap to the first instant after it.
in_gap() { # an instant before, an instant after, offset before, offset after
  gap=''
  [ "$hours" != '*' ] && [ "$4" -gt "$3" ] || return 1
  low=$1 high=$2
  while [ $((high - low)) -gt 60 ]; do
    middle=$(((low + high) / 120 * 60))
    local_time "$middle"
    if [ "$offset" -eq "$3" ]; then low=$middle; else high=$middle; fi
  done
  # What the clocks would have shown, had they not jumped.
  skipped=$high
  while [ "$skipped" -lt $((high + $4 - $3)) ]; do
    # shellcheck disable=SC2046
    set -- $(date -u -d "@$((skipped + $3))" '+%M %H %d %m %w') "$3" "$4"
    minute=${1#0} hour=${2#0} day=${3#0} month=${4#0} weekday=$5
    set -- 0 0 "$6" "$7"
    if is_day && is_in "$hour" "$hours" && is_in "$minute" "$minutes"; then
      gap=$high
      return 0
    fi
    skipped=$((skipped + 60))
  done
  return 1
}

# The clocks have shown this time before, an hour or so ago.
is_second() { # instant, its offset
  [ "$hours" != '*' ] || return 1
  now_offset=$2
  local_time $(($1 - 10800))
  [ "$offset" -gt "$now_offset" ] || return 1
  earlier=$offset
  local_time $(($1 - earlier + now_offset))
  [ "$offset" -eq "$earlier" ]
}

# Sets $due to the first time after an instant; empty where there is none for nine years.
next_after() { # seconds since 1970
  at=$((($1 / 60 + 1) * 60)) last_at=$(($1 / 60 * 60)) due=''
  horizon=$((at + 284000000)) probes=0
  local_time "$last_at"
  last_offset=$offset
  while [ "$at" -lt "$horizon" ]; do
    probes=$((probes + 1))
    [ $((probes % 500)) -ne 0 ] || alive
    local_time "$at"
    at_offset=$offset
    if in_gap "$last_at" "$at" "$last_offset" "$at_offset"; then
      due=$gap
      return
    fi
    [ "$at_offset" -eq "$last_offset" ] || local_time "$at"
    last_at=$at last_offset=$at_offset
    if ! is_day; then
      # Not to midnight at once: a day that a jump makes shorter would be left behind.
      if [ "$hour" -lt 22 ]; then at=$((at + (22 - hour) * 3600 - minute * 60))
      else at=$((at + 3600 - minute * 60)); fi
    elif ! is_in "$hour" "$hours"; then at=$((at + 3600 - minute * 60))
    elif ! is_in "$minute" "$minutes"; then at=$((at + 60))
    elif is_second "$at" "$at_offset"; then at=$((at + 60))
    else
      due=$at
      return
    fi
  done
}

if [ "$print_next" -gt 0 ]; then
  state=${TMPDIR:-/tmp}/job-next.$$
  mkdir -p "$state"
  trap 'rm -rf "$state"' EXIT
  due=${from:-$(date +%s)}
  while [ "$print_next" -gt 0 ]; do
    next_after "$due"
    [ -n "$due" ] || break
    echo "$due"
    print_next=$((print_next - 1))
  done
  exit 0
fi

# --- what ---

[ -n "$name" ] || fail 64 'NAME= is missing'
[ $# -gt 0 ] || fail 64 'no command given: put -- and the command after the settings'
# An image that has no such folder gives its volume to root.
if ! { mkdir -p "$state" && : >>"$state/runs"; } 2>/dev/null; then
  echo "job: $state cannot be written by $(id -u): what runs is remembered until this task ends" >&2
  state=/tmp/job-$name
  { mkdir -p "$state" && : >>"$state/runs"; } || fail 78 "neither STATE nor $state can be written"
fi
child='' stopped='' pause_child=''
trap 'stopped=yes; [ -z "$pause_child" ] || kill "$pause_child" 2>/dev/null' TERM INT QUIT HUP

say() { printf 'job: %s\n' "$1"; }
when() { date -u -d "@$1" '+%Y-%m-%dT%H:%M:%SZ'; }

# A signal ends it early.
nap() { # seconds
  [ -z "$stopped" ] || return 0
  sleep "$1" &
  pause_child=$!
  wait "$pause_child"
  pause_child=''
}

# As JSON: the lines of a file, cut to what a screen shows.
json_lines() { # file
  tail -n "$kept_lines" "$1" 2>/dev/null | cut -c1-300 | tr -d '\000-\010\013-\037\177' | {
    comma=''
    while IFS= read -r line || [ -n "$line" ]; do
      printf '%s"%s"' "$comma" "$(printf '%s' "$line" | sed 's/\\/\\\\/g; s/"/\\"/g; s/	/\\t/g')"
      comma=,
    done
  }
}

# One run, in both places; on a volume that is full it is in the log all the same.
note() { # end, due, began, seconds, status, tries, by, file with its last lines
  line="{\"job\":\"$name\",\"end\":\"$1\",\"due\":\"$(when "$2")\",\"at\":\"$(when "$3")\",\"seconds\":$4,\"status\":$5,\"tries\":$6,\"by\":\"$7\",\"lines\":[$(json_lines "$8")]}"
  # Else what came by hand meanwhile would be taken for this one.
  [ -n "$once" ] || print_others
  printf '%s\n' "$line"
  printf '%s\n' "$line" >>"$state/runs" || say "$state cannot be written"
  printed=$(wc -l <"$state/runs")
}
printed=0

# What runs by hand have left beside us.
print_others() {
  count=$(wc -l <"$state/runs")
  [ "$count" -gt "$printed" ] || return 0
  tail -n +$((printed + 1)) "$state/runs"
  printed=$count
}

trim_runs() {
  [ "$(wc -l <"$state/runs")" -gt $((kept_runs * 2)) ] || return 0
  tail -n "$kept_runs" "$state/runs" >"$state/runs.new" && mv "$state/runs.new" "$state/runs"
  printed=$(wc -l <"$state/runs")
}

children_of() { # pid; a process's own status names its parent
  for process in /proc/[0-9]*/stat; do
    read -r words 2>/dev/null <"$process" || continue
    parent=${words##*) ? }
    parent=${parent%% *}
    [ "$parent" != "$1" ] || echo "${words%% *}"
  done
}

# All of it, however deep: what a shell has started does not end with the shell.
kill_tree() { # signal, pid
  for descendant in $(children_of "$2"); do kill_tree "$1" "$descendant"; done
  kill -s "$1" "$2" 2>/dev/null
}

# The same, written down: who has lost its parent is in no tree any more.
tree_of() { # pid
  echo "$1"
  for descendant in $(children_of "$1"); do tree_of "$descendant"; done
}

# Is it running, here or by hand? Who runs it renews its mark.
is_running() {
  [ -r "$state/running" ] || return 1
  read -r mark mark_due mark_began mark_tries mark_by <"$state/running" || return 1
  seconds_up
  case $mark in '' | *[!0-9]*) return 1 ;; esac
  [ $((up - mark)) -ge 0 ] && [ $((up - mark)) -le 60 ]
}
mark_running() { # due, began, tries, by
  seconds_up
  echo "$up $1 $2 $3 $4" >"$state/running.new" && mv "$state/running.new" "$state/running"
}

# What was told to end and has not, ten seconds later, however early its parent has.
end_all() { # when it was told, pids
  while :; do
    left=''
    for one in $2; do ! kill -0 "$one" 2>/dev/null || left="$left $one"; done
    seconds_up
    [ -n "$left" ] && [ $((up - $1)) -lt 10 ] || break
    alive
    mark_running "$try_due" "$try_began" "$try_number" "$try_by"
    sleep 1
  done
  for one in $left; do kill_tree KILL "$one"; done
}

# One try: sets $status, and $end to completed, failed, timedOut or interrupted; its last lines are in STATE/last.<by>.
try_once() { # due, began, tries, by, command...
  try_due=$1 try_began=$2 try_number=$3 try_by=$4
  shift 4
  pipe=$state/pipe.$$ tail_pipe=$state/tail.$$
  rm -f "$pipe" "$tail_pipe"
  mkfifo "$pipe" "$tail_pipe" || fail 78 "$state must be a folder that can be written"
  tail -n "$kept_lines" <"$tail_pipe" >"$state/last.$try_by" &
  keeper=$!
  tee "$tail_pipe" <"$pipe" &
  copier=$!
  # Before it runs: one that is killed at once is known, too.
  mark_running "$try_due" "$try_began" "$try_number" "$try_by"
  "$@" >"$pipe" 2>&1 &
  child=$!
  seconds_up
  try_up=$up told='' end=''
  while kill -0 "$child" 2>/dev/null; do
    alive
    mark_running "$try_due" "$try_began" "$try_number" "$try_by"
    seconds_up
    if [ -n "$stopped" ] && [ -z "$told" ]; then
      end=interrupted told=$up
      kill -s TERM "$child" 2>/dev/null
    elif [ -z "$told" ] && [ $((up - try_up)) -ge "$timeout" ]; then
      end=timedOut told=$up doomed=$(tree_of "$child")
      kill_tree TERM "$child"
    elif [ -n "$told" ] && [ $((up - told)) -ge 10 ] && [ "$end" = timedOut ]; then
      kill_tree KILL "$child"
    fi
    if [ -n "$stopped" ]; then sleep 1; else nap 1; fi
  done
  wait "$child"
  status=$?
  child=''
  [ "$end" != timedOut ] || end_all "$told" "$doomed"
  seconds_up
  try_seconds=$((up - try_up))
  # What it left running in the background may hold its output for ever.
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 "$keeper" 2>/dev/null || break
    sleep 0.2
  done
  kill "$copier" "$keeper" 2>/dev/null
  wait "$copier" "$keeper" 2>/dev/null
  rm -f "$pipe" "$tail_pipe"
  [ -n "$end" ] || { if [ "$status" -eq 0 ]; then end=completed; else end=failed; fi; }
}

# All tries, and the note of them.
run_now() { # due, tries before, by, command...
  run_due=$1 tries=$2 by=$3
  shift 3
  began=$(date +%s)
  delay=$wait_before all=0
  while :; do
    tries=$((tries + 1))
    try_once "$run_due" "$began" "$tries" "$by" "$@"
    all=$((all + try_seconds))
    case $end in failed | timedOut) ;; *) break ;; esac
    [ "$tries" -le "$retries" ] || break
    say "try $tries of $name: $end with status $status, again in $delay s"
    seconds_up
    until_up=$((up + delay)) delay=$((delay * 2))
    while seconds_up; [ "$up" -lt "$until_up" ] && [ -z "$stopped" ]; do
      alive
      mark_running "$run_due" "$began" "$tries" "$by"
      nap 5
    done
    [ -z "$stopped" ] || { end=interrupted; break; }
  done
  note "$end" "$run_due" "$began" "$all" "$status" "$tries" "$by" "$state/last.$by"
  # What was stopped in the middle is begun again by who comes next.
  if [ "$end" = interrupted ] && [ "$by" = schedule ]; then echo "0 $run_due $began $((tries - 1)) interrupted" >"$state/running"
  else rm -f "$state/running"; fi
}

if [ -n "$once" ]; then
  while is_running; do
    [ "$overlap" = queue ] || fail 75 "$name is running since $(when "$mark_began") ($mark_by)"
    nap 5
    [ -z "$stopped" ] || exit 143
  done
  run_now "$(date +%s)" 0 hand "$@"
  [ "$end" != timedOut ] || exit 124
  [ "$end" != interrupted ] || exit 143
  exit "$status"
fi

set_handled() { # up to when all times are done with
  handled=$1
  printf '%s\n%s\n' "$1" "$schedule" >"$state/handled.new" && mv "$state/handled.new" "$state/handled"
}

say "$name: $schedule"
alive
tail -n "$shown_runs" "$state/runs"
printed=$(wc -l <"$state/runs")
now=$(date +%s)
handled='' known=''
[ ! -r "$state/handled" ] || { read -r handled; IFS= read -r known; } <"$state/handled"
case $handled in '' | *[!0-9]*) handled='' ;; esac
# A changed schedule is a new one, and a clock that was a day ahead told nothing.
if [ -z "$handled" ] || [ "$known" != "$schedule" ] || [ "$handled" -gt $((now + 86400)) ]; then set_handled "$now"; fi

# What the one before had not ended.
again=''
if [ -r "$state/running" ] && read -r mark mark_due mark_began mark_tries mark_by <"$state/running"; then
  case $mark_by in
    interrupted) again="$mark_due $mark_tries" ;;
    schedule)
      note lost "$mark_due" "$mark_began" 0 null "$mark_tries" schedule "$state/last.schedule"
      if [ "$mark_tries" -le "$retries" ]; then again="$mark_due $mark_tries"; fi
      rm -f "$state/running" ;;
  esac
fi
if [ -n "$again" ]; then
  say "$name was stopped in the middle: again, now"
  set_handled "$now"
  run_now "${again% *}" "${again#* }" schedule "$@"
fi

while :; do
  [ -z "$stopped" ] || { say stopped; exit 143; }
  next_after "$handled"
  [ -n "$due" ] || { say "no time of this schedule comes for nine years"; due=4102444800; }
  printf '{"job":"%s","next":"%s"}\n' "$name" "$(when "$due")"
  waited=''
  while now=$(date +%s); [ "$now" -lt "$due" ]; do
    alive
    print_others
    trim_runs
    # Set back by more than a day: what was handled was of a time that never was.
    if [ "$now" -lt $((handled - 86400)) ]; then waited=back; break; fi
    left=$((due - now))
    [ "$left" -le 20 ] || left=20
    nap "$left"
    [ -z "$stopped" ] || break
  done
  [ -z "$stopped" ] || continue
  if [ -n "$waited" ]; then set_handled "$now"; continue; fi
  queued=''
  while is_running && [ -z "$stopped" ]; do
    if [ "$overlap" = skip ]; then break; fi
    queued=yes
    alive
    nap 5
  done
  [ -z "$stopped" ] || continue
  now=$(date +%s)
  set_handled "$now"
  if [ -z "$queued" ] && is_running; then
    note skipped "$due" "$now" 0 null 0 schedule /dev/null
    continue
  fi
  run_now "$due" 0 schedule "$@"
  [ -z "$stopped" ] || continue
  # What came while it ran.
  now=$(date +%s)
  ran_from=$handled
  next_after "$handled"
  if [ -n "$due" ] && [ "$due" -le "$now" ] && [ "$overlap" = skip ] && [ "$now" -lt $((ran_from + 90000000)) ]; then
    set_handled "$now"
    note skipped "$due" "$now" 0 null 0 schedule /dev/null
  fi
done
