#!/bin/sh
# Runs a step on a server, by the ssh of the machine that runs Terraform: over-ssh.sh ARGUMENT_OF_SSH …
# Terraform's own ssh forwards the agent to the server, and leaves the script in its /tmp, where every user there may write
# to it, before it runs it. Here it goes through a pipe.
# HOST_STEP: the script. HOST_KNOWN: the line of known_hosts that the server has to match.
# HOST_SECONDS: for how long a server that does not answer yet is asked again. @default 120
set -eu
umask 077
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM HUP
deadline=$(($(date +%s) + ${HOST_SECONDS:-120}))

# fail WHAT FIX: $0 is the step.
fail() {
  printf 'failed %s: %s\n  %s\n' "$0" "$1" "$2" >&2
  exit 1
}

printf '%s\n' "$HOST_KNOWN" > "$folder/known_hosts"

while :; do
  code=0
  printf '%s\n' "$HOST_STEP" | ssh -E "$folder/said" -o "UserKnownHostsFile=\"$folder/known_hosts\"" "$@" || code=$?
  # Its own failure; a step's is 1. A step that lost its connection may run again.
  [ "$code" = 255 ] || exit "$code"
  if grep -q 'Host key verification failed' "$folder/said"; then
    fail 'the server shows another host key than the one that is known' \
      'compare its fingerprint with the one that your provider shows before you change known_hosts'
  fi
  # Each further try would be six failures more, for which fail2ban shuts the door.
  if grep -q 'Too many authentication failures' "$folder/said"; then
    fail 'the server hangs up before the right key has its turn: ssh offers every key of its agent, and a server takes six tries' \
      'name the right one: VPS_SSH_IDENTITY=<its comment in ssh-add -l, or the path of its .pub file>'
  fi
  if [ "$(date +%s)" -ge "$deadline" ]; then
    # What ended it; after that ssh says that it has ended.
    fail "$(grep -v '^Disconnected from ' "$folder/said" | tail -n 1)" 'see that ssh logs in with these settings: VPS_HOST, VPS_USER, VPS_PORT, VPS_SSH_CONFIG, VPS_SSH_IDENTITY'
  fi
  sleep 2
done
