#!/bin/bash
# Starts MariaDB as the official image does: the data folder made on the first start, with a temporary server that
# gets the same arguments and no network; root drops to user mysql; MARIADB_X, MYSQL_X or X_FILE set it up.
set -euo pipefail
shopt -s nullglob

note() { printf '[entrypoint] %s\n' "$*"; }
fail() { printf '[entrypoint] %s\n' "$*" >&2; exit 1; }

# MARIADB_X from itself, MYSQL_X, or a file that either one names with _FILE.
setting() {
  local name prefix file
  for prefix in MARIADB MYSQL; do
    name=${prefix}_$1 file=${prefix}_$1_FILE
    [ -z "${!name:-}" ] || [ -z "${!file:-}" ] || fail "$name and $file are both set: unset one"
    if [ -n "${!name:-}" ]; then printf '%s' "${!name}"; return; fi
    if [ -n "${!file:-}" ]; then cat "${!file}"; return; fi
  done
}

sql() { mariadb --protocol=socket --socket="$socket" -uroot -hlocalhost --comments "$@"; }
quote() { local text=${1//\\/\\\\}; printf "'%s'" "${text//\'/\\\'}"; }
name() { printf '`%s`' "${1//\`/\`\`}"; }

start_temporary() {
  "$@" --skip-networking --default-time-zone=SYSTEM --socket="$socket" --wsrep_on=OFF --expire-logs-days=0 \
    --loose-innodb_buffer_pool_load_at_startup=0 &
  temporary=$!
  for _ in $(seq 300); do
    if sql --database=mysql -e 'SELECT 1' >/dev/null 2>&1; then return; fi
    kill -0 "$temporary" 2>/dev/null || fail 'the temporary server ended'
    sleep 0.1
  done
  fail 'the temporary server does not answer'
}

set_up() {
  local password hash database user user_password host root
  password=$(setting ROOT_PASSWORD)
  hash=$(setting ROOT_PASSWORD_HASH)
  if [ -n "$(setting RANDOM_ROOT_PASSWORD)" ]; then
    password=$(pwgen --numerals --capitalize --symbols --remove-chars="'\\" -1 32)
    note "GENERATED ROOT PASSWORD: $password"
  fi
  host=$(setting ROOT_HOST)
  host=${host:-%}
  root="BY $(quote "$password")"
  [ -z "$hash" ] || root="BY PASSWORD $(quote "$hash")"
  health=$(pwgen -1 32)
  {
    echo "SET @@SESSION.SQL_LOG_BIN=0; SET @@SESSION.SQL_MODE=REPLACE(@@SESSION.SQL_MODE, 'NO_BACKSLASH_ESCAPES', '');"
    # What mariadb-install-db makes beside root@localhost; names of hosts mean nothing to skip-name-resolve.
    echo "DROP USER IF EXISTS ''@'localhost', ''@'$(hostname)', 'root'@'$(hostname)', 'root'@'127.0.0.1', 'root'@'::1';"
    if [ "$host" != localhost ]; then
      echo "CREATE USER 'root'@$(quote "$host") IDENTIFIED $root;"
      echo "GRANT ALL ON *.* TO 'root'@$(quote "$host") WITH GRANT OPTION;"
    fi
    for address in 127.0.0.1 ::1 localhost; do
      echo "CREATE USER IF NOT EXISTS 'healthcheck'@'$address' IDENTIFIED BY '$health';"
      echo "GRANT USAGE ON *.* TO 'healthcheck'@'$address';"
    done
    database=$(setting DATABASE) user=$(setting USER) user_password=$(setting PASSWORD)
    [ -z "$database" ] || echo "CREATE DATABASE IF NOT EXISTS $(name "$database");"
    if [ -n "$user" ] && [ -n "$user_password" ]; then
      echo "CREATE USER $(quote "$user")@'%' IDENTIFIED BY $(quote "$user_password");"
      [ -z "$database" ] || echo "GRANT ALL ON $(name "${database//_/\\_}").* TO $(quote "$user")@'%';"
    fi
    if [ -n "$hash" ]; then
      echo "SET PASSWORD FOR 'root'@'localhost' = $(quote "$hash");"
    else
      echo "SET PASSWORD FOR 'root'@'localhost' = PASSWORD($(quote "$password"));"
    fi
  } | sql --database=mysql
  export MYSQL_PWD=$password
  printf '[mariadb-client]\nport=3306\nsocket=%s\nuser=healthcheck\npassword=%s\n' "$socket" "$health" >"$datadir/.my-healthcheck.cnf"
}

run_initdb() {
  local file database
  database=$(setting DATABASE)
  for file in /docker-entrypoint-initdb.d/*; do
    note "running $file"
    case $file in
      *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
      *.sql) sql ${database:+--database="$database"} <"$file" ;;
      *.sql.gz) gunzip -c "$file" | sql ${database:+--database="$database"} ;;
      *) note "ignoring $file" ;;
    esac
  done
}

initialise() {
  [ -n "$(setting ROOT_PASSWORD)$(setting ROOT_PASSWORD_HASH)$(setting ALLOW_EMPTY_ROOT_PASSWORD)$(setting ALLOW_EMPTY_PASSWORD)$(setting RANDOM_ROOT_PASSWORD)" ] ||
    fail 'the data folder is empty and nothing says what root may be: set MARIADB_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD_HASH, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD or MARIADB_RANDOM_ROOT_PASSWORD'
  note 'making the data folder'
  mariadb-install-db --datadir="$datadir" --rpm --auth-root-authentication-method=normal "${@:2}" --skip-test-db \
    --default-time-zone=SYSTEM --enforce-storage-engine= --skip-log-bin --expire-logs-days=0 \
    --loose-innodb_buffer_pool_load_at_startup=0 >/dev/null
  note 'setting it up with a temporary server'
  start_temporary "$@"
  set_up
  run_initdb
  note 'stopping the temporary server'
  kill "$temporary"
  wait "$temporary"
  unset MYSQL_PWD
  note 'ready for start up'
}

[ "${1:0:1}" != - ] || set -- mariadbd "$@"
case $1 in
  mariadbd | mysqld) ;;
  *) exec "$@" ;;
esac
value() { "$@" --verbose --help 2>/dev/null | awk -v key="$key" '$1 == key && /^[^ \t]/ { $1 = ""; sub(/^ /, ""); print; exit }'; }
key=datadir datadir=$(value "$@") socket=/run/mysqld/mysqld.sock
datadir=${datadir%/}

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$datadir" /run/mysqld
  find "$datadir" \! -user mysql -exec chown mysql: '{}' +
  find /run/mysqld -maxdepth 0 \! -user mysql -exec chown mysql: '{}' +
  exec gosu mysql "${BASH_SOURCE[0]}" "$@"
fi
[ -d "$datadir/mysql" ] || initialise "$@"
exec "$@"
