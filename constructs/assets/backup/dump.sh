# shellcheck shell=sh disable=SC2154,SC2086
# A dump of all databases as they are in one moment, made while they are used.
#
# The moment is made by BACKUP STAGE BLOCK_COMMIT: for some tens of milliseconds no transaction commits; in them
# mariadb-dump begins its transaction, another session begins its own, for counts and sums, and the place in the
# binary log is read. So all three are of the same data, and nobody waits for the dump itself.

# Sends to the session that holds commits back, and waits for its answer.
hold() { # statements
  printf '%s\nSELECT "held";\n' "$1" >&3
  expected=$((expected + 1)) waited=0
  while [ "$(grep -c '^held$' "$work/hold.out")" -lt "$expected" ]; do
    kill -0 "$holder" 2>/dev/null || return 1
    [ "$waited" -lt $((patience * 50)) ] || return 1
    sleep 0.02
    waited=$((waited + 1))
  done
}

let_go() {
  exec 3>&- 4>&-
  kill -s TERM "$holder" 2>/dev/null
  wait "$holder" 2>/dev/null
}

# A file for each database. Without its checks of unique keys InnoDB sorts what comes into an empty table before it writes it: rows
# come sorted already, and with the checks they are in after a quarter of the processor's time, with several keys after half of it.
split_dump() { # folder
  LC_ALL=C awk -v folder="$1" '
    # Each database begins with three lines that no row has: a newline in a value is written as \n.
    /^-- Current Database: `/ { name = $0; sub(/^-- Current Database: `/, "", name); sub(/`$/, "", name); out = folder "/" name "/tables.sql"; print "--" >out; next }
    /^CREATE DATABASE / || /^USE `/ { next }
    /^\/\*!40014 SET @OLD_UNIQUE_CHECKS/ { sub(/UNIQUE_CHECKS=0/, "UNIQUE_CHECKS=1") }
    # One transaction for all rows of a table would take as long to undo.
    /^INSERT INTO `/ { if (held > 67108864) { print "COMMIT;" >out; held = 0 } }
    { held += length($0) }
    /^-- Dump completed/ { for (each in seen) print >each; done = 1; next }
    out == "" { head = head $0 "\n"; next }
    !(out in seen) { seen[out] = 1; printf "%s", head >out }
    { print >out }
    END { exit done ? 0 : 9 }'
}

# How far: what is written of what the tables have, roughly.
dump_progress() {
  say "dumping: $(mebibytes "$(size_of "$dumped")") of about $(mebibytes "$expected_bytes")"
}

# Dumps databases of the server in use into a folder, with manifest.json. Sets nothing in the report.
dump_databases() { # folder, what it is of (words for the manifest), databases
  dumped=$1
  shift
  rm -rf "$dumped"
  mkdir -p "$dumped"
  there=$(for name in "$@"; do echo "SELECT schema_name FROM information_schema.schemata WHERE schema_name = '$name';"; done | sql) || database_fault 'listing databases'
  for name in "$@"; do
    printf '%s\n' "$there" | grep -qxF "$name" || fail database "the database $name is not there, or the account may not read it" 'look at BACKUP_DATABASES, and at backupGrants in contract/backup.ts'
    mkdir "$dumped/$name"
  done
  expected_bytes=$(printf "SELECT COALESCE(SUM(data_length), 0) FROM information_schema.tables WHERE table_schema IN (%s)" "$(printf "'%s'," "$@" | sed 's/,$//')" | sql) || database_fault 'asking for sizes'
  # Who dumps what was restored has looked already.
  [ -n "${has_room-}" ] || expect_room_at "$dumped" "$expected_bytes" 'the dump of the databases'

  tables_sql "$@" | sql >"$work/tables" || database_fault 'listing tables'
  # An engine that knows no transactions is read as it is at some time while the dump runs.
  odd=$(awk -F '\t' '$1 != "sequence" && $4 != "InnoDB" { print $2 "." $3 " (" $4 ")" }' "$work/tables" | head -n 5 | tr '\n' ' ')
  [ -z "$odd" ] || warn "not of one moment with the rest, since not InnoDB: $odd"
  odd=$(awk -F '\t' '$1 == "text" { print $2 "." $3 }' "$work/tables" | head -n 5 | tr '\n' ' ')
  [ -z "$odd" ] || warn "FLOAT columns keep six digits in a dump (DOUBLE keeps all): $odd"
  odd=$(awk -F '\t' '$1 == "versioned" { print $2 "." $3 }' "$work/tables" | head -n 5 | tr '\n' ' ')
  [ -z "$odd" ] || warn "the history of system-versioned tables is not dumped: $odd"
  for name in "$@"; do
    dump_objects "$name" >"$dumped/$name/objects.sql" || database_fault "dumping views and routines of $name"
  done

  views=$(printf "SELECT CONCAT('--ignore-table=', table_schema, '.', table_name) FROM information_schema.views WHERE table_schema IN (%s)" "$(printf "'%s'," "$@" | sed 's/,$//')" | sql) || database_fault 'listing views'
  rm -f "$work/hold" "$work/count"
  mkfifo "$work/hold" "$work/count"
  : >"$work/hold.out"
  mariadb --defaults-file="$cnf" --batch --skip-column-names --unbuffered <"$work/hold" >"$work/hold.out" 2>"$work/sql-said" 9>&- &
  holder=$!
  exec 3>"$work/hold"
  mariadb --defaults-file="$cnf" --batch --skip-column-names --unbuffered --binary-mode <"$work/count" >"$work/count.out" 2>"$work/count-said" 3>&- 9>&- &
  counter=$!
  exec 4>"$work/count"
  expected=0
  hold "SET SESSION lock_wait_timeout = $patience;" || { let_go; database_fault 'logging in'; }
  hold 'BACKUP STAGE START; BACKUP STAGE FLUSH; BACKUP STAGE BLOCK_DDL; BACKUP STAGE BLOCK_COMMIT;' || { let_go; database_fault 'holding commits back for a moment'; }
  held_at=$(date +%s%N)
  mkfifo "$work/first"
  # A shell keeps a copy of what it closes for one command: these close it for good, or the session that holds commits back
  # would live as long as they do.
  {
    exec 3>&- 4>&- 9>&-
    mariadb-dump --defaults-file="$cnf" --single-transaction --quick --skip-dump-date --skip-triggers --skip-lock-tables \
      --no-autocommit --max-allowed-packet=1G --databases "$@" $views 2>"$work/dump-said" || echo $? >"$work/dump-status"
  } |
    {
      exec 3>&- 4>&- 9>&-
      # The first bytes come when its transaction has begun: its buffer holds more than its head.
      dd bs=1 count=1 of="$work/first-byte" 2>/dev/null
      : >"$work/dump-begun"
      cat "$work/first-byte" - | split_dump "$dumped" || echo $? >"$work/split-status"
    } &
  dumper=$!
  printf "SET SESSION wait_timeout = 86400; SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION WITH CONSISTENT SNAPSHOT;\nSELECT 'begun';\n" >&4
  waited=0
  until [ -e "$work/dump-begun" ] && grep -q '^begun$' "$work/count.out"; do
    if [ "$waited" -ge 200 ] || ! kill -0 "$counter" 2>/dev/null; then
      let_go
      cat "$work/dump-said" "$work/count-said" >"$work/sql-said" 2>/dev/null
      [ -s "$work/sql-said" ] && database_fault 'beginning the dump'
      fail database 'the dump did not begin within ten seconds in which commits were held back' 'look at what locks tables (SHOW PROCESSLIST); nothing waits any more'
    fi
    sleep 0.02
    waited=$((waited + 1))
  done
  hold "SELECT 'moment', DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-%dT%H:%i:%sZ'); SHOW BINLOG STATUS; BACKUP STAGE END;" || { let_go; database_fault 'letting commits go'; }
  say "commits waited for $((($(date +%s%N) - held_at) / 1000000)) ms"
  # SHOW BINLOG STATUS says nothing where none is written.
  binlog=$(awk -F '\t' '$1 !~ /^(held|moment)$/ && NF >= 2 { print $1 ":" $2 }' "$work/hold.out" | tail -n 1)
  moment=$(awk -F '\t' '$1 == "moment" { print $2 }' "$work/hold.out" | tail -n 1)
  exec 3>&-
  wait "$holder" 2>/dev/null

  say "dumping $# databases, about $(mebibytes "$expected_bytes")"
  await "$dumper" dump_progress
  if [ -e "$work/dump-status" ] || [ -e "$work/split-status" ]; then
    exec 4>&-
    cp "$work/dump-said" "$work/sql-said"
    grep -qi 'no space left' "$work/dump-said" && fail full "no room in $dumped" 'give the work folder more room'
    grep -q '(HY000)\|Got error\|Error:\|Error [0-9]' "$work/dump-said" && fail cut-off "the dump did not come to its end: $(last_line "$work/dump-said")" 'look at MariaDB; if a deploy changed tables meanwhile, start it again. Nothing was uploaded, nothing removed'
    fail cut-off 'the dump did not come to its end' 'look at the room in the work folder; nothing was uploaded, nothing removed'
  fi
  say 'counting and summing up, as of the same moment'
  sums_sql "$work/tables" >&4
  exec 4>&-
  await "$counter" say 'still counting' || { cp "$work/count-said" "$work/sql-said"; database_fault 'counting rows'; }
  grep -v '^begun$' "$work/count.out" | sums_json >"$work/sums.json" || fail unknown 'the counts cannot be read' 'report it'

  for name in "$@"; do
    [ -e "$dumped/$name/tables.sql" ] || : >"$dumped/$name/tables.sql"
    charset=$(echo "SELECT default_character_set_name, default_collation_name FROM information_schema.schemata WHERE schema_name = '$name'" | sql) || database_fault 'asking for character sets'
    counts=$(objects_count_sql "$name" | sql) || database_fault 'counting views and routines'
    views=$(grep -c '^/\*!50001 VIEW ' "$dumped/$name/objects.sql")
    jq -n --arg name "$name" --argjson views "$views" --arg charset "$charset" --arg counts "$counts" --slurpfile sums "$work/sums.json" \
      --argjson bytes "$(size_of "$dumped/$name")" '
      ($charset | split("\t")) as $set | ($counts | split("\t") | map(tonumber)) as $n
      | {($name): {characterSet: $set[0], collation: $set[1], bytes: $bytes, tables: ($sums[0][$name] // {}),
         views: $views, triggers: $n[1], routines: $n[2], events: $n[3]}}'
  done | jq -s 'add // {}' >"$work/databases.json"
  jq -n --arg platform "$BACKUP_PLATFORM" --arg server "$server" --arg made "$moment" --arg binlog "$binlog" \
    --arg volumes "$root/volumes" --slurpfile databases "$work/databases.json" \
    '{format: 1, platform: $platform, made: $made, server: $server, volumes: $volumes, binlog: (if $binlog == "" then null else $binlog end), databases: $databases[0]}' \
    >"$dumped/manifest.json"
}

# {name: {tables, rows}} of a manifest.
databases_said() { # manifest, databases or none for all
  manifest=$1
  shift
  jq -c '.databases | to_entries | map(select(($ARGS.positional | length) == 0 or (.key as $k | $ARGS.positional | index($k))) | {key, value: {tables: (.value.tables | length), rows: ([.value.tables[].rows] | add // 0)}}) | from_entries' "$manifest" --args "$@"
}

# A server that has lost its data, or one that its data has not come back to yet: a backup of that would be the newest, which is
# what is restored, and those that have the data would go one after the other.
refuse_emptiness() {
  # What a restore is to replace may be empty, and is no newest backup.
  [ -n "${BACKUP_DATABASES-}${BACKUP_VOLUMES-}" ] && [ -z "$empty$before" ] || return 0
  read_seeds
  [ "$(rows_of "$root_of_dump/mariadb/manifest.json")" = 0 ] || return 0
  for name in ${BACKUP_VOLUMES-}; do [ -z "$(files_of_volume "$name")" ] || return 0; done
  last=$(newest backup)
  [ -n "$last" ] || return 0
  in_repository dump --no-lock "$last" /mariadb/manifest.json >"$work/last.json" 2>"$work/said" || repository_fault "reading $last" $? "$work/said"
  had="$(rows_of "$work/last.json") rows"
  if [ "$had" = '0 rows' ]; then
    files=$(in_repository ls --no-lock --json --recursive "$last" "$(jq -r .volumes "$work/last.json")" 2>"$work/said" | jq -rn '[inputs | select(.type == "file")] | length')
    had="$files files"
    [ "$files" -gt 0 ] || return 0
  fi
  fail empty "nothing is left of what the last backup had, which was $had: there is nothing to back up" \
    'where the data was lost: ./proctor recover, or ./proctor backup restore. Where it was deleted on purpose: ./proctor backup now --empty'
}

# The first rows of schema files, which a new server has, too, as {database: {table: sum}}: $work/seeds.json.
read_seeds() {
  echo '{}' >"$work/seeds.json"
  [ -n "${BACKUP_DATABASES-}" ] || return 0
  there=$(echo "SELECT 1 FROM information_schema.tables WHERE table_schema = 'proctor_provision' AND table_name = 'seeds'" | sql) || database_fault 'asking for the rows of schema files'
  [ -n "$there" ] || return 0
  echo 'SELECT db, tbl, sum FROM proctor_provision.seeds' | sql >"$work/seeds" || database_fault 'asking for the rows of schema files'
  jq -Rn 'reduce (inputs | split("\t")) as [$db, $table, $sum] ({}; .[$db][$table] = $sum)' "$work/seeds" >"$work/seeds.json"
}

rows_of() { # manifest
  jq --slurpfile seeds "$work/seeds.json" '[.databases | to_entries[] | .key as $db | .value.tables | to_entries[]
    | select($seeds[0][$db][.key] != .value.sum) | .value.rows] | add // 0' "$1"
}

make_backup() {
  keep_policy >/dev/null || fail settings 'BACKUP_KEEP_… must be whole numbers' 'see contract/backup.ts' 78
  case ${BACKUP_READ_BACK:-all} in all | manifest) ;; *) fail settings "BACKUP_READ_BACK is '$BACKUP_READ_BACK'" 'take all or manifest' 78 ;; esac
  open_repository create
  look_at_clock
  root_of_dump=$work/dump upload_tags=''
  mkdir "$root_of_dump"
  if [ -n "${BACKUP_DATABASES-}" ]; then
    use_platform
    answers
    # shellcheck disable=SC2086
    sees_all $BACKUP_DATABASES
  fi
  expect_whole
  if [ -n "${BACKUP_DATABASES-}" ]; then
    dump_databases "$root_of_dump/mariadb" $BACKUP_DATABASES
    for name in $BACKUP_DATABASES; do upload_tags="$upload_tags database=$name"; done
    put databases "$(databases_said "$root_of_dump/mariadb/manifest.json")"
    [ -z "$binlog" ] || {
      upload_tags="$upload_tags binlog=$binlog moment=$moment"
      # Of which server that file is; an account that ships nothing may not read it.
      if head=$(log_identity_there "${binlog%:*}"); then upload_tags="$upload_tags log=${binlog%:*}@$head"
      elif ! grep -q 'REPLICATION SLAVE' "$work/sql-said"; then database_fault 'reading the head of the binary log'
      fi
    }
  else
    mkdir "$root_of_dump/mariadb"
    jq -n --arg platform "$BACKUP_PLATFORM" --arg made "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --arg volumes "$root/volumes" \
      '{format: 1, platform: $platform, made: $made, server: null, volumes: $volumes, binlog: null, databases: {}}' >"$root_of_dump/mariadb/manifest.json"
  fi
  link_volumes "$root_of_dump"
  refuse_emptiness
  say "uploading $(mebibytes "$(size_of "$root_of_dump")") and the volumes: ${BACKUP_VOLUMES:-none}"
  kind=backup
  # A kind of its own: what was damaged must not become the newest backup, nor take the place of one in what is kept.
  [ -z "$before" ] || kind=before-restore
  upload "$kind" "$root_of_dump" "mariadb $volume_paths"
  put_text snapshot "$made"
  put bytes "$bytes"
  put added "$added"
  read_back "$made"
  say "backup $made is good: $(mebibytes "$bytes"), the repository grew by $(mebibytes "$added")"
  [ -n "$before" ] || remove_old "$made"
}

# Half a database is not backed up as a whole one. A restore that is alive is in its last seconds then, and waited for.
expect_whole() {
  waited=0
  while half=$(half_restored) || database_fault 'asking for restores'; [ -n "$half" ]; do
    [ "$waited" -lt "$patience" ] || fail unfinished "a restore has left half in place: $(echo $half)" \
      'run the restore into the platform again: it finishes that first'
    sleep 1
    waited=$((waited + 1))
  done
}
