#!/bin/sh
# Adds what Debian's packages of MariaDB have beside Perl, and a restic that says by its exit status what is wrong. $1: the root.
set -eu
root=$1
chroot "$root" sh -c 'cd /tmp && apt-get download mariadb-client && dpkg-deb -x mariadb-client_*.deb client'
for tool in mariadb-admin mariadb-dump mariadb-binlog mariadb-import; do
  cp "$root/tmp/client/usr/bin/$tool" "$root/usr/bin/$tool"
done
# That of the next suite runs with this one's C library.
sed 's/bookworm/trixie/g' "$root/etc/apt/sources.list" > "$root/etc/apt/sources.list.d/trixie.list"
chroot "$root" sh -c 'apt-get update && cd /tmp && apt-get download restic/trixie && dpkg-deb -x restic_*.deb restic'
rm "$root/etc/apt/sources.list.d/trixie.list"
cp "$root/tmp/restic/usr/bin/restic" "$root/usr/bin/restic"
chroot "$root" restic version
rm -rf "$root/tmp/client" "$root/tmp/restic" "$root"/tmp/*.deb "$root"/var/lib/apt/lists/*
rm -rf "$root/var/lib/mysql"
mkdir -p "$root/backup" "$root/repository"
