#!/bin/sh
# Lays Debian's MariaDB out as the official image does. $1: the root.
set -eu
root=$1
# mariadb-admin, mariadb-dump and mariadb-import without the Perl that their package's other tools need.
chroot "$root" sh -c 'cd /tmp && apt-get download mariadb-client && dpkg-deb -x mariadb-client_*.deb client'
for tool in mariadb-admin mariadb-dump mariadb-import; do
  cp "$root/tmp/client/usr/bin/$tool" "$root/usr/bin/$tool"
done
rm -rf "$root/tmp/client" "$root"/tmp/*.deb
chroot "$root" groupadd --system --gid 999 mysql
chroot "$root" useradd --system --uid 999 --gid mysql --home-dir /var/lib/mysql --no-create-home mysql
rm -rf "$root/var/lib/mysql"
mkdir -p "$root/var/lib/mysql" "$root/run/mysqld" "$root/docker-entrypoint-initdb.d" "$root/etc/mysql/conf.d"
chroot "$root" chown -R mysql:mysql /var/lib/mysql /run/mysqld
chmod 1777 "$root/run/mysqld"
