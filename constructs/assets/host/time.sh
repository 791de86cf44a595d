#!/bin/sh
# Something keeps the clock right: certificates, tokens and the order of logs depend on it. Whatever does it already, stays.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

for unit in chrony chronyd ntpsec ntp openntpd systemd-timesyncd; do
  if active "$unit"; then
    ok "$unit keeps the time"
    exit 0
  fi
done
need_packages systemd-timesyncd || exit 0
keep_running systemd-timesyncd
