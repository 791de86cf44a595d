#!/bin/sh
# Runs a step on a server, by the ssh of the machine that runs Terraform: over-ssh.sh ARGUMENT_OF_SSH …
# Terraform's own ssh forwards the agent to the server, and leaves the script in its /tmp, where every user there may write
# to it, before it runs it. Here it goes through a pipe.
# HOST_STEP: the script. HOST_KNOWN: the line of known_hosts that the server has to match.
# HOST_IDENTITY: which key logs in: its comment in the agent, or the path of its public half. @default as ssh is configured
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

if [ -n "${HOST_IDENTITY:-}" ]; then
  file=$HOST_IDENTITY
  if [ ! -f "$file" ]; then
    file=$folder/identity.pub
    # The agent may have a key under its whole path.
    { ssh-add -L 2> /dev/null || true; } | awk '{
      comment = $0; sub(/^[^ ]+ [^ ]+ /, "", comment); name = ENVIRON["HOST_IDENTITY"]
      if (comment == name) { exact = $0; exit }
      if (near == "" && substr(comment, length(comment) - length(name) + 1) == name) near = $0
    } END { print exact == "" ? near : exact }' > "$file"
    [ -n "$(cat "$file")" ] || fail "the ssh agent has no key $HOST_IDENTITY, and there is no such file" \
      'let VPS_SSH_IDENTITY be a comment of ssh-add -l, or the path of a .pub file'
  fi
  set -- -i "$file" -o IdentitiesOnly=yes "$@"
fi
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
  if [ "$(date +%s)" -ge "$deadline" ]; then
    fail "$(tail -n 1 "$folder/said")" 'see that ssh logs in with these settings: VPS_HOST, VPS_USER, VPS_PORT, VPS_SSH_CONFIG, VPS_SSH_IDENTITY'
  fi
  sleep 2
done
