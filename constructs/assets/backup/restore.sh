# shellcheck shell=sh disable=SC2154,SC2086,SC2016,SC2028
# A database comes back beside the one in use, under another name; it is held against what was recorded when the backup was
# made; only then, and in one statement, it takes the other's place. What is under way is written down in MariaDB itself,
# in proctor_restore.restores, so that the next run, wherever it is, finishes or undoes what was interrupted.

restored=restore_ replaced=replaced_

# A file of the backup, to standard output: of the folder that "--at" made, of what was read already, or of the repository.
backup_file() { # database/file
  if [ -n "${restored_from-}" ]; then cat "$restored_from/$1"
  elif [ -e "$work/heads/$1" ]; then cat "$work/heads/$1"
  else reading dump "$snapshot" "/mariadb/$1"
  fi
}

# The rows of a database, for who reads the pipe $work/rows-<database>. restic opens the repository for them while something
# else is done; "cat" waits for the reader in its stead, since what nobody has open keeps nothing.
open_rows() { # database
  [ -n "${1-}" ] && [ ! -p "$work/rows-$1" ] || return 0
  mkfifo "$work/rows-$1"
  { backup_file "$1/tables.sql" 2>"$work/rows-said-$1" || echo $? >"$work/rows-status-$1"; } | cat >"$work/rows-$1" &
  echo $! >"$work/rows-pid-$1"
}

# Sets $charset, $collation and $size.
database_facts() { # database
  while read -r each charset collation size && [ "$each" != "$1" ]; do :; done <"$work/facts"
}

# Into an empty database of this name.
load_database() { # database, name it gets, database that comes next or nothing, with-objects or nothing
  database_facts "$1"
  say "reading in $1: $(mebibytes "$size")"
  # What is beside is no change of the platform's: its rows are in no log that is shipped.
  unlogged=''
  [ "$into" = platform ] || unlogged='SET SESSION sql_log_bin = 0;'
  echo "$unlogged DROP DATABASE IF EXISTS $(identifier "$2"); CREATE DATABASE $(identifier "$2") CHARACTER SET $charset COLLATE $collation;" | sql || database_fault "making $2"
  open_rows "$1"
  open_rows "$3"
  # Foreign keys are checked by the sums. The dump says itself which characters it has; as bytes the client is through them with
  # a quarter less of the processor's time, and it is what a restore waits for.
  mariadb --defaults-file="$cnf" --default-character-set=binary --binary-mode --max-allowed-packet=1G ${unlogged:+"--init-command=$unlogged"} "$2" <"$work/rows-$1" 2>"$work/sql-said" 9>&- &
  loaded=0
  await $! say "still reading in $1" || loaded=1
  wait "$(cat "$work/rows-pid-$1")" 2>/dev/null
  # Which of the two ended the other: a server that refuses a statement breaks the pipe, and half a file is no statement.
  if [ -e "$work/rows-status-$1" ] && { [ "$loaded" -eq 0 ] || { [ -s "$work/rows-said-$1" ] && ! grep -qi 'broken pipe' "$work/rows-said-$1"; }; }; then
    repository_fault "reading $1 from the repository" "$(cat "$work/rows-status-$1")" "$work/rows-said-$1"
  fi
  [ "$loaded" -eq 0 ] || database_fault "reading in $1"
  rm -f "$work/rows-$1" "$work/rows-status-$1" "$work/rows-said-$1" "$work/rows-pid-$1"
  # In a throw-away server alone.
  [ -n "${4-}" ] || return 0
  backup_file "$1/objects.sql" >"$work/objects-of.sql" 2>"$work/said" || repository_fault "reading $1 from the repository" $? "$work/said"
  make_definers <"$work/objects-of.sql"
  mariadb --defaults-file="$cnf" --binary-mode --max-allowed-packet=1G "$2" <"$work/objects-of.sql" 2>"$work/sql-said" 9>&- || database_fault "making views and routines of $1"
}

next_of() { # name, names
  name=$1 seen=''
  shift
  for each in "$@"; do
    [ -z "$seen" ] || { echo "$each"; return; }
    [ "$each" != "$name" ] || seen=yes
  done
}

