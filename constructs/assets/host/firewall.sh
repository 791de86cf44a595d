#!/bin/sh
# From outside only ssh and the public ports, also past what Docker publishes: Docker's rules come before ufw's, so this
# is a table of its own, which neither a restart of Docker nor of a firewall of yours touches.
# HOST_PORTS: TCP ports beside ssh's. @default 80 443
# HOST_UDP_PORTS: UDP ports. @default none
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

rules=/etc/swarm-host/firewall.nft
unit=swarm-host-firewall.service
loaded=/run/swarm-host-firewall

# How many nodes the Swarm of this server has, as far as it knows; nothing where it is in none.
swarm_nodes() {
  if ! command -v docker > /dev/null; then return 0; fi
  nodes=$(docker node ls --format '{{.ID}}' 2> /dev/null | grep -c . || true)
  if [ "$nodes" -gt 0 ]; then
    echo "$nodes"
  else
    # A worker, or a manager without a leader: the managers that it knows, among which only a manager is itself.
    docker info --format '{{.Swarm.ControlAvailable}} {{len .Swarm.RemoteManagers}}' 2> /dev/null |
      awk '$2 > 0 { print $1 == "true" ? $2 : $2 + 1 }'
  fi
}
nodes=$(swarm_nodes)
if [ "${nodes:-0}" -gt 1 ]; then
  fail "the Swarm has $nodes nodes, and these rules are for a single one: they would cut it from the others" \
    'set firewall: false in services.config.ts and have rules of your own, or docker node rm the nodes that are gone'
fi

# The WireGuard interface that this very connection came by; nothing where it came by another.
tunnel() {
  own=$(echo "${HOST_SSH_CONNECTION:-}" | awk 'NF == 4 { sub("%.*", "", $3); print $3 }')
  if [ -z "$own" ] || ! command -v ip > /dev/null; then return 0; fi
  ip -o addr show 2> /dev/null | awk -v own="$own" '{ split($4, a, "/"); if (a[1] == own) { sub("@.*", "", $2); print $2 } }' |
    while read -r interface; do
      ! ip -d link show dev "$interface" 2> /dev/null | grep -qw wireguard || echo "$interface"
    done | head -n 1
}
# Whether its packets would still come in. Without the command wg nobody says at which port: then any that is open will do.
stays_up() {
  [ -n "${HOST_UDP_PORTS:-}" ] || return 1
  if ! command -v wg > /dev/null; then return 0; fi
  port=$(wg show "$1" listen-port 2> /dev/null) || return 0
  case " $HOST_UDP_PORTS " in *" $port "*) ;; *) return 1 ;; esac
}
by=$(tunnel)
if [ -n "$by" ] && ! stays_up "$by"; then
  fail "ssh comes by WireGuard ($by), whose own packets these rules would drop: this would lock you out" \
    "open its UDP port, as openPorts: ['51820/udp'] in services.config.ts (wg show $by listen-port says which), or set firewall: false"
fi

need_packages nftables || exit 0

# The port of the very connection that this came over is open, whatever the configuration says.
ssh_ports=$({
  { sshd -T 2> /dev/null || true; } | sed -n 's/^port //p'
  echo "${HOST_SSH_CONNECTION:-}" | awk 'NF == 4 { print $4 }'
} | sort -un)
[ -n "$ssh_ports" ] || fail 'sshd does not say on which port it listens: this would lock you out' 'see what sshd -T says'
# shellcheck disable=SC2086
public=$(printf '%s\n' ${HOST_PORTS:-80 443} | sort -un | paste -sd , - | sed 's/,/, /g')
# shellcheck disable=SC2086
udp=$(printf '%s\n' ${HOST_UDP_PORTS:-} | sort -un | paste -sd , - | sed 's/,/, /g')
udp_in='' udp_published=''
if [ -n "$udp" ]; then
  udp_in="
    udp dport { $udp } accept"
  udp_published="
    meta l4proto udp ct status dnat ct original proto-dst { $udp } accept"
fi
open=$(printf '%s\n' "$ssh_ports" | paste -sd , - | sed 's/,/, /g')

# ICMP and ICMPv6 by number: a server without /etc/protocols (package netbase) does not know their names.
keep_file "$rules" "#!/usr/sbin/nft -f
# Made by the stack \"host\", which undoes other changes. One transaction: there is no moment without it.
table inet swarm_host
delete table inet swarm_host
table inet swarm_host {
  chain input {
    type filter hook input priority filter; policy drop;
    iifname \"lo\" accept
    ct state { established, related } accept
    iifname { \"docker0\", \"docker_gwbridge\" } accept
    iifname \"br-*\" accept
    meta l4proto { 1, 58 } accept
    udp sport 67 udp dport 68 accept
    udp sport 547 udp dport 546 accept
    tcp dport { $open } accept
    tcp dport { $public } accept$udp_in
  }
  # What Docker publishes is forwarded, never input; this comes before Docker's own rules.
  chain forward {
    type filter hook forward priority filter - 10; policy accept;
    ct state { established, related } accept
    iifname { \"docker0\", \"docker_gwbridge\" } accept
    iifname \"br-*\" accept
    oifname { \"docker0\", \"docker_gwbridge\" } jump published
    oifname \"br-*\" jump published
  }
  chain published {
    meta l4proto tcp ct status dnat ct original proto-dst { $public } accept$udp_published
    drop
  }
}"

# In numbers: names of protocols come from /etc/protocols, which Docker's packages may bring only later.
listing='nft -s -n list table inet swarm_host'

# Before the network, and again after what may flush all rules.
keep_file "/etc/systemd/system/$unit" "[Unit]
Description=Only ssh and the platform's public ports from outside
DefaultDependencies=no
Wants=network-pre.target
After=nftables.service
PartOf=nftables.service
Before=network-pre.target shutdown.target
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f $rules
ExecStartPost=/bin/sh -c '{ sha256sum < $rules; $listing; } > $loaded'

[Install]
WantedBy=sysinit.target"

in_force() {
  [ "$({ sha256sum < "$root$rules" && $listing; } 2> /dev/null)" = "$(cat "$root$loaded" 2> /dev/null)" ] &&
    [ -s "$root$loaded" ]
}
if [ "$(systemctl show --property=NeedDaemonReload --value "$unit" 2> /dev/null)" = yes ]; then
  if differs "systemd does not know the $unit of now"; then systemctl daemon-reload; fi
fi
if ! enabled "$unit" && differs "$unit does not start at boot"; then
  systemctl daemon-reload
  systemctl enable --quiet "$unit"
fi
if active "$unit" && in_force; then
  ok "open from outside: $open for ssh, $public${udp:+, by UDP $udp}"
elif differs 'the rules are not in force'; then
  systemctl restart "$unit" || fail 'the rules are not loaded' "see: systemctl status $unit; nft --check --file $rules"
  in_force || fail 'the rules are loaded, and others than these are in force' "see: nft list table inet swarm_host"
fi
