#!/bin/sh
# The server manages a Swarm. One that it is in already is taken as it is.
# HOST_ADVERTISE: its address for other nodes. @default the one that its default route has
# HOST_ADDRESS_POOL: where overlay networks come from, for example 10.20.0.0/16. @default Docker's own, 10.0.0.0/8
# HOST_HEARTBEAT: how often a node says that it lives, for example 30s. @default Docker's own, 5s
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

state() { docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}' 2> /dev/null; }

default_address() {
  # Addresses of Cloudflare, to which nothing is sent: the kernel says by which way it would.
  { ip -4 -o route get 1.1.1.1 || ip -6 -o route get 2606:4700:4700::1111; } 2> /dev/null |
    sed -n 's/.* src \([0-9a-f.:]*\).*/\1/p' | head -n 1
}

init() {
  need_packages iproute2
  address=${HOST_ADVERTISE:-$(default_address)}
  [ -n "$address" ] || fail 'there is no default route, whose address Swarm could use' 'set advertiseAddress in services.config.ts'
  # On all addresses unless one was chosen, which may be a private one: a Swarm that listens on an address which the server
  # no longer has does not start. The step firewall closes the port.
  case $address in
    *:*) listen="[${HOST_ADVERTISE:-::}]:2377" ;;
    *) listen="${HOST_ADVERTISE:-0.0.0.0}:2377" ;;
  esac
  # The words of Docker are about joining, with a token that belongs in no log.
  said=$(docker swarm init --advertise-addr "$address" --data-path-addr "$address" --listen-addr "$listen" \
    ${HOST_ADDRESS_POOL:+--default-addr-pool "$HOST_ADDRESS_POOL" --default-addr-pool-mask-length 24} \
    ${HOST_HEARTBEAT:+--dispatcher-heartbeat "$HOST_HEARTBEAT"} 2>&1) ||
    fail "docker swarm init: $(echo "$said" | head -n 1)" 'mend that, then run this again'
}

if ! command -v docker > /dev/null; then
  differs 'the server is in no Swarm' || exit 0
  fail 'there is no docker command' 'run the step docker first'
fi
now=$(state || true)
case $now in
  'active true') ;;
  'active false') fail 'the server is a worker of a Swarm' 'point VPS_HOST at a manager, or promote it there: docker node promote' ;;
  inactive* | '')
    differs 'the server is in no Swarm' || exit 0
    init
    ;;
  locked*) fail 'the Swarm is locked' 'unlock it: docker swarm unlock' ;;
  *) [ -n "${HOST_CHECK:-}" ] || note "the Swarm is ${now%% *}, waiting" ;;
esac

tries=60
until [ "$(state)" = 'active true' ] && docker node ls > /dev/null 2>&1; do
  tries=$((tries - 1))
  [ -z "${HOST_CHECK:-}" ] || tries=0
  [ "$tries" -gt 0 ] || fail "the Swarm has no leader, its state is: $(state)" 'see: journalctl -u docker'
  sleep 1
done
ok "a manager at $(docker info --format '{{.Swarm.NodeAddr}}')"