# Rows and sums, as recorded.
verify_databases() { # prefix of their names here, databases
  prefix=$1
  shift
  set -- "$@"
  here=$(for name in "$@"; do printf '%s ' "$prefix$name"; done)
  say 'counting and summing up what was read in'
  tables_sql $here | sql >"$work/here.tables" || database_fault 'listing tables'
  sums_sql "$work/here.tables" >"$work/here.sql"
  { sql <"$work/here.sql" >"$work/here.out"; } &
  await $! say 'still counting' || database_fault 'counting what was read in'
  sums_json <"$work/here.out" >"$work/here.json" || fail unknown 'the counts cannot be read' 'report it'
  jq -r --arg prefix "$prefix" --arg server "$server" --slurpfile here "$work/here.json" '
    def minor: split(".")[:2] | join(".");
    ((.server // "") | minor) as $before
    | $ARGS.positional[] as $name
    | .databases[$name].tables as $was | ($here[0][$prefix + $name] // {}) as $is
    | (($was | keys) + ($is | keys) | unique)[] as $table
    | if $is[$table] == null then "\($name).\($table) is not there"
      elif $was[$table] == null then "\($name).\($table) was not there"
      elif $is[$table].rows != $was[$table].rows then "\($name).\($table) has \($is[$table].rows) rows, not \($was[$table].rows)"
      elif $before == ($server | minor) and $is[$table].sum != $was[$table].sum then "\($name).\($table) has the sum \($is[$table].sum), not \($was[$table].sum)"
      else empty end' "$work/manifest.json" --args "$@" >"$work/differences" || fail unknown 'the counts cannot be compared' 'report it'
  IFS=' .' read -r _ major minor _ <"$work/facts"
  was=$major.$minor
  case $server in
    "$was."*) ;;
    *) warn "rows were counted, and no sums compared: the backup is of MariaDB $was, and this is ${server%%-*}. Build the image of the backup with the platform's version (images/backup)" ;;
  esac
  [ -s "$work/differences" ] || return 0
  head -n 10 "$work/differences" >&2
  fail differs "what was read in is not what was backed up: $(head -n 1 "$work/differences")" 'nothing was replaced; take another backup (list), and run "check"'
}

verify_objects() { # database, its name here
  is=$(objects_count_sql "$2" | sql | tr '\t' ' ') || database_fault 'counting views and routines'
  was=$(jq -r --arg name "$1" '.databases[$name] | "\(.views) \(.triggers) \(.routines) \(.events)"' "$work/manifest.json")
  [ "$is" = "$was" ] || fail differs "$1 has $is views, triggers, routines and events, not $was" 'nothing was replaced; take another backup (list)'
}

open_journal() {
  sql <<'END' || database_fault 'making proctor_restore, where is written how far a restore is'
CREATE DATABASE IF NOT EXISTS proctor_restore CHARACTER SET utf8mb4;
CREATE TABLE IF NOT EXISTS proctor_restore.restores (
  name VARCHAR(64) PRIMARY KEY, snapshot VARCHAR(64) NOT NULL, phase VARCHAR(16) NOT NULL, collation VARCHAR(64) NOT NULL,
  was_writable TINYINT NOT NULL DEFAULT 0,
  objects LONGBLOB NOT NULL, old_objects LONGBLOB NOT NULL, begun TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP) ENGINE = InnoDB;
END
  # Held by a session that ends with this run.
  mkfifo "$work/lock"
  mariadb --defaults-file="$cnf" --batch --skip-column-names --unbuffered <"$work/lock" >"$work/lock.out" 2>/dev/null 9>&- &
  locker=$!
  exec 6>"$work/lock"
  printf "SET SESSION wait_timeout = 86400; SELECT GET_LOCK('proctor_restore', 0);\n" >&6
  until [ -s "$work/lock.out" ]; do kill -0 "$locker" 2>/dev/null || database_fault 'taking the lock of restores'; sleep 0.05; done
  [ "$(cat "$work/lock.out")" = 1 ] || fail locked 'another restore is at work' 'wait for its end'
}

# What an interrupted restore has left half in place, one a line: databases, and volumes after their kind.
half_restored() {
  half_volumes
  [ -z "${BACKUP_DATABASES-}" ] || half_databases
}

half_volumes() {
  for name in ${BACKUP_VOLUMES-}; do
    [ ! -e "$root/volumes/$name/.restore/.whole" ] || echo "volume $name"
  done
}

half_databases() {
  journal=$(echo "SELECT 1 FROM information_schema.tables WHERE table_schema = 'proctor_restore' AND table_name = 'restores'" | sql) || return 1
  [ -z "$journal" ] || echo "SELECT name FROM proctor_restore.restores WHERE phase = 'swapping'" | sql
}

# With applications at work nothing takes another one's place.
refuse_half() { # what is
  # shellcheck disable=SC2116
  [ -z "$1" ] || fail unfinished "a restore into the platform was cut off and is half in place: $(echo $1)" \
    'run it again, into the platform: with nobody writing it is finished first'
}

# A restore that was interrupted before anything was in place.
undo_interrupted() {
  echo "SELECT name FROM proctor_restore.restores WHERE phase = 'loading'" | sql >"$work/interrupted" || database_fault 'asking what was interrupted'
  while read -r name <&5; do
    say "undoing an interrupted restore of $name, which was not in place yet"
    echo "DROP DATABASE IF EXISTS $(identifier "$restored$name"); DELETE FROM proctor_restore.restores WHERE name = '$name'" | sql || database_fault 'undoing'
  done 5<"$work/interrupted"
}

# Its counterpart, where the new one may have been in place.
finish_interrupted() {
  waiting=$(echo "SELECT GROUP_CONCAT(name SEPARATOR ' ') FROM proctor_restore.restores WHERE phase = 'swapping' HAVING COUNT(*) > 0" | sql) || database_fault 'asking what was interrupted'
  [ -z "$waiting" ] || {
    say "finishing an interrupted restore of $waiting"
    swap_in $waiting
  }
}

base64_of() { base64 <"$1" | tr -d '\n'; }

# The names of a database's base tables and sequences, as parts of RENAME TABLE.
renames_sql() { # from, to
  cat <<END
SET SESSION group_concat_max_len = 100000000;
SELECT COALESCE(GROUP_CONCAT('\`$1\`.\`', REPLACE(table_name, '\`', '\`\`'), '\` TO \`$2\`.\`', REPLACE(table_name, '\`', '\`\`'), '\`' SEPARATOR ', '), '')
FROM information_schema.tables WHERE table_schema = '$1' AND table_type IN ('BASE TABLE', 'SEQUENCE', 'SYSTEM VERSIONED');
END
}

drop_objects_sql() { # database, kinds
  for kind in $2; do
    case $kind in
      trigger) echo "SELECT CONCAT('DROP TRIGGER IF EXISTS \`$1\`.\`', REPLACE(trigger_name, '\`', '\`\`'), '\`;') FROM information_schema.triggers WHERE trigger_schema = '$1';" ;;
      view) echo "SELECT CONCAT('DROP VIEW IF EXISTS \`$1\`.\`', REPLACE(table_name, '\`', '\`\`'), '\`;') FROM information_schema.views WHERE table_schema = '$1';" ;;
      routine) echo "SELECT CONCAT('DROP ', routine_type, ' IF EXISTS \`$1\`.\`', REPLACE(routine_name, '\`', '\`\`'), '\`;') FROM information_schema.routines WHERE routine_schema = '$1';" ;;
      event) echo "SELECT CONCAT('DROP EVENT IF EXISTS \`$1\`.\`', REPLACE(event_name, '\`', '\`\`'), '\`;') FROM information_schema.events WHERE event_schema = '$1';" ;;
    esac
  done
}

