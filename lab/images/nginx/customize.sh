#!/bin/sh
# Lays Debian's nginx out as the official image does. $1: the root.
set -eu
root=$1
mv "$root/usr/sbin/nginx" "$root/usr/lib/nginx/nginx"
chroot "$root" groupadd --system --gid 101 nginx
chroot "$root" useradd --system --uid 101 --gid nginx --no-create-home --home-dir /nonexistent --shell /bin/false nginx
rm -rf "$root/etc/nginx/sites-available" "$root/etc/nginx/sites-enabled" "$root/etc/nginx/modules-enabled" "$root/var/lib/nginx"
mkdir -p "$root/docker-entrypoint.d" "$root/var/cache/nginx" "$root/var/log/nginx"
ln -s /var/cache/nginx "$root/var/lib/nginx"
ln -sf /dev/stdout "$root/var/log/nginx/access.log"
ln -sf /dev/stderr "$root/var/log/nginx/error.log"
