#!/bin/sh
# Debian's certbot renews by itself, with cron and systemd; in the image acme.sh does. $1: the root.
set -eu
root=$1
rm -rf "$root/etc/cron.d/certbot" "$root/usr/lib/systemd/system/certbot.timer"