drop_objects() { # database, kinds
  drop_objects_sql "$1" "$2" | sql --raw >"$work/drop.sql" || database_fault "listing triggers of $1"
  [ ! -s "$work/drop.sql" ] || sql <"$work/drop.sql" || database_fault "dropping triggers of $1"
}

# Puts the restored databases in the place of those in use, all of them in one statement. proctor_restore.waiting is renamed
# with them, so that the next run knows whether that was done; the rest can be done twice.
swap_in() { # databases
  # A signal would only lengthen what is a matter of seconds.
  trap '' TERM INT QUIT
  for name in "$@"; do echo "CREATE DATABASE IF NOT EXISTS $(identifier "$name");"; done | sql || database_fault 'making databases'
  pending=$(echo "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'proctor_restore' AND table_name = 'waiting'" | sql) || database_fault 'asking how far it is'
  [ "$pending" = 0 ] || take_place "$@"
  for name in "$@"; do
    collation=$(echo "SELECT collation FROM proctor_restore.restores WHERE name = '$name'" | sql) || database_fault 'asking for its collation'
    echo "ALTER DATABASE $(identifier "$name") COLLATE $collation" | sql || database_fault "setting the collation of $name"
    drop_objects "$name" 'trigger view routine event'
    kept_objects objects "$name"
    sql "$name" <"$work/objects.sql" || database_fault "making views and triggers of $name (its rows are in place; start the restore again)"
    echo "DROP DATABASE IF EXISTS $(identifier "$restored$name")" | sql || database_fault "tidying up after $name"
  done
  writers_again
  echo "UPDATE proctor_restore.restores SET phase = 'done' WHERE phase = 'swapping'" | sql || database_fault 'writing down that it is done'
  for name in "$@"; do say "$name is in place; what it was is $replaced$name until the next restore, or 'restore --discard'"; done
  trap interrupted TERM INT QUIT
}

