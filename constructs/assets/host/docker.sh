#!/bin/sh
# Docker Engine, where there is none. One that is there is taken as it is, whoever installed it.
# HOST_DOCKER: distribution, or the major version of Docker's own repository to take. @default distribution
# HOST_UPDATE_DOCKER: now installs updates of its packages, which restarts every task. @default they are left
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=docker-start.sh
. "$lib/docker-start.sh"

# Fingerprint of the key that signs Docker's packages: https://docs.docker.com/engine/install/debian/
KEY=9DC858229FC7DD38854AE2D88D81803C0EBFCD88
keyring=/etc/apt/keyrings/docker.asc
major=${HOST_DOCKER:-distribution}
# The oldest engine that gates and provider can work with.
OLDEST=20.10

from_distribution() {
  apt_get update
  # Debian 13 has the command apart. Without apparmor's parser Docker confines nothing.
  cli=$(apt-cache --names-only search '^docker-cli$' | cut -d ' ' -f 1)
  # shellcheck disable=SC2086
  apt_get install docker.io $cli ca-certificates apparmor
}

# Fingerprints of the primary keys in a file.
keys_of() {
  gpg --show-keys --with-colons "$1" 2> /dev/null |
    awk -F : '$1 == "pub" || $1 == "sec" { primary = 1 } $1 == "fpr" { if (primary) print $10; primary = 0 }'
}

from_docker() {
  . "$root/etc/os-release"
  need_packages ca-certificates curl gpg
  mkdir -p "$root/etc/apt/keyrings" "$root/etc/apt/preferences.d"
  logged curl --fail --silent --show-error --location --retry 3 \
    --output "$root$keyring.new" "https://download.docker.com/linux/$ID/gpg"
  # apt would trust every key that is in the file, beside the right one, too.
  if [ "$(keys_of "$root$keyring.new")" != "$KEY" ]; then
    rm -f "$root$keyring.new"
    fail 'the key of download.docker.com is not just the one that Docker publishes' 'find out who answers for that name there'
  fi
  mv "$root$keyring.new" "$root$keyring"
  curl --fail --silent --location --retry 3 --output /dev/null \
    "https://download.docker.com/linux/$ID/dists/$VERSION_CODENAME/Release" ||
    fail "Docker's repository has nothing for $ID $VERSION_CODENAME" "take docker: 'distribution' in services.config.ts"
  keep_file /etc/apt/sources.list.d/docker.list \
    "deb [arch=$(dpkg --print-architecture) signed-by=$keyring] https://download.docker.com/linux/$ID $VERSION_CODENAME stable"
  # Of two that name one package the first counts.
  keep_file /etc/apt/preferences.d/swarm-host-docker "Package: docker-ce docker-ce-cli
Pin: version 5:$major.*
Pin-Priority: 990

Package: docker-ce docker-ce-cli
Pin: version *
Pin-Priority: -1"
  apt_get update
  majors=$(apt-cache madison docker-ce | sed -n 's/.*| *5:\([0-9]*\)\..*/\1/p' | sort -un)
  if ! echo "$majors" | grep -qx "$major"; then
    fail "Docker's repository for $ID $VERSION_CODENAME has no Docker $major" \
      "write one that it has as docker: { major: … } in services.config.ts: $(echo "$majors" | paste -sd , - | sed 's/,/, /g')"
  fi
  apt_get install docker-ce docker-ce-cli containerd.io apparmor
}

mend_packages
if ! command -v dockerd > /dev/null; then
  differs 'Docker is not installed' || exit 0
  if [ "$major" = distribution ]; then from_distribution; else from_docker; fi
fi
case $(readlink -f "$(command -v dockerd)") in
  */snap*) fail 'Docker comes from a snap, which restarts it when it likes' 'remove it (snap remove docker) and run this again' ;;
esac
version=$(dockerd --version | sed -n 's/^Docker version \([0-9.]*\).*/\1/p')
if [ "$(printf '%s\n%s\n' "$OLDEST" "$version" | sort -V | head -n 1)" != "$OLDEST" ]; then
  fail "Docker $version is too old" "install $OLDEST or newer; an upgrade restarts every task, so this does not do it"
fi
tasks_run() { [ -n "$(docker ps --quiet 2> /dev/null || echo unknown)" ]; }
in_line() { echo "$1" | paste -sd , - | sed 's/,/, /g'; }
if [ "${HOST_UPDATE_DOCKER:-}" = now ]; then
  # As a check found them.
  seen=$(docker_updates)
  [ ! -e "$root$unseen" ] || seen=
  [ -n "${HOST_CHECK:-}" ] || apt_get update
  [ -n "${HOST_CHECK:-}" ] || rm -f "$root$unseen"
  new=$(docker_updates)
  next=$(echo "$new" | sed -n 's/^docker\(\.io\|-ce\) \([0-9]*:\)\{0,1\}\([0-9]*\)\..*/\3/p')
  if [ -n "$next" ] && [ "$next" != "${version%%.*}" ]; then
    note "Docker $next, the next major version, is not taken; read what it changes, and install it by hand"
  elif [ -n "$new" ] && [ -z "$seen" ] && tasks_run; then
    # The lists of before had none, so nobody was asked about the restart.
    note "Docker has updates that no check could see yet: $(in_line "$new"); the next deploy asks for them, and installs them"
  elif [ -n "$new" ]; then
    if tasks_run; then restarts 'Docker, and with it every task'; fi
    if differs "Docker has updates: $(in_line "$new")"; then
      # shellcheck disable=SC2046
      apt_get install --only-upgrade $(echo "$new" | cut -d ' ' -f 1)
      version=$(dockerd --version | sed -n 's/^Docker version \([0-9.]*\).*/\1/p')
    fi
  fi
fi
# It may have been installed behind a daemon.json that it does not start with: the step before had no engine to ask.
if ! active docker.service && [ -s "$root$daemon_json" ] && dockerd --help 2> /dev/null | grep -q -- --validate; then
  said=$(dockerd --validate --config-file "$root$daemon_json" 2>&1) ||
    fail "Docker $version does not start with $daemon_json: $said" 'correct daemon in services.config.ts, or what the file had before'
fi
keep_running docker.service
if [ -z "${HOST_CHECK:-}" ]; then
  tries=60
  until docker info > /dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || fail 'Docker does not answer' 'see: journalctl -u docker'
    sleep 1
  done
  if has_package jq; then record_start "$(started_with)"; fi
fi
ok "Docker $version"
