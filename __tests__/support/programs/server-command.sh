#!/bin/sh
# Every command of a server that a step may use, in small: it keeps what it did in files of $STATE. What changes the
# server counts itself in $STATE/changes, and can be told to die there, before or after its work (DIE_AT, DIE_WHEN).
name=$(basename "$0")
echo "$name $*" >> "$STATE/calls"

changing() {
  echo "$name $*" >> "$STATE/changes"
  number=$(wc -l < "$STATE/changes")
  if [ "$number" = "${DIE_AT:-}" ] && [ "${DIE_WHEN:-before}" = before ]; then die; fi
}
die() {
  # The step and the run with it: as if the server had lost its power.
  kill -9 "-$(ps -o pgid= -p $$ | tr -d ' ')"
}
changed() {
  if [ "$(wc -l < "$STATE/changes")" = "${DIE_AT:-}" ] && [ "${DIE_WHEN:-before}" = after ]; then die; fi
  exit 0
}
start() {
  touch "$STATE/active/$1"
  case $1 in
    docker.service)
      number=$(cat "$STATE/starts" 2> /dev/null || echo 0)
      echo $((number + 1)) > "$STATE/starts"
      date -u '+%a %Y-%m-%d %H:%M:%S UTC' > "$STATE/started"
      ;;
    swarm-host-firewall.service)
      cp "$HOST_ROOT/etc/swarm-host/firewall.nft" "$STATE/nft"
      mkdir -p "$HOST_ROOT/run"
      { sha256sum < "$HOST_ROOT/etc/swarm-host/firewall.nft"; cat "$STATE/nft"; } > "$HOST_ROOT/run/swarm-host-firewall"
      ;;
  esac
}
unit() { case $1 in *.*) echo "$1" ;; *) echo "$1.service" ;; esac; }
last() { for word; do :; done; echo "$word"; }

