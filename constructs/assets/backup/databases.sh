# shellcheck shell=sh disable=SC2154,SC2016,SC2119,SC2120
# MariaDB, asked by its own client. Who logs in is in a file that nobody else reads: not in arguments.

# Which server the rest talks to: the platform's, or one that is thrown away.
use_platform() {
  secret database_password 'the account of backups'
  cnf=$work/platform.cnf
  {
    printf '[client]\nhost=%s\nport=%s\nuser=%s\nprotocol=tcp\n' \
      "${BACKUP_DB_HOST:-mariadb}" "${BACKUP_DB_PORT:-3306}" "${BACKUP_DB_USER:-backup}"
    printf 'password="'
    tr -d '\n\r' <"$secrets/database_password" | sed 's/\\/\\\\/g; s/"/\\"/g'
    # The other programs do not know it.
    printf '"\n[mariadb-client]\ndefault-character-set=utf8mb4\nconnect-timeout=%s\n' "$patience"
  } >"$cnf"
}

# Statements on standard input; names and values come without a frame.
sql() { mariadb --defaults-file="$cnf" --batch --skip-column-names --binary-mode "$@" 2>"$work/sql-said" 9>&-; }

database_fault() { # what was done
  said=$(last_line "$work/sql-said")
  case $said in
    *'(28000)'* | *'(42000): Access denied'* | *' 1045 '* | *' 1227 '*) fail database "MariaDB refuses the account ${BACKUP_DB_USER:-backup} ($1): $said" 'a deploy makes it and gives it its rights; see backupGrants and restoreGrants in contract/backup.ts' ;;
    *' 1205 '* | *' 1969 '*) fail writers "sessions hold what is needed ($1): $said" 'end long transactions (SHOW PROCESSLIST), or stop the applications, then start it again; nothing was changed' ;;
    *'No space left'* | *' 1114 '* | *' 28 '* | *' 1021 '*) fail full "MariaDB has no room ($1): $said" 'make room on its volume; what was in use is untouched' ;;
    *) fail database "MariaDB fails ($1): $said" 'look at its log; nothing was changed' ;;
  esac
}

answers() {
  echo 'SELECT VERSION()' | sql >"$work/version" || database_fault "logging in at ${BACKUP_DB_HOST:-mariadb}"
  server=$(cat "$work/version")
}

# What the account may not see is not dumped, and nothing says so: it must be able to see all.
sees_all() { # databases
  echo 'SELECT COUNT(*) FROM mysql.proc' | sql >/dev/null || database_fault 'looking at routines'
  for name in "$@"; do
    cat <<END
SELECT '$name', GROUP_CONCAT(p.privilege) FROM
  (SELECT 'SELECT' AS privilege UNION SELECT 'SHOW VIEW' UNION SELECT 'TRIGGER' UNION SELECT 'EVENT') p
WHERE NOT EXISTS (SELECT 1 FROM information_schema.user_privileges u WHERE u.privilege_type = p.privilege)
  AND NOT EXISTS (SELECT 1 FROM information_schema.schema_privileges s WHERE '$name' LIKE s.table_schema AND s.privilege_type = p.privilege)
HAVING COUNT(*) > 0;
END
  done | sql >"$work/blind" || database_fault 'asking for its rights'
  [ -s "$work/blind" ] || return 0
  fail database "the account ${BACKUP_DB_USER:-backup} lacks rights, so not all would be in the backup: $(head -n 1 "$work/blind" | tr '\t' ' ')" \
    'a deploy gives it its rights; see backupGrants in contract/backup.ts'
}

