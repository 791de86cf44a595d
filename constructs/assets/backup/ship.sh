# shellcheck shell=sh disable=SC2154,SC2086,SC2046
# The binary log between two backups: what is lost when the server is lost is what was written since the last "ship".

# What no two files of binary logs have in common, those of one name on two servers neither: when the file was begun, by which
# server id and after which transactions, with checksums (its first two events). MariaDB has nothing better: server_id is 1
# everywhere, and server_uid comes from the network card and the port, which a new server has again and a new task has not.
log_identity() { # where from (mariadb-binlog's options), file
  TZ=UTC mariadb-binlog "$@" --stop-position=257 >"$work/log-head" 2>"$work/sql-said" 9>&- || return 1
  sed -n '/^#[0-9]\{6\} /{s/Start: .* created/created/;p;}' "$work/log-head" | sha256sum | cut -c1-16
}

log_identity_there() { log_identity --defaults-file="$cnf" --read-from-remote-server "$1"; } # file on the server

# Uploads each file of the binary log that is whole and was not uploaded yet, since the newest backup, as many at once as there is
# room for.
ship_binlog() {
  # For what keeps others out of it, which is while old backups are removed or the repository is checked: it has a loop of its own.
  lock_patience=3600
  open_repository
  base=$(jq -c '[.[] | select(.kind == "backup" and .binlog != null)] | last // empty' "$work/snapshots.json")
  [ -n "$base" ] || fail no-backup 'there is no backup from which the binary log could go on' 'make one: now; MariaDB must write a binary log (SHIPPING_ARGS in contract/backup.ts)'
  base_id=$(printf '%s' "$base" | jq -r .id)
  use_platform
  answers
  # What is committed before this moment is in the files that are whole after it.
  upto=$(echo "SELECT DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-%dT%H:%i:%sZ'); FLUSH BINARY LOGS;" | sql) || database_fault 'beginning a new binary log'
  echo 'SHOW BINARY LOGS' | sql >"$work/logs" || database_fault 'listing the binary log'
  # The file that comes next, as it was when the last one was shipped, or when the backup was made.
  from=$(jq -r --arg base "$base_id" '[.[] | select(.kind == "binlog" and .base == $base)] | last | .next // empty' "$work/snapshots.json")
  written=0
  [ -n "$from" ] || {
    from=$(printf '%s' "$base" | jq -r '.logs[0] // "@"')
    written=$(printf '%s' "$base" | jq -r '.binlog | sub("^.*:"; "")')
  }
  identity=${from##*@} from=${from%@*}
  [ -n "$identity" ] || gap 'the newest backup does not say which file of the binary log goes on from it: its account could not read the log then'
  files=$(awk -F '\t' -v first="$from" '$1 == first { seen = 1 } seen { print $1 }' "$work/logs" | sed '$d')
  [ -n "$files" ] || gap "$from of the binary log is not on the server any more"
  there=$(log_identity_there "$from") || database_fault "reading the head of $from"
  [ "$there" = "$identity" ] && [ "$written" -le "$(listed_size "$from")" ] || another_log "$from"
  active=$(tail -n 1 "$work/logs" | cut -f1)
  sent_bytes=0 sent_added=0
  set -- $files
  while [ $# -gt 0 ]; do
    piece=$(fitting "$@")
    [ -n "$piece" ] || fail full "$work has no room for $1 of the binary log, $(mebibytes "$(listed_size "$1")"), beside what has to stay free on its disk" \
      'give the work folder more room: it is on the disk of Docker; ./proctor prune removes what nobody needs there'
    for file in $piece; do shift; done
    ship_piece "${1:-$active}"
  done
  put_text snapshot "$made"
  put_text upto "$piece_upto"
  put bytes "$sent_bytes"
  put added "$sent_added"
  say "the binary log is safe up to $piece_upto ($from to $last)"
}

# Those of the files, from the first on, that there is room for: a log that could not be copied for days may be larger than that.
fitting() { # files
  left=$(room_at "$work") little=$(($(free_at "$work") / 10))
  if [ "$left" -lt "$little" ]; then left=$little; fi
  for file in "$@"; do
    left=$((left - $(listed_size "$file")))
    [ "$left" -gt 0 ] || return 0
    printf '%s ' "$file"
  done
}

# Copies $piece into the repository. Sets $made, $last and $piece_upto.
ship_piece() { # file that comes next
  mkdir -p "$work/ship/binlog"
  (cd "$work/ship/binlog" && mariadb-binlog --defaults-file="$cnf" --read-from-remote-server --raw $piece) >/dev/null 2>"$work/sql-said" 9>&- &
  await $! say 'still reading the binary log' || database_fault 'reading the binary log'
  upload_tags=''
  for file in $piece; do
    listed=$(listed_size "$file")
    [ "$(wc -c <"$work/ship/binlog/$file")" -eq "$listed" ] || fail cut-off "of $file of the binary log not all came: $(wc -c <"$work/ship/binlog/$file") bytes of $listed" 'nothing was uploaded; start it again'
    this=$(log_identity --no-defaults "$work/ship/binlog/$file") || database_fault "reading the head of $file"
    upload_tags="$upload_tags log=$file@$this"
    last=$file
  done
  next=$1@$(log_identity_there "$1") || database_fault "reading the head of $1"
  piece_upto=$upto
  # The second in which the next file was begun: what was committed before it is in this one.
  [ "$1" = "$active" ] || piece_upto=$(sed -n '/^#[0-9]\{6\} /{p;q;}' "$work/log-head" | awk '{
    split($2, at, ":"); printf "20%s-%s-%sT%02d:%02d:%02dZ", substr($1, 2, 2), substr($1, 4, 2), substr($1, 6, 2), at[1], at[2], at[3] }')
  upload_tags="base=$base_id first=${piece%% *} last=$last next=$next$upload_tags upto=$piece_upto"
  upload binlog "$work/ship" binlog
  sent_bytes=$((sent_bytes + bytes)) sent_added=$((sent_added + added))
  rm -rf "$work/ship"
  # Its place among the others: the next piece comes after it.
  jq -c '. + [{kind: "sent", seq: (([.[].seq] | max // 0) + 1)}]' "$work/snapshots.json" >"$work/snapshots.next" &&
    mv "$work/snapshots.next" "$work/snapshots.json"
}

listed_size() { awk -F '\t' -v name="$1" '$1 == name { print $2 }' "$work/logs"; } # file

# By its name alone, the first file of a new server would be taken for one that was shipped long ago.
another_log() { # file
  gap "$1 of the binary log is not the one that the backup goes on with: this is another server, or this one was set back" \
    'make a backup: now. What was copied before stays good, up to its own end'
}

gap() { # why, what to do
  fail gap "$1. Changes since then cannot be shipped" \
    "${2:-make a backup: now. Then ship more often, or let the server keep its log for longer (binlog_expire_logs_seconds)}"
}

# What goes on from a backup, as jq has it. What was copied while a backup was made goes on from the one before it; where the backup
# that a piece goes on from is not there any more, its place among the others says what it belongs to.
goes_on_jq='
  def number: capture("\\.(?<n>[0-9]+)$").n | tonumber;
  def goes_on($from; $backups): ($backups | index($from.id)) as $own
    | select(.kind == "binlog") | select((.base as $of | $backups | index($of)) as $its
        | if $its == null then .seq > $from.seq and .upto >= $from.moment else $its >= $own end);
  # Each goes on where the one before it ended, in the log of the same server: it begins with a file that is known.
  def walk($from): reduce .[] as $one ({next: ($from.binlog | sub(":[0-9]+$"; "") | number), known: $from.logs, hole: "", upto: null};
    ([$one.logs[] | select(startswith($one.first + "@"))][0]) as $first
    | if .hole != "" then . elif ($one.first | number) > .next then .hole = "\($one.first) follows on \(.next - 1)"
      elif .known | index($first) | not then .hole = "\($one.first) is of another server, or of one that was set back"
      else .next = ([.next, ($one.last | number) + 1] | max) | .known += $one.logs + [$one.next] | .upto = $one.upto end);'

# From when to when "--at" can be, newest first: from each backup on to the next.
spans() {
  jq -c "$goes_on_jq"' . as $all | [.[] | select(.kind == "backup") | .id] as $backups
    | [.[] | select(.kind == "backup" and .moment != null)] as $from
    | [range($from | length) as $i | $from[$i] as $backup | ($from[$i + 1].seq // infinite) as $until
      | [$all[] | goes_on($backup; $backups)
          | select(.base == $backup.id or ((.base as $of | $backups | index($of)) == null and .seq < $until))]
      | walk($backup) | select(.upto != null) | {from: $backup.moment, to: .upto}] | reverse' "$work/snapshots.json"
}

# The newest backup before the time, and the files of the binary log that lead on to it.
choose_base() {
  wanted=$(date -u -d "$at" +%s 2>/dev/null) || fail settings "--at is '$at'" 'give a time with its zone: 2026-11-27T12:00:00Z' 64
  case $at in *Z | *[+-][0-9][0-9]:[0-9][0-9]) ;; *) fail settings "--at is '$at', which has no zone" 'give a time with its zone: 2026-11-27T12:00:00Z' 64 ;; esac
  at=$(iso "$wanted")
  jq -r --arg at "$at" '[.[] | select(.kind == "backup" and .moment != null and .moment <= $at)] | sort_by(.moment, .seq) | last | .id // empty' "$work/snapshots.json" >"$work/base"
  snapshot=$(cat "$work/base")
  [ -n "$snapshot" ] || fail no-backup "no backup is older than $at" "the binary log reaches over: $(spans | jq -r 'map("\(.from) to \(.to)") | join(", ") | if . == "" then "nothing; \"ship\" uploads it" else . end')"
  # Up to the one after the last that is too early. Where a clock was ahead for a while, and says it of some, what came after
  # them is in it, too: the first that seems late enough would lose that.
  jq -c --arg base "$snapshot" --arg at "$at" "$goes_on_jq"'
    (.[] | select(.id == $base)) as $from
    | [.[] | select(.kind == "backup") | .id] as $backups | [.[] | goes_on($from; $backups)] as $logs
    | ([$logs[] | .upto < $at] | rindex(true) // -1) as $early
    | if $early + 1 >= ($logs | length) then null else $logs[:$early + 2] end' "$work/snapshots.json" >"$work/chain.json"
  if [ "$(cat "$work/chain.json")" = null ]; then
    newest_upto=$(jq -r '[.[] | select(.kind == "binlog") | .upto] | max // "never"' "$work/snapshots.json")
    fail no-backup "the binary log is in the repository up to $newest_upto, and $at is later" 'take an earlier time, or none: the newest backup; while MariaDB is alive, "ship" uploads what is new'
  fi
  jq -e --arg at "$at" '.[:-1] | all(.upto < $at)' "$work/chain.json" >/dev/null ||
    warn "a clock was wrong while the binary log was written: by it $at was more than once, and this is the last of them"
  start=$(jq -r --arg base "$snapshot" '.[] | select(.id == $base) | .binlog' "$work/snapshots.json")
  hole=$(jq -r --arg base "$snapshot" --slurpfile chain "$work/chain.json" "$goes_on_jq"'
    (.[] | select(.id == $base)) as $from | $chain[0] | walk($from) | .hole' "$work/snapshots.json")
  [ -z "$hole" ] || fail gap "a piece of the binary log is missing between the backup and $at: $hole" 'take a time before it, or a later backup'
}

log_statements() {
  export TZ=UTC
  set -- --no-defaults --disable-log-bin
  [ -z "$whole" ] || mariadb-binlog "$@" --start-position="$position" $whole || return 1
  [ -n "$whole" ] || set -- "$@" --start-position="$position"
  mariadb-binlog "$@" --stop-datetime="$(printf '%s' "$at" | tr T ' ' | tr -d Z)" $rest
}

# The databases as they were at the time, dumped from a throw-away server into a folder, from which they are then restored
# like any backup. Not on the platform's server: a statement of the log can name databases that are in use.
make_state_of() { # databases
  # The log of that time, too, and what is dumped in the end.
  expect_room_at "$work" $(($(scratch_needs) + $(jq '[.databases[].bytes] | add // 0' "$work/manifest.json") + $(jq '[.[].bytes] | add // 0' "$work/chain.json"))) \
    'a throw-away server with the log up to that moment'
  start_scratch
  all=$(jq -r '.databases | keys[]' "$work/manifest.json")
  for name in $all; do load_database "$name" "$name" "$(next_of "$name" $all)" with-objects; done
  verify_databases '' $all
  mkdir "$work/logs-in"
  for id in $(jq -r '.[].id' "$work/chain.json"); do
    reading restore --quiet "$id" --target "$work/logs-in" >/dev/null 2>"$work/said" || repository_fault 'reading the binary log' $? "$work/said"
  done
  first_file=${start%:*} position=${start##*:}
  files=$(cd "$work/logs-in/binlog" && for file in *; do printf '%s\n' "$file"; done | sort | awk -v first="$first_file" '$1 >= first')
  say "going on from $start to $at"
  (cd "$work/logs-in/binlog" && mariadb-binlog --no-defaults $files) 2>/dev/null | make_definers
  rm -f "$work/log-status"
  # What was shipped before the last piece is of before that moment, whatever clock its changes have: at the first change that is
  # too late mariadb-binlog would leave out all that follows.
  last_piece=$(jq -r 'if length > 1 then .[-1].first else "" end' "$work/chain.json")
  whole=$(printf '%s\n' $files | awk -v last="$last_piece" '$1 < last')
  rest=$(printf '%s\n' $files | awk -v last="$last_piece" '$1 >= last')
  { { cd "$work/logs-in/binlog" && log_statements 2>"$work/log-said" || echo $? >"$work/log-status"; } |
    mariadb --defaults-file="$cnf" --force --binary-mode --max-allowed-packet=1G 2>"$work/replay-said" 9>&-; } &
  await $! say 'still going on'
  [ ! -e "$work/log-status" ] || fail damaged "the binary log cannot be read: $(last_line "$work/log-said")" 'take an earlier time'
  # Accounts are not in a backup, nor are databases that it does not have: what is said of those is passed by.
  known=$(jq -r '.databases | keys | map(gsub("\\."; "\\.")) | join("|")' "$work/manifest.json")
  wrong=$(grep '^ERROR' "$work/replay-said" | grep -vE '^ERROR (1133|1141|1147|1396|1404|1410|1959|1960|1976|1981) ' |
    awk -v known="^($known)\$" '
      /^ERROR 1049 / { name = $0; sub(/^[^\047]*\047/, "", name); sub(/\047.*/, "", name); if (name !~ known) next }
      /^ERROR 1146 / { name = $0; sub(/^[^\047]*\047/, "", name); sub(/\..*/, "", name); if (name !~ known) next }
      { print }' | head -n 3)
  [ -z "$wrong" ] || fail differs "the binary log does not fit the backup: $(printf '%s' "$wrong" | head -n 1)" 'nothing was replaced; take a time before another backup (list)'
  has_room=yes
  dump_databases "$work/at" "$@"
  cp "$work/at/manifest.json" "$work/manifest.json"
  read_manifest
  restored_from=$work/at
  stop_scratch
  put_text upto "$at"
}
