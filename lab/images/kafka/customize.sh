#!/bin/sh
# Puts Kafka's jars where the official image has them. $1: the root; JARS: a folder with them.
set -eu
root=$1
chroot "$root" useradd --uid 1000 --gid root --no-create-home --home-dir /home/appuser --shell /bin/bash appuser
mkdir -p "$root/opt/kafka/libs" "$root/opt/kafka/bin" "$root/opt/kafka/config" "$root/opt/kafka/logs" \
  "$root/etc/kafka/docker" "$root/etc/kafka/secrets" "$root/mnt/shared/config" "$root/var/lib/kafka/data"
cp "$JARS"/*.jar "$root/opt/kafka/libs/"
chroot "$root" chown -R appuser:root /opt/kafka /etc/kafka /mnt/shared /var/lib/kafka
chmod -R ug+w "$root/opt/kafka" "$root/etc/kafka" "$root/mnt/shared" "$root/var/lib/kafka"