take_place() { # databases
  # Between the renaming and the making of its triggers, a row could pass a trigger by: nobody writes then.
  triggers=$(echo "SELECT COALESCE(SUM(r.objects LIKE '%TRIGGER%' OR r.old_objects LIKE '%TRIGGER%'), 0) FROM proctor_restore.restores r WHERE phase = 'swapping'" | sql) || database_fault 'asking for triggers'
  [ "$triggers" = 0 ] || {
    echo "UPDATE proctor_restore.restores SET was_writable = 1 WHERE phase = 'swapping' AND @@read_only = 0; SET SESSION lock_wait_timeout = 10; SET GLOBAL read_only = ON;" | sql || swap_failed 'keeping writers out' "$@"
  }
  for name in "$@"; do
    drop_objects "$name" trigger
    echo "DROP DATABASE IF EXISTS $(identifier "$replaced$name"); CREATE DATABASE $(identifier "$replaced$name")" | sql || database_fault "making $replaced$name"
  done
  {
    # Who waits for tables makes others wait behind it: five seconds, six times.
    printf 'SET SESSION lock_wait_timeout = %s;\nRENAME TABLE ' "${BACKUP_WRITERS_WAIT:-5}"
    for name in "$@"; do
      away=$(renames_sql "$name" "$replaced$name" | sql --raw) && back=$(renames_sql "$restored$name" "$name" | sql --raw) || exit 1
      printf '%s' "${away:+$away, }${back:+$back, }"
    done
    printf 'proctor_restore.waiting TO proctor_restore.renamed;\n'
  } >"$work/rename.sql" || database_fault 'listing tables'
  tries=0
  until sql <"$work/rename.sql"; do
    tries=$((tries + 1))
    if grep -q ' 1205 ' "$work/sql-said" && [ "$tries" -lt 6 ]; then
      say 'a session holds the tables, trying again'
      sleep 1
    else
      swap_failed 'putting them in place' "$@"
    fi
  done
}

kept_objects() { # column, database; to $work/objects.sql
  echo "SELECT REPLACE(TO_BASE64($1), '\n', '') FROM proctor_restore.restores WHERE name = '$2'" | sql --raw | base64 -d >"$work/objects.sql"
}

writers_again() {
  [ "$(echo "SELECT COALESCE(MAX(was_writable), 0) FROM proctor_restore.restores WHERE phase = 'swapping'" | sql)" != 1 ] || {
    echo "SET GLOBAL read_only = OFF; UPDATE proctor_restore.restores SET was_writable = 0" | sql || database_fault 'letting writers in again (SET GLOBAL read_only = OFF)'
  }
}