case "$name $*" in
  'id -u') echo 0 ;;
  'id -nG '*) cat "$STATE/groups" ;;
  'id -gn '*) echo "$2" ;;
  'usermod '*) changing "$@"; echo "deploy docker" > "$STATE/groups"; changed ;;
  'install '*) changing "$@"; mkdir -p "$(last "$@")"; echo "$3" > "$STATE/owner"; changed ;;
  'chown '*) changing "$@"; echo "${1%:}" > "$STATE/owner"; changed ;;
  'stat -c %U '*) [ -d "$3" ] && cat "$STATE/owner" ;;
  'stat '*) exec /usr/bin/stat "$@" ;;
  'dpkg --audit') cat "$STATE/audit" 2> /dev/null ;;
  'dpkg --configure '*) changing "$@"; rm -f "$STATE/audit"; changed ;;
  'dpkg --print-architecture') echo amd64 ;;
  'dpkg-query '*) grep -qx "$(last "$@")" "$STATE/packages" && printf installed ;;
  'apt-cache madison docker-ce') cat "$STATE/madison" ;;
  'apt-cache '*) echo 'docker-cli - command line' ;;
  'apt-get --simulate '*) cat "$STATE/upgrades" 2> /dev/null ;;
  'apt-get '*' update')
    [ ! -e "$STATE/offline" ] || { echo 'Could not resolve deb.debian.org' >&2; exit 100; }
    [ ! -e "$STATE/new-upgrades" ] || mv "$STATE/new-upgrades" "$STATE/upgrades"
    ;;
  'apt-get '*' --fix-broken install') changing "$@"; changed ;;
  'apt-get '*' install '*)
    # Cut off in between, dpkg asks to be run again.
    echo broken > "$STATE/audit"
    changing "$@"
    case "$*" in *--only-upgrade*) rm -f "$STATE/upgrades"; start docker.service ;; esac
    echo "$@" | sed 's/.* install //' | tr ' ' '\n' >> "$STATE/packages"
    if grep -qxE 'docker.io|docker-ce' "$STATE/packages" && [ ! -e "$STATE/bin/dockerd" ]; then
      ln -s "$0" "$STATE/bin/docker.new"
      for command in dockerd docker; do cp -P "$STATE/bin/docker.new" "$STATE/bin/$command"; done
      touch "$STATE/enabled/docker.service"
      start docker.service
    fi
    rm -f "$STATE/audit"
    changed
    ;;
  'curl '*/Release) [ ! -e "$STATE/no-release" ] || exit 22 ;;
  'curl '*) changing "$@"; while [ "$1" != --output ]; do shift; done; cp "$STATE/key-file" "$2" 2> /dev/null || echo key > "$2"; changed ;;
  'gpg '*) echo 'pub:-:4096:1:8D81803C0EBFCD88:1487788586:::-:::scSC::::::23::0:'; echo "fpr:::::::::$(cat "$STATE/fingerprint"):" ;;
  'systemctl is-enabled '*) [ -e "$STATE/enabled/$(unit "$3")" ] ;;
  'systemctl is-active '*) [ -e "$STATE/active/$(unit "$3")" ] ;;
  'systemctl enable '*) changing "$@"; touch "$STATE/enabled/$(unit "$3")"; changed ;;
  'systemctl disable '*) changing "$@"; rm "$STATE/enabled/$(unit "$3")"; changed ;;
  'systemctl stop '*) changing "$@"; rm "$STATE/active/$(unit "$2")"; changed ;;
  'systemctl start '* | 'systemctl restart '*) changing "$@"; start "$(unit "$2")"; changed ;;
  'systemctl reload '*) echo "reload" >> "$STATE/reloads" ;;
  'systemctl daemon-reload') ;;
  'systemctl show --property=InvocationID '*) echo "start-$(cat "$STATE/starts" 2> /dev/null)" ;;
  'systemctl show --property=ExecMainStartTimestamp '*) cat "$STATE/started" ;;
  'systemctl show --property=ExecStart '*) cat "$STATE/exec-start" 2> /dev/null ;;
  'systemctl show --property=Environment '*) ;;
  'systemctl show --property=EnvironmentFiles '*) echo '/etc/default/docker (ignore_errors=yes)' ;;
  'systemctl show --property=NeedDaemonReload '*) echo no ;;
  'nft list table inet swarm_host') cat "$STATE/nft" ;;
  'nft delete table inet swarm_host') changing "$@"; rm "$STATE/nft"; changed ;;
  'nft -s -n list '*) cat "$STATE/nft" ;;
  'sshd -T')
    if [ -e "$HOST_ROOT/etc/ssh/sshd_config.d/00-swarm-host.conf" ] && [ ! -e "$STATE/no-include" ]; then
      sed 's/authentication yes$/authentication no/' "$STATE/sshd"
    else
      cat "$STATE/sshd"
    fi
    ;;
  'sshd -t') [ ! -e "$STATE/sshd-error" ] || { cat "$STATE/sshd-error" >&2; exit 255; } ;;
  'sysctl -n '*) cat "$STATE/sysctl/$2" ;;
  'sysctl -q -w '*) changing "$@"; echo "${3#*=}" > "$STATE/sysctl/${3%%=*}"; changed ;;
  'df '*) printf 'Filesystem 1024-blocks Used Available\nx 1 1 %s\n' "$(cat "$STATE/free")" ;;
  'fallocate '*) [ ! -e "$STATE/no-fallocate" ] && : > "$3" ;;
  'dd '*) changing "$@"; changed ;;
  'mkswap '*) changing "$@"; changed ;;
  'swapon '*) changing "$@"; printf 'Filename Type\n/swapfile file 1 0 -2\n' > "$HOST_ROOT/proc/swaps"; changed ;;
  'ip -o addr show') cat "$STATE/addresses" 2> /dev/null ;;
  'ip -d link show dev '*) cat "$STATE/link-$5" 2> /dev/null ;;
  'wg show '*' listen-port') cat "$STATE/listen-port" ;;
  'ip -4 '*) [ -e "$STATE/no-route" ] || echo '1.1.1.1 via 203.0.113.1 dev eth0 src 203.0.113.10 uid 0' ;;
  'ip -6 '*) [ -e "$STATE/no-route" ] || echo '2606:: via fe80::1 dev eth0 src 2001:db8::10 metric 1' ;;
  'dockerd --version') echo "Docker version $(cat "$STATE/version"), build 411e817" ;;
  'dockerd --help') echo '      --validate' ;;
  'docker info --format {{.Swarm.LocalNodeState}}') cut -d ' ' -f 1 "$STATE/swarm" ;;
  'dockerd --validate '*) if grep -q '"nonsense"' "$3"; then echo 'unknown directive nonsense'; exit 1; fi ;;
  'docker info --format {{.Swarm.LocalNodeState}}'*) cat "$STATE/swarm" ;;
  'docker info --format {{.Swarm.NodeAddr}}') echo 203.0.113.10 ;;
  'docker info') [ -e "$STATE/active/docker.service" ] ;;
  'docker ps --quiet') cat "$STATE/containers" 2> /dev/null ;;
  'docker swarm init '*) changing "$@"; echo 'active true' > "$STATE/swarm"; changed ;;
  'docker info --format {{.Swarm.ControlAvailable}} {{len .Swarm.RemoteManagers}}')
    cat "$STATE/managers" 2> /dev/null || echo 'false 0'
    ;;
  'docker node ls') ;;
  'docker network ls --quiet --filter driver=bridge') [ ! -e "$STATE/bridges" ] || echo 0123456789ab ;;
  'docker network inspect --format {{ index .Options "com.docker.network.bridge.name" }} '*) cat "$STATE/bridges" ;;
  'docker node ls --format {{.ID}}') cat "$STATE/nodes" 2> /dev/null ;;
  *) echo "$name $*: not expected" | tee -a "$STATE/unexpected" >&2; exit 127 ;;
esac
