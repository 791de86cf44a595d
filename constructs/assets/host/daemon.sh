#!/bin/sh
# daemon.json has what the file of that name beside this one says; what else is in it, stays. A null takes a key away.
# HOST_RESTART_DOCKER: now restarts Docker for it whatever runs. @default when-idle
# HOST_LOG_DRIVER: wanted puts ours in place of another one that the server has chosen. @default kept
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=docker-start.sh
. "$lib/docker-start.sh"

file=$daemon_json

need_packages jq || exit 0
wanted=$(jq -cS . "$lib/daemon.json")
there='{}'
if [ -s "$root$file" ]; then
  there=$(jq -cS . "$root$file" 2> /dev/null) ||
    fail "$file is not JSON" "correct it on the server (jq . $file says where): Docker does not start with it either"
fi

# A driver and its options go together: with one that its driver does not know Docker does not start.
driver=$(jq -nr --argjson there "$there" '$there["log-driver"] // "json-file"')
if [ "$driver" != "$(jq -nr --argjson wanted "$wanted" '$wanted["log-driver"] // "json-file"')" ]; then
  if [ "${HOST_LOG_DRIVER:-}" = wanted ]; then
    there_for_merge=$(jq -nc --argjson there "$there" '$there | del(.["log-opts"])')
  else
    note "the server's own log driver stays, with its options: $driver; log-driver in host.daemon says another"
    wanted=$(jq -nc --argjson wanted "$wanted" '$wanted | del(.["log-driver"], .["log-opts"])')
  fi
fi
merged=$(jq -nS --argjson there "${there_for_merge:-$there}" --argjson wanted "$wanted" \
  '$there * $wanted | with_entries(select(.value != null))')

# What Docker's next start says beside the file; it takes no key from both, not even with one value.
flags=$(start_words | grep -oE "(^|[[:space:]\"'=])--?[A-Za-z][A-Za-z-]*" | sed 's/^[^-]*-*//' | sort -u || true)
twice=$(jq -nr --arg flags "$flags" --argjson wanted "$wanted" '
  { D: "debug", G: "group", l: "log-level", p: "pidfile", s: "storage-driver" } as $short
  | ($flags | split("\n") | map($short[.] // .)) as $flags
  | $wanted | with_entries(select(.value != null)) | keys
  | map(select(. as $key | $flags | any(. == $key or . + "s" == $key or sub("y$"; "ies") == $key)))
  | join(", ")')
if [ -n "$twice" ]; then
  fail "Docker's unit gives flags for what $file is to say, and Docker does not start with both: $twice" \
    "move these flags from the unit (systemctl cat docker.service) into $file, or set the keys to null in host.daemon"
fi

# Its own question knows nothing of Swarm, with which it would not start: https://docs.docker.com/engine/network/firewall-nftables/
if [ "$(jq -nr --argjson merged "$merged" '$merged | .["firewall-backend"] == "nftables" and .iptables != false
  and .features["swarm-nftables"] != true')" = true ]; then
  fail "$file has the firewall-backend nftables, with which there is no Swarm" \
    "take it out there, or set 'firewall-backend': null in host.daemon"
fi
# In another folder there is neither the Swarm nor a volume.
moves=$(jq -nr --argjson there "$there" --argjson merged "$merged" \
  '["data-root", "userns-remap"] | map(select($there[.] != $merged[.])) | join(", ")')
if [ -n "$moves" ] && docker info --format '{{.Swarm.LocalNodeState}}' 2> /dev/null | grep -q '^active'; then
  fail "$moves would have Docker start in another folder, without this Swarm, its secrets and its volumes" \
    'leave it out of host.daemon on this server; a new server has it from the start'
fi

# An engine that knows how is asked first.
validate() {
  if ! command -v dockerd > /dev/null || ! dockerd --help 2> /dev/null | grep -q -- --validate; then return 0; fi
  said=$(dockerd --validate --config-file "$1" 2>&1) || {
    rm -f "$1"
    fail "Docker would not start with $file: $said" 'correct daemon in services.config.ts; the file is as it was'
  }
}

runs_with=$(started_with)
if [ -n "$runs_with" ] && [ -z "${HOST_CHECK:-}" ]; then record_start "$runs_with"; fi

keys=$(jq -nr --argjson there "$there" --argjson merged "$merged" \
  '[$there, $merged | keys[]] | unique | map(select($there[.] != $merged[.])) | join(", ")')
if [ -z "$keys" ] && [ -e "$root$file" ]; then
  ok "$file has what is wanted"
elif differs "$file: ${keys:-it is missing}"; then
  mkdir -p "$root/etc/docker"
  printf '%s\n' "$merged" > "$root$file.new"
  validate "$root$file.new"
  mv -f "$root$file.new" "$root$file"
fi

if [ -z "$runs_with" ] || [ "$runs_with" = "$(echo "$merged" | digest)" ]; then exit 0; fi
# Where Docker does not say what runs on it, something may.
busy=$(docker ps --quiet) || busy=unknown
if [ "${HOST_RESTART_DOCKER:-}" != now ] && [ -n "$busy" ]; then
  # What can change without a restart does so at once.
  [ -n "${HOST_CHECK:-}" ] || systemctl reload docker.service
  note "Docker runs with older settings until its next start, which ends all tasks: sudo systemctl restart docker"
else
  [ -z "$busy" ] || restarts 'Docker, and with it every task'
  differs 'Docker runs with older settings' || exit 0
  systemctl restart docker.service
  record_start "$(echo "$merged" | digest)"
fi
