#!/bin/sh
# Limits of the kernel that Kafka and MariaDB run into. What is better already, stays.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

file=/etc/sysctl.d/60-swarm-host.conf

# vm.max_map_count: Kafka maps two files for each segment of a log, https://kafka.apache.org/documentation/#os
# fs.aio-max-nr: InnoDB's asynchronous reads, https://mariadb.com/kb/en/configuring-linux-for-mariadb/
# vm.swappiness: a buffer pool or a heap that is swapped out is slower than no cache; some swap still saves from the OOM killer.
wanted='vm.max_map_count least 262144
fs.aio-max-nr least 1048576
vm.swappiness most 10'

fits() {
  case $2 in
    least) [ "$1" -ge "$3" ] ;;
    most) [ "$1" -le "$3" ] ;;
  esac
}

lines='# Made by the stack "host": what was not enough for Kafka and MariaDB.'
while read -r name rule value; do
  if fits "$(sysctl -n "$name")" "$rule" "$value" && ! grep -qs "^$name = " "$root$file"; then continue; fi
  lines="$lines
$name = $value"
done << LIST
$wanted
LIST
keep_file "$file" "$lines"

while read -r name rule value; do
  now=$(sysctl -n "$name")
  if fits "$now" "$rule" "$value"; then
    ok "$name is $now"
  elif differs "$name is $now, at $rule $value is needed"; then
    sysctl -q -w "$name=$value"
  fi
done << LIST
$wanted
LIST
