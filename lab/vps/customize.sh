#!/bin/sh
# Makes a Debian in the folder $1 a bare server: a user `deploy` with the key in $CLIENT_KEY and sudo, DHCP, and a
# daemon.json that an operator put there for the lab's registry, which has no TLS.
set -eu
root=$1

chroot "$root" useradd --create-home --shell /bin/bash deploy
install -d -m 0700 "$root/home/deploy/.ssh"
cp "$CLIENT_KEY.pub" "$root/home/deploy/.ssh/authorized_keys"
chroot "$root" chown -R deploy:deploy /home/deploy/.ssh
echo 'deploy ALL=(ALL) NOPASSWD: ALL' > "$root/etc/sudoers.d/deploy"
chmod 0440 "$root/etc/sudoers.d/deploy"

echo vps > "$root/etc/hostname"
printf '127.0.0.1 localhost\n127.0.1.1 vps\n' > "$root/etc/hosts"
echo '/dev/vda / ext4 defaults 0 1' > "$root/etc/fstab"
printf '[Match]\nName=eth0\n[Network]\nDHCP=yes\n' > "$root/etc/systemd/network/lan.network"
ln -sf /run/systemd/resolve/resolv.conf "$root/etc/resolv.conf"
chroot "$root" systemctl --quiet enable systemd-networkd systemd-resolved ssh
install -d "$root/etc/docker"
printf '{ "insecure-registries": ["%s"] }\n' "$REGISTRY" > "$root/etc/docker/daemon.json"
