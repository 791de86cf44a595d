# shellcheck shell=sh disable=SC2154,SC2016,SC2034
# Of all databases in the throw-away server: as much again for indexes, which a dump has none of, and what a server begins with
# (its redo log alone has 96 MiB).
scratch_needs() { echo $(($(jq '[.databases[].bytes] | add // 0' "$work/manifest.json") * 2 + 201326592)); }

# A server that is thrown away: no network but for a drill that serves, its own folder, gone with the run.

start_scratch() {
  # Nobody gets in by the network before an account is made, which whoever asked for it does.
  if [ -n "$serve" ]; then set -- --port="${BACKUP_SCRATCH_PORT:-3306}" --bind-address=0.0.0.0 --skip-name-resolve; else set -- --skip-networking; fi
  scratch=$work/scratch
  mkdir "$scratch"
  say 'starting a throw-away server'
  for program in mariadb-install-db mariadbd; do
    command -v "$program" >/dev/null || fail settings "$program is not in this image" 'build the image from images/backup/Dockerfile' 78
  done
  # Of its own, too: a server that starts removes temporary tables of others from a folder that they share.
  TMPDIR=$scratch mariadb-install-db --no-defaults --datadir="$scratch/data" --user="$(id -un)" --skip-test-db --cross-bootstrap \
    --auth-root-authentication-method=normal >"$scratch/log" 2>&1 9>&- || scratch_fault
  mariadbd --no-defaults --tmpdir="$scratch" --datadir="$scratch/data" --socket="$scratch/s" --pid-file="$scratch/pid" --user="$(id -un)" \
    "$@" --skip-log-bin --event-scheduler=OFF --local-infile=OFF --max-allowed-packet=1G \
    --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci --innodb-flush-log-at-trx-commit=0 \
    --innodb-doublewrite=OFF --innodb-buffer-pool-size="${BACKUP_SCRATCH_BUFFER:-128M}" >"$scratch/log" 2>&1 9>&- &
  scratch_pid=$!
  cnf=$work/scratch.cnf
  printf '[client]\nsocket=%s\nuser=root\nprotocol=socket\n[mariadb-client]\ndefault-character-set=utf8mb4\n' "$scratch/s" >"$cnf"
  waited=0
  until echo 'SELECT 1' | sql >/dev/null; do
    if [ "$waited" -ge 600 ] || ! kill -0 "$scratch_pid" 2>/dev/null; then scratch_fault; fi
    sleep 0.1
    waited=$((waited + 1))
  done
  answers
}

scratch_fault() {
  tail -n 5 "$scratch/log" >&2
  grep -qi 'no space left' "$scratch/log" && fail full "no room for a throw-away server in $scratch" 'give the work folder more room'
  fail unknown 'the throw-away server does not start' 'see its log above'
}

stop_scratch() {
  [ -n "${scratch_pid-}" ] || return 0
  kill -s KILL "$scratch_pid" 2>/dev/null
  wait "$scratch_pid" 2>/dev/null
  scratch_pid=''
  rm -rf "$scratch"
}

# Whoever views, triggers and routines are defined by, of SQL on standard input: a view that uses another one cannot be made
# while that one's account is not there, and accounts are in no backup.
make_definers() {
  grep -ao 'DEFINER=`[^`]*`@`[^`]*`' | sort -u | sed 's/^DEFINER=\(.*\)$/CREATE USER IF NOT EXISTS \1; GRANT ALL PRIVILEGES ON *.* TO \1;/' >"$work/definers.sql"
  sql <"$work/definers.sql" || database_fault 'making accounts in the throw-away server'
}

# Every table of the databases, as the server itself checks it.
check_tables() { # databases
  list=$(for name in "$@"; do printf "'%s'," "$name"; done)
  printf 'SELECT CONCAT("CHECK TABLE `", REPLACE(table_schema, "`", "``"), "`.`", REPLACE(table_name, "`", "``"), "`;") FROM information_schema.tables WHERE table_schema IN (%s) AND table_type IN ("BASE TABLE", "SYSTEM VERSIONED")' "${list%,}" |
    sql --raw >"$work/check.sql" || database_fault 'listing tables'
  sql <"$work/check.sql" >"$work/checked" || database_fault 'checking tables'
  bad=$(awk -F '\t' '$3 == "error" || ($3 == "status" && $4 != "OK" && $4 !~ /up to date/)' "$work/checked" | head -n 3 | tr '\t\n' '  ')
  [ -z "$bad" ] || fail differs "CHECK TABLE finds: $bad" 'this backup is not to be relied on: make another (now), and look at the disk of MariaDB'
}

begin_drill() {
  names=$(databases_of_backup)
  open_rows "$(printf '%s\n' $names | head -n 1)"
}

# The newest backup read into a throw-away server, and held against what was recorded when it was made.
drill_backup() {
  # Nobody waits for a drill: one who prunes, or who was killed at it, is waited for.
  lock_patience=3600
  open_repository
  look_at_clock
  choose_snapshot begin_drill
  put_text snapshot "$snapshot"
  drilled=$snapshot
  put databases "$(databases_said "$work/manifest.json")"
  put bytes "$(jq '[.databases[].bytes] | add // 0' "$work/manifest.json")"
  if [ -n "$names" ]; then
    expect_room_at "$work" "$(scratch_needs)" 'the throw-away server of a drill'
    start_scratch
    for name in $names; do
      # shellcheck disable=SC2086
      load_database "$name" "$name" "$(next_of "$name" $names)" with-objects
    done
    # shellcheck disable=SC2086
    verify_databases '' $names
    for name in $names; do verify_objects "$name" "$name"; done
    # shellcheck disable=SC2086
    check_tables $names
  fi
  if grep -q / "$work/contents"; then
    say 'reading the volumes'
    reading dump "$snapshot" / 2>"$work/said" >/dev/null || repository_fault 'reading the volumes' $? "$work/said"
  fi
  [ -z "$serve" ] || [ -z "$names" ] || let_applications_in
  say "backup $snapshot can be restored"
  record_drill
}

# Who asked for it starts applications on this server, and writes into a file how that went: their names, or what is wrong.
let_applications_in() {
  say "the restored databases are served for $serve s"
  until_then=$(($(seconds) + serve))
  until [ -s "$work/started" ]; do
    kill -0 "$scratch_pid" 2>/dev/null || scratch_fault
    [ "$(seconds)" -lt "$until_then" ] || fail application "nobody said within $serve s how the applications are on what was restored" 'start the drill again'
    sleep 0.2
  done
  read -r said names_started <"$work/started"
  [ "$said" = ok ] || fail application "what was restored is not enough for an application: $(head -n 1 "$work/started" | cut -c1-300)" 'the rows are as they were recorded: look at what the application says, and what else it needs'
  # shellcheck disable=SC2086
  put applications "$(printf '%s\n' $names_started | jq -R . | jq -cs .)"
}

# Kept in the repository, where "list" finds it.
record_drill() {
  target=$drilled
  drilled=''
  mkdir -p "$work/drill"
  jq -cRn --arg time "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --arg snapshot "$target" '
    ([inputs | capture("^(?<key>[^\t]*)\t(?<value>.*)$") | {(.key): (.value | fromjson)}] | add // {})
    | {time: $time, snapshot: $snapshot, ok: (.fault == null), fault, error, databases, applications} | del(..|nulls)' <"$work/report" >"$work/drill/drill.json"
  record drill "$work/drill" drill.json
}
