#!/bin/bash
# healthcheck.sh [--connect] [--innodb_initialized]: status 0 when every test that is named holds. The server of a
# first start has no network, so --connect is false until it is over.
client() {
  mariadb --defaults-extra-file="${MARIADB_DATADIR:-/var/lib/mysql}/.my-healthcheck.cnf" --skip-column-names --batch "$@"
}
[ $# -gt 0 ] || set -- --connect
for test in "$@"; do
  case $test in
    --connect) client --protocol=tcp -h127.0.0.1 -e 'SELECT 1' >/dev/null ;;
    --innodb_initialized)
      [ "$(client --protocol=socket -e "SELECT 1 FROM information_schema.ENGINES WHERE engine='innodb' AND support IN ('YES', 'DEFAULT', 'ENABLED')")" = 1 ] ;;
    *) echo "healthcheck.sh knows --connect and --innodb_initialized, not $test" >&2; exit 1 ;;
  esac || exit 1
done