# Those in use stay, with the triggers that they had.
swap_failed() { # what was done, databases
  doing=$1
  shift
  cp "$work/sql-said" "$work/swap-said"
  for name in "$@"; do
    kept_objects old_objects "$name"
    sql "$name" <"$work/objects.sql" || say "the triggers of $name could not be made again: $(last_line "$work/sql-said")"
  done
  writers_again
  for name in "$@"; do echo "DROP DATABASE IF EXISTS $(identifier "$restored$name"); DELETE FROM proctor_restore.restores WHERE name = '$name';"; done | sql
  cp "$work/swap-said" "$work/sql-said"
  database_fault "$doing"
}

# Foreign keys from a database that stays would go on to the one that is put aside.
refuse_strangers() { # databases
  # InnoDB's own list has those of databases that this account may not see; in it names are as file names are.
  strangers=$(for name in "$@"; do
    file=$(printf '%s' "$name" | sed 's/-/@002d/g; s/\./@002e/g')
    echo "SELECT for_name FROM information_schema.innodb_sys_foreign WHERE SUBSTRING_INDEX(ref_name, '/', 1) = '$file' AND SUBSTRING_INDEX(for_name, '/', 1) <> '$file' AND for_name NOT LIKE 'replaced\\_%' AND for_name NOT LIKE 'restore\\_%' LIMIT 3;"
  done | sql | tr '\n' ' ') || database_fault 'asking for foreign keys'
  [ -z "$strangers" ] || fail settings "foreign keys of another database lead into what is to be replaced: $strangers" 'restore --into scratch, and copy what you need; or drop those keys first'
}

# What another restore has left: nothing is half in place after it.
finish_restore() {
  for name in ${BACKUP_VOLUMES-}; do finish_volume "$name"; done
  [ -n "${BACKUP_DATABASES-}" ] || return 0
  use_platform
  answers
  open_journal
  undo_interrupted
  finish_interrupted
}

discard() {
  [ -z "${BACKUP_DATABASES-}" ] || { use_platform; answers; }
  half=$(half_restored) || database_fault 'asking for restores'
  refuse_half "$half"
  for name in ${BACKUP_VOLUMES-}; do discard_of_volume "$name"; done
  [ -n "${BACKUP_DATABASES-}" ] || return 0
  open_journal
  undo_interrupted
  for name in ${BACKUP_DATABASES-}; do
    echo "DROP DATABASE IF EXISTS $(identifier "$restored$name"); DROP DATABASE IF EXISTS $(identifier "$replaced$name");"
  done | sql || database_fault 'dropping what restores left'
  echo 'DROP DATABASE IF EXISTS proctor_restore' | sql || database_fault 'dropping proctor_restore'
  say 'nothing of earlier restores is left'
}

prepare_databases() { # databases
  use_platform
  answers
  open_journal
  undo_interrupted
  if [ "$into" = scratch ]; then
    half=$(half_databases) || database_fault 'asking for restores'
    refuse_half "$half"
  else
    finish_interrupted
    refuse_strangers "$@"
  fi
}

# What comes back is beside what is there until it has its place, and in the binary log, too, where it is for the platform. A
# dump has no indexes, and of what was deleted there is less in use than comes back: the larger of the two is what it takes.
expect_room() { # databases
  [ -n "$room" ] || return 0
  needed=0
  for name in "$@"; do database_facts "$name"; needed=$((needed + size)); done
  list=$(for name in "$@"; do printf "'%s'," "$name"; done)
  live=$(echo "SELECT COALESCE(SUM(data_length + index_length), 0) FROM information_schema.tables WHERE table_schema IN (${list%,})" | sql) || database_fault 'asking for sizes'
  [ "$needed" -ge "$live" ] || needed=$live
  logs=$(echo 'SELECT @@log_bin' | sql) || database_fault 'asking for its log'
  [ "$into" = scratch ] || [ "$logs" != 1 ] || needed=$((needed * 2))
  [ "$room" -gt "$needed" ] || fail full "MariaDB's volume has room for $(mebibytes "$room"), and what comes back takes about $(mebibytes "$needed") beside what is there" \
    'make room on it, restore one database at a time (--database), or drop what earlier restores left (restore --discard)'
}

