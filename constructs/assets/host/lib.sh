# shellcheck shell=sh
# What the steps beside it share. Sourced, never run.
set -eu
umask 022
# NEEDRESTART_SUSPEND: Ubuntu would restart services, Docker's among them, behind every package.
export LC_ALL=C DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1

step=$(basename "$0" .sh)
# A prefix for all files; the tests have a machine in a folder.
root=${HOST_ROOT:-}
[ -n "$root" ] || PATH="$PATH:/usr/sbin:/sbin"

ok() { echo "ok $step: $1"; }
note() { echo "note $step: $1"; }
fail() {
  printf 'failed %s: %s\n  %s\n' "$step" "$1" "$2" >&2
  exit 1
}

# differs WHAT: true where it is to be mended now; a check only tells it.
differs() {
  if [ -n "${HOST_CHECK:-}" ]; then
    echo "differs $step: $1"
    [ -z "${HOST_FOUND:-}" ] || echo "$1" >> "$HOST_FOUND"
    return 1
  fi
  echo "changes $step: $1"
}

# restarts WHAT: of a check alone, for those who have to agree to it before.
restarts() { [ -z "${HOST_CHECK:-}" ] || echo "restarts $step: $1"; }

# keep_file FILE TEXT: sees to it that the file says just that, and is never there by half.
keep_file() {
  if [ -f "$root$1" ] && [ "$(cat "$root$1")" = "$2" ]; then return 0; fi
  if differs "$1 is missing or says something else"; then
    mkdir -p "$(dirname "$root$1")"
    printf '%s\n' "$2" > "$root$1.new"
    mv -f "$root$1.new" "$root$1"
  fi
}

has_package() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2> /dev/null || true)" = installed ]
}

# Name and version of Docker's packages that have a newer one, as the package lists say.
docker_updates() {
  apt-get --simulate -o Debug::NoLocking=1 -qq dist-upgrade 2> /dev/null |
    sed -n 's/^Inst \(docker[^ ]*\|containerd[^ ]*\|runc\) .*(\([^ ]*\) .*/\1 \2/p'
}
# There while nobody was asked about them: the lists were without, and were fetched since for another package.
# shellcheck disable=SC2034
unseen=/run/swarm-host.unseen

# need_packages NAME …: false where a check found that one is missing.
need_packages() {
  mend_packages
  missing=
  for package; do has_package "$package" || missing="$missing $package"; done
  [ -n "$missing" ] || return 0
  differs "not installed:$missing" || return 1
  if command -v dockerd > /dev/null 2>&1 && [ -z "$(docker_updates)" ]; then : > "$root$unseen"; fi
  apt_get update
  # shellcheck disable=SC2086
  apt_get install $missing
}

# An installation that was cut off blocks the next one.
mend_packages() {
  [ -n "$(dpkg --audit)" ] || return 0
  if differs 'an installation of packages was interrupted'; then
    logged dpkg --configure -a --force-confdef --force-confold
    apt_get --fix-broken install
  fi
}

apt_get() {
  logged apt-get --yes --quiet --no-install-recommends \
    -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

# Packages talk much, and only where one fails somebody wants to read it.
logged() {
  mkdir -p "$root/var/log"
  log=$root/var/log/swarm-host.log
  if "$@" < /dev/null >> "$log" 2>&1; then return 0; fi
  tail -n 15 "$log" >&2
  fail "$1 failed" "mend what it says above (all of it: $log), then run this again"
}

# What a unit is said to be when systemd does not know it is nothing.
enabled() { systemctl is-enabled --quiet "$1" 2> /dev/null; }
active() { systemctl is-active --quiet "$1" 2> /dev/null; }

# keep_running UNIT: enabled and started; what runs is not touched.
keep_running() {
  if ! enabled "$1" && differs "$1 does not start at boot"; then systemctl enable --quiet "$1"; fi
  if ! active "$1" && differs "$1 does not run"; then
    systemctl start "$1" || fail "$1 does not start" "see: journalctl -u $1"
  fi
}

lib=$(dirname "$0")
# shellcheck source=/dev/null
if [ -r "$lib/settings" ]; then . "$lib/settings"; fi

[ "$(id -u)" = 0 ] || fail 'it is not root that runs this' "sudo sh $0"
# shellcheck source=/dev/null
system=$(. "$root/etc/os-release" && echo "$ID $VERSION_ID")
case $system in
  'debian 12' | 'debian 13' | 'ubuntu 24.04' | 'ubuntu 26.04') ;;
  *) fail "this server runs $system" 'take Debian 12 or 13 or Ubuntu 24.04 or 26.04, or prepare it by hand, without the stack host' ;;
esac
