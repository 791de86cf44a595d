#!/bin/sh
# Lays Debian's Python 3.11 out as python:3.11-slim does and installs the clients. $1: the root.
set -eu
root=$1
# This machine's certificates, which may hold a proxy's; the image keeps Debian's.
cp "$(dirname "$0")/requirements.txt" /etc/ssl/certs/ca-certificates.crt "$root/tmp/"
# By variable, since one that this machine has set would win over --cert.
chroot "$root" env REQUESTS_CA_BUNDLE=/tmp/ca-certificates.crt sh -c 'python3 "$(echo /usr/share/python-wheels/pip-*.whl)/pip" install --quiet --disable-pip-version-check \
  --root-user-action ignore --no-cache-dir --break-system-packages --only-binary :all: \
  -r /tmp/requirements.txt'
rm -f "$root/tmp/requirements.txt" "$root/tmp/ca-certificates.crt"
chroot "$root" dpkg --purge --force-depends python3-pip-whl >/dev/null
ln -s /usr/bin/python3.11 "$root/usr/local/bin/python"
ln -s /usr/bin/python3.11 "$root/usr/local/bin/python3"
mkdir -p "$root/app"