restore_databases() { # databases
  expect_room "$@"
  if [ -n "$at" ]; then
    make_state_of "$@"
    use_platform
    answers
  fi
  for name in "$@"; do
    backup_file "$name/objects.sql" >"$work/new-objects.sql" 2>"$work/said" || repository_fault "reading $name" $? "$work/said"
    dump_triggers "$name" >"$work/old-objects.sql" || database_fault "keeping triggers of $name"
    database_facts "$name"
    {
      printf "REPLACE INTO proctor_restore.restores (name, snapshot, phase, collation, objects, old_objects) VALUES ('%s', '%s', 'loading', '%s', FROM_BASE64('" "$name" "$snapshot" "$collation"
      base64_of "$work/new-objects.sql"
      printf "'), FROM_BASE64('"
      base64_of "$work/old-objects.sql"
      printf "'));\n"
    } | sql || database_fault 'writing down what is under way'
    load_database "$name" "$restored$name" "$(next_of "$name" "$@")"
  done
  verify_databases "$restored" "$@"
  if [ "$into" = scratch ]; then
    for name in "$@"; do
      echo "DELETE FROM proctor_restore.restores WHERE name = '$name'" | sql || database_fault 'writing down that it is done'
      say "$name is $restored$name now, beside the one in use, without its views, triggers, routines and events"
    done
    return
  fi
  {
    echo 'DROP TABLE IF EXISTS proctor_restore.renamed; CREATE TABLE IF NOT EXISTS proctor_restore.waiting (nothing INT) ENGINE = InnoDB;'
    echo "UPDATE proctor_restore.restores SET phase = 'swapping' WHERE phase = 'loading'"
  } | sql || database_fault 'writing down how far it is'
  swap_in "$@"
}

databases_of_backup() { grep -v / "$work/contents"; }

# What to restore, and all that can be done of it while the backup's manifest comes.
begin_restore() {
  names=$only
  [ -n "$only$only_volumes" ] || {
    names=$(databases_of_backup)
    # In their place only by name: who replaces a database need not want older files.
    [ "$into" = platform ] || mounted_volumes
  }
  for name in $names; do
    grep -qxF "$name" "$work/contents" ||
      fail no-backup "the backup $snapshot has no database $name" "it has: $(databases_of_backup | tr '\n' ' ')"
  done
  for name in $only_volumes; do
    grep -qxF "/$name" "$work/contents" || fail no-backup "the backup $snapshot has no volume $name" 'see "list" for what is in which'
  done
  [ "$into" = platform ] || refuse_half "$(half_volumes)"
  [ -n "$names" ] || return 0
  # shellcheck disable=SC2086
  set -- $names
  [ -n "$at" ] || open_rows "$1"
  prepare_databases "$@"
}

restore_backup() {
  case $into in scratch | platform) ;; *) fail settings "--into is '$into'" 'take scratch or platform' 64 ;; esac
  [ -z "$discard" ] || { discard; return; }
  [ -z "$finish" ] || { finish_restore; return; }
  [ -z "$at" ] || [ -z "$snapshot" ] || fail settings '--at and --snapshot say two things' 'take one of them' 64
  [ "$patience" -lt 10 ] || lock_patience=10
  open_repository
  look_at_clock
  [ -z "$at" ] || choose_base
  choose_snapshot begin_restore
  put_text snapshot "$snapshot"
  put_text into "$into"
  if [ -n "$names" ]; then
    restore_databases $names
    put databases "$(databases_said "$work/manifest.json" $names)"
    all_bytes=0
    for name in $names; do database_facts "$name"; all_bytes=$((all_bytes + size)); done
    put bytes "$all_bytes"
  fi
  for name in $only_volumes; do restore_volume "$name"; done
  [ ! -e "$work/unlocked" ] ||
    warn 'the repository was locked by somebody who prunes or checks it, or was killed at it: it was read all the same'
  [ -z "$only_volumes" ] || put volumes "$(printf '%s\n' $only_volumes | jq -R . | jq -cs .)"
}
