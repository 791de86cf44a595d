# shellcheck shell=sh disable=SC2154
# What Docker was started with. Sourced, after lib.sh: a daemon.json that was changed and changed back since then needs
# no restart, and one that has not been read yet does.

daemon_json=/etc/docker/daemon.json
# One start of Docker has one InvocationID; it and the digest of the settings.
record=/var/lib/swarm-host/docker-started-with

property() { systemctl show --property="$1" --value docker.service 2> /dev/null; }
# What the unit starts Docker with next time: its words, and the files that its variables come from.
start_words() {
  property ExecStart
  property Environment
  property EnvironmentFiles | sed 's/ (.*//' | while read -r variables; do
    [ ! -f "$root$variables" ] || grep -v '^[[:space:]]*[#;]' "$root$variables" || true
  done
}
digest() { jq -cS . | sha256sum | cut -c 1-64; }

# The digest of what the running Docker has read, `unknown` where nobody has seen it; nothing when it does not run.
started_with() {
  active docker.service || return 0
  start=$(property InvocationID)
  if grep -qs "^$start " "$root$record"; then
    cut -d ' ' -f 2 "$root$record"
  elif [ ! -e "$root$daemon_json" ]; then
    echo '{}' | digest
  elif [ "$(stat -c %Y "$root$daemon_json")" -le "$(date -d "$(property ExecMainStartTimestamp)" +%s)" ]; then
    digest < "$root$daemon_json"
  else
    echo unknown
  fi
}

# record_start DIGEST: for the runs to come, by which time the file may have been changed.
record_start() {
  mkdir -p "$root/var/lib/swarm-host"
  echo "$(property InvocationID) $1" > "$root$record.new"
  mv -f "$root$record.new" "$root$record"
}
