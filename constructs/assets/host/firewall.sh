#!/bin/sh
# From outside only ssh and the public ports, also past what Docker publishes: Docker's rules come before ufw's, so this
# is a table of its own, which neither a restart of Docker nor of a firewall of yours touches.
# HOST_FIREWALL: `off` takes this table away and leaves everything else. @default it is in force
# HOST_PORTS: TCP ports beside ssh's. @default 80 443
# HOST_UDP_PORTS: UDP ports. @default none
# HOST_METADATA: `closed` keeps containers from the cloud's metadata, ports that stay open behind it: closed 53 53/udp. @default open
# HOST_OWN_PORTS: the same for the server's own ports, ssh's among them. @default open
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

rules=/etc/swarm-host/firewall.nft
unit=swarm-host-firewall.service
loaded=/run/swarm-host-firewall
# Where clouds tell a server what it is, and often with which rights; by IPv6 Amazon alone.
METADATA=169.254.169.254
METADATA6=fd00:ec2::254

if [ "${HOST_FIREWALL:-}" = off ]; then
  found=
  # still WHAT: as differs, for what is left of an earlier deploy.
  still() { found=yes && differs "$1, as before firewall: false"; }
  if enabled "$unit" && still "$unit starts at boot"; then systemctl disable --quiet "$unit"; fi
  if active "$unit" && still "$unit is loaded"; then systemctl stop "$unit"; fi
  if nft list table inet swarm_host > /dev/null 2>&1 && still 'the table inet swarm_host is in force'; then
    nft delete table inet swarm_host
  fi
  for file in "/etc/systemd/system/$unit" "$rules" "$loaded"; do
    if [ -e "$root$file" ] && still "$file is there"; then
      rm -f "$root$file"
      systemctl daemon-reload
    fi
  done
  if [ -z "$found" ] || [ -z "${HOST_CHECK:-}" ]; then ok 'these rules are not in force: the firewall is yours'; fi
  exit 0
fi

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
    'have rules of your own and set firewall: false in services.config.ts, which takes these away, or docker node rm the nodes that are gone'
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

# Where packets come from outside, whatever the device is called: those of a default route, v4 and v6.
uplinks() {
  awk '$2 == "00000000" && $8 == "00000000" { print $1 }' "$root/proc/net/route" 2> /dev/null || true
  awk '$1 ~ /^0+$/ && $2 == "00" && $10 != "lo" { print $10 }' "$root/proc/net/ipv6_route" 2> /dev/null || true
}
# Bridges that Docker made under a name that somebody gave them.
named_bridges() {
  if ! command -v docker > /dev/null; then return 0; fi
  ids=$(docker network ls --quiet --filter driver=bridge 2> /dev/null) || return 0
  # shellcheck disable=SC2086
  [ -z "$ids" ] ||
    docker network inspect --format '{{ index .Options "com.docker.network.bridge.name" }}' $ids 2> /dev/null | grep . || true
}
but() { grep -vxF -e "${1:-/}" || true; }
listed() { sed 's/.*/"&"/' | paste -sd , - | sed 's/,/, /g'; }
outside=$(uplinks | sort -u)
known=$({ echo docker0 && echo docker_gwbridge && named_bridges; } | sort -u | but "$outside")
inside=$(echo "$known" | listed)
# Docker calls its own br- and twelve hexadecimal digits, for which nftables has no pattern: the nearest one, without what
# is called so and is none of them.
pattern=$(for digit in 0 1 2 3 4 5 6 7 8 9 a b c d e f; do echo "br-$digit*"; done | listed)
strangers=$({
  echo "$outside"
  { ls "$root/sys/class/net" 2> /dev/null || true; } | but "$known" | grep -vxE 'br-[0-9a-f]{12}' || true
} | { grep '^br-[0-9a-f]' || true; } | sort -u | listed)
# by_bridges VERDICT: for packets that come by one of Docker's bridges.
by_bridges() {
  echo "
    iifname { $inside } $1"
  echo "    iifname { $pattern }${strangers:+ iifname != { $strangers \}} $1"
}

# unless WORDS VERDICT: for the ports that stay open behind `closed`.
unless() {
  for protocol in tcp udp; do
    kind=
    [ $protocol = tcp ] || kind=/udp
    ports=$(echo "$1" | tr ' ' '\n' | sed -n "s,^\([0-9][0-9]*\)$kind\$,\1,p" | sort -un | paste -sd , - | sed 's/,/, /g')
    [ -z "$ports" ] || echo "
    $protocol dport { $ports } $2"
  done
}
from_bridges=accept to_metadata='' closed_chains=''
if [ -n "${HOST_METADATA:-}" ]; then
  for file in /etc/resolv.conf /run/systemd/resolve/resolv.conf; do
    if grep -qsE "^nameserver +$METADATA" "$root$file" && ! echo " $HOST_METADATA " | grep -q ' 53/udp '; then
      fail "containers look names up at $METADATA here ($file), which the metadata's being closed would keep them from" \
        "leave that open: containersTo: { metadata: { except: [53, '53/udp'] } } in services.config.ts"
    fi
  done
  to_metadata=$(by_bridges 'jump metadata')
  closed_chains="
  chain metadata {$(unless "$HOST_METADATA" return)
    ip daddr $METADATA drop
    ip6 daddr $METADATA6 drop
  }"
fi
if [ -n "${HOST_OWN_PORTS:-}" ]; then
  from_bridges='jump containers'
  closed_chains="$closed_chains
  chain containers {$(unless "$HOST_OWN_PORTS" accept)
    drop
  }"
fi

# ICMP and ICMPv6 by number: a server without /etc/protocols (package netbase) does not know their names.
keep_file "$rules" "#!/usr/sbin/nft -f
# Made by the stack \"host\", which undoes other changes. One transaction: there is no moment without it.
table inet swarm_host
delete table inet swarm_host
table inet swarm_host {
  chain input {
    type filter hook input priority filter; policy drop;
    iifname \"lo\" accept$to_metadata
    ct state { established, related } accept
    meta l4proto { 1, 58 } accept$(by_bridges "$from_bridges")
    udp sport 67 udp dport 68 accept
    udp sport 547 udp dport 546 accept
    tcp dport { $open } accept
    tcp dport { $public } accept$udp_in
  }
  # What Docker publishes is forwarded, never input; this comes before Docker's own rules.
  chain forward {
    type filter hook forward priority filter - 10; policy accept;$to_metadata
    ct state { established, related } accept$(by_bridges accept)
    oifname { $inside } jump published
    oifname \"br-*\" jump published
  }
  chain published {
    meta l4proto tcp ct status dnat ct original proto-dst { $public } accept$udp_published
    drop
  }$closed_chains
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