# A column that tells what a table's content is: a checksum, of the server where a dump keeps each bit. Of FLOAT it keeps
# six digits: what those tables say as text is summed up. What a sequence or a versioned table is made of differs.
# Writes for each table: kind, database, table; then the statements that count and sum it.
tables_sql() { # databases
  list=$(for name in "$@"; do printf "'%s'," "$name"; done)
  cat <<END
SET SESSION group_concat_max_len = 1000000;
SELECT
  CASE WHEN t.table_type = 'SEQUENCE' THEN 'sequence'
       WHEN t.table_type = 'SYSTEM VERSIONED' THEN 'versioned'
       WHEN EXISTS (SELECT 1 FROM information_schema.columns c WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name AND c.data_type = 'float') THEN 'text'
       ELSE 'table' END AS kind,
  t.table_schema, t.table_name, COALESCE(t.engine, '?'),
  (SELECT GROUP_CONCAT('COALESCE(QUOTE(\`', REPLACE(c.column_name, '\`', '\`\`'), '\`),''NULL'')' ORDER BY c.ordinal_position SEPARATOR ',')
     FROM information_schema.columns c WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name AND c.data_type <> 'point')
FROM information_schema.tables t
WHERE t.table_schema IN (${list%,}) AND t.table_type IN ('BASE TABLE', 'SEQUENCE', 'SYSTEM VERSIONED')
ORDER BY t.table_schema, t.table_name;
END
}

# From those lines the statements: two results for each table, 'rows' and a sum.
sums_sql() { # file of tables
  awk -F '\t' '
    function name(text) { gsub(/`/, "``", text); return "`" text "`" }
    function text(value) { gsub(/\\/, "\\\\", value); gsub(/\047/, "\047\047", value); return "\047" value "\047" }
    {
      table = name($2) "." name($3)
      print "SELECT \047rows\047, " text($1) ", " text($2) ", " text($3) ", COUNT(*) FROM " table ";"
      if ($1 == "table") print "CHECKSUM TABLE " table ";"
      else if ($1 == "text") print "SELECT \047sum\047, COALESCE(SUM(CRC32(CONCAT_WS(\047,\047," $5 "))), 0) FROM " table ";"
      else print "SELECT \047sum\047, \047-\047;"
    }' "$1"
}

# Results of those statements, as {database: {table: {rows, sum, kind}}}.
sums_json() {
  jq -cRn '
    reduce inputs as $line ({now: null, all: {}};
      ($line | split("\t")) as $fields
      | if $fields[0] == "rows" and ($fields | length) == 5 then .now = $fields
        else .all[.now[2]][.now[3]] = {rows: (.now[4] | tonumber), sum: $fields[-1], kind: .now[1]} end)
    | .all'
}

identifier() { printf '`%s`' "$(printf '%s' "$1" | sed 's/`/``/g')"; }

# What is in it that is no table: views, triggers, routines, events.
objects_count_sql() { # database
  cat <<END
SELECT (SELECT COUNT(*) FROM information_schema.views WHERE table_schema = '$1'),
  (SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_schema = '$1'),
  (SELECT COUNT(*) FROM information_schema.routines WHERE routine_schema = '$1'),
  (SELECT COUNT(*) FROM information_schema.events WHERE event_schema = '$1');
END
}

# Views, triggers, routines and events of a database, without its tables, to standard output.
dump_objects() { # database
  set -- "$1"
  views=$(echo "SELECT table_name FROM information_schema.views WHERE table_schema = '$1' ORDER BY table_name" | sql) || return 1
  mariadb-dump --defaults-file="$cnf" --single-transaction --skip-dump-date --skip-tz-utc --no-data --no-create-info --add-drop-trigger \
    --routines --events --triggers --skip-lock-tables "$1" 2>"$work/sql-said" 9>&- || return 1
  [ -n "$views" ] || return 0
  # With the stand-ins that let one view use another. One that is broken is no reason to have no backup: it is left out.
  # shellcheck disable=SC2086
  mariadb-dump --defaults-file="$cnf" --single-transaction --skip-dump-date --skip-lock-tables --skip-triggers --no-data --force "$1" $views \
    2>"$work/views-said" 9>&-
  if [ -s "$work/views-said" ]; then warn "not in the backup: $(last_line "$work/views-said")"; fi
}

# Triggers alone, of tables as they are now.
dump_triggers() { # database
  having=$(echo "SELECT DISTINCT event_object_table FROM information_schema.triggers WHERE trigger_schema = '$1'" | sql) || return 1
  [ -n "$having" ] || return 0
  printf '%s\n' "$having" >"$work/having"
  set -- "$1"
  while IFS= read -r table; do set -- "$@" "$table"; done <"$work/having"
  mariadb-dump --defaults-file="$cnf" --single-transaction --skip-dump-date --skip-lock-tables --no-data --no-create-info --add-drop-trigger \
    --triggers "$@" 2>"$work/sql-said" 9>&-
}
