# shellcheck shell=sh disable=SC2154,SC2119,SC2120
# The repository: restic does what is hard. Nothing here is cached: a cache could hide that something is damaged.

in_repository() { # restic's arguments
  (
    export RESTIC_REPOSITORY="$BACKUP_REPOSITORY" RESTIC_PASSWORD_FILE="${password_file:-$secrets/repository_password}" RESTIC_PROGRESS_FPS=0.1
    export TMPDIR="$work" TZ=UTC
    case $BACKUP_REPOSITORY in
      s3:*)
        # Out of the arguments, which everybody on the machine may read.
        AWS_ACCESS_KEY_ID=$(cat "$secrets/s3_key_id")
        AWS_SECRET_ACCESS_KEY=$(cat "$secrets/s3_key")
        export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
        # Each copy of the log is a snapshot and an index, which are read one by one: with restic's five connections 400 of them
        # take 35 s at 50 ms, with these 10 s.
        exec restic --no-cache "$@" -o s3.connections=20 ;;
      sftp:*) exec restic --no-cache "$@" -o "sftp.args=-F '$login/config'" ;;
    esac
    exec restic --no-cache "$@"
  ) 9>&-
}

# What ssh is told; sets $login. In memory, where the container has some: a key that was copied to a disk stays there when
# the run is killed.
prepare_ssh() {
  secret sftp_key 'who logs in'
  known_hosts=${BACKUP_KNOWN_HOSTS-}
  [ -s "$known_hosts" ] || fail settings "BACKUP_KNOWN_HOSTS is '$known_hosts', and no lines of known_hosts are there" \
    'give the container the host key of the server' 78
  command -v ssh >/dev/null || fail settings 'ssh is not in this image' 'build the image from images/backup/Dockerfile' 78
  login=$(mktemp -d) || fail settings 'no folder for temporary files can be written' 'mount a tmpfs at /tmp' 78
  # ssh takes no key that others may read, and none whose last line has no end.
  { cat "$secrets/sftp_key" && echo; } >"$login/key"
  [ -s "$login/key" ] && ssh-keygen -y -P '' -f "$login/key" >"$login/key.pub" 2>/dev/null </dev/null ||
    fail settings "the secret sftp_key is no private key that ssh can read without a passphrase" \
      "give it the whole file, from -----BEGIN to -----END: ssh-keygen -t ed25519 -N '' -f sftp_key makes one" 78
  # Nothing of the image's or of a user's own, and nothing to write; a server that is gone is noticed in time.
  cat >"$login/config" <<END
IdentityFile "$login/key"
IdentitiesOnly yes
IdentityAgent none
BatchMode yes
UserKnownHostsFile "$known_hosts"
GlobalKnownHostsFile /dev/null
StrictHostKeyChecking yes
UpdateHostKeys no
LogLevel ERROR
ConnectTimeout $patience
ServerAliveInterval $((patience / 3 + 1))
ServerAliveCountMax 2
END
}

# As restic sees it.
ssh_ended='connection lost|ssh command exited|unable to start the sftp session|unexpectedly closed connection|broken pipe|file already closed'

# ssh's own words say what is wrong, where restic has only seen that it ended.
ssh_fault() { # what was done, file with what was said
  at=${BACKUP_REPOSITORY#sftp://} at=${at%%/*}
  # restic may have ended before it passed on what ssh said.
  grep -q '^subprocess ssh' "$2" ||
    ssh -F "$login/config" -s "ssh://$at" sftp 2>&1 >/dev/null </dev/null 9>&- | sed 's/^/subprocess ssh: /' >>"$2"
  if grep -q 'Host key verification failed' "$2"; then
    fail unreachable "$at shows a host key that knownHosts does not have: somebody else answers, or the server has a new one" \
      'ask who runs the server for its fingerprint; if that is the one, write what ssh-keyscan prints into knownHosts; nothing was sent'
  elif grep -q 'Permission denied (' "$2"; then
    fail unreachable "$at refuses the login with sftp_key, $(ssh-keygen -lf "$login/key.pub" 2>/dev/null | cut -d' ' -f2)" \
      'look at the user, and add the public half of the key (ssh-keygen -y -f FILE) to its authorized_keys on the server'
  elif grep -qE 'subsystem request failed|Received message too long' "$2"; then
    fail unreachable "$at takes the login and offers no SFTP" 'let sshd have "Subsystem sftp internal-sftp", and nothing print at a login'
  elif grep -qiE 'permission denied|SSH_FX_PERMISSION_DENIED' "$2"; then
    fail unreachable "$BACKUP_REPOSITORY cannot be used ($1): $said" 'give the user of the login the right to write to this folder; what is there stays good'
  fi
  why=$(sed -n 's/^subprocess ssh: *//p' "$2" | tr -d '\r' | tail -n 1 | cut -c1-300)
  if [ -n "$why" ] || grep -qE "$ssh_ended" "$2"; then
    fail unreachable "$at does not answer, or has ended the connection ($1): ${why:-$said}" 'look at the address, the port, the network and the server; what is there stays good'
  fi
}

# As restic says them: of what is stored, and of the way to it.
damage_words='invalid data returned|ciphertext verification|integrity error|unexpected pack|hash mismatch|does not match|data blob .* not found|id .* not found in repository|wrong hash|not found in (repository )?index|unable to load tree|damaged|contains errors|pack .* (does not exist|missing)|unexpected EOF|invalid character'
away_words='connection refused|no such host|timeout|network is unreachable|no route to host|connection reset|broken pipe|EOF|access ?denied|InvalidAccessKey|SignatureDoesNotMatch|forbidden|permission denied|bad gateway|service unavailable|internal ?error|slow ?down|request rate|too many requests|bucket|subprocess ssh'

unreachable() { # what was done
  fail unreachable "$BACKUP_REPOSITORY cannot be used ($1): $said" 'look at the address, the network, the key (s3_key_id, s3_key) and the rights in it; what is there stays good'
}

# Ends the run with what restic said, in words.
repository_fault() { # what was done, its status, file with what it said
  said=$(last_line "$3")
  case $2 in
    10) fail no-repository "there is no repository at $BACKUP_REPOSITORY" 'look at BACKUP_REPOSITORY and what is mounted there; the first "now" makes one' ;;
    11) fail locked "the repository is locked: $said" 'another run is at work, or one was killed within half an hour: wait, or, if none is: ./proctor backup unlock' ;;
    12) fail wrong-key "the secret repository_password does not open $BACKUP_REPOSITORY" 'give it the password that the repository was made with; without it no backup in it can be read' ;;
    137) fail unknown "restic was killed ($1): there was too little memory for it, or somebody did it" 'give the backup more memory (limits of backup in services.config.ts), then start it again; what is there stays good' ;;
    124) fail unreachable "$BACKUP_REPOSITORY does not answer within $patience s" 'look at the address, the network and the store; nothing was changed' ;;
  esac
  case $BACKUP_REPOSITORY in sftp:*) grep -qi 'no space left' "$3" || ssh_fault "$1" "$3" ;; esac
  if grep -q 'invalid lock file' "$3"; then
    fail locked "a lock in the repository cannot be read: $said" 'if no other run is at work: ./proctor backup unlock'
  elif grep -qiE 'no space left|quota|disk full|insufficient storage|507 |file too large|EntityTooLarge|XMinioStorageFull' "$3"; then
    fail full "no room at $BACKUP_REPOSITORY ($1): $said" 'make room there, or keep fewer (keep); the backups that are there stay good'
  elif grep -qiE "$damage_words" "$3"; then
    fail damaged "what is in $BACKUP_REPOSITORY cannot be read whole ($1): $said" 'run "check", then "restic repair index" and "restic repair packs <those it names>", then "now", which uploads again what is missing; older backups may lack files'
  elif grep -qiE "$away_words" "$3"; then
    unreachable "$1"
  fi
  fail unknown "restic fails ($1, status $2): $said" 'see what it says above'
}

prepare_repository() {
  secret repository_password "what the repository is encrypted with"
  case $BACKUP_REPOSITORY in
    s3:*) secret s3_key_id 'who asks S3'; secret s3_key 'who asks S3' ;;
    sftp:*) prepare_ssh ;;
  esac
}

# The repository answers, has our key and is this platform's. What is in it: $work/snapshots.json, oldest first.
open_repository() { # create, when there may be none
  prepare_repository
  ask_snapshots
  if [ "$status" -eq 10 ] && [ "${1-}" = create ]; then
    say "no repository at $BACKUP_REPOSITORY: making one"
    within_patience init --json >/dev/null 2>"$work/said" || repository_fault 'making it' $? "$work/said"
    put created true
    echo '[]' >"$work/snapshots.raw"
  elif [ "$status" -ne 0 ]; then
    repository_fault 'opening it' "$status" "$work/said"
  fi
  understand_snapshots
  [ -z "$others" ] || fail other-platform "$BACKUP_REPOSITORY has backups of ${others}, not of ${of:-$BACKUP_PLATFORM} alone" \
    'give each platform a repository of its own; to bring a backup of another one back here, restore --of its name'
}

# Sets $status, and $unlocked where the store takes no lock: it is one that can only be read.
ask_snapshots() {
  unlocked=''
  case $command in
    restore | drill)
      within_patience snapshots --json >"$work/snapshots.raw" 2>"$work/said"
      status=$?
      case $status in
        11) ;;
        124) unlocked=yes ;;
        *) grep -qE 'unable to create lock|invalid lock file' "$work/said" || return 0; unlocked=yes ;;
      esac ;;
  esac
  within_patience snapshots --no-lock --json >"$work/snapshots.raw" 2>"$work/said"
  status=$?
  [ -z "$unlocked" ] || [ "$status" -ne 0 ] || say "$BACKUP_REPOSITORY cannot be written: it is read without a lock"
}

# restic tries again for a quarter of an hour by itself.
within_patience() {
  in_repository "$@" &
  asked=$! waited=0
  # In hundredths.
  while kill -0 "$asked" 2>/dev/null; do
    if [ "$waited" -ge $((patience * 100)) ]; then
      kill -s KILL "$asked" 2>/dev/null
      wait "$asked" 2>/dev/null
      return 124
    fi
    if [ "$waited" -lt 100 ]; then sleep 0.02; waited=$((waited + 2)); else sleep 0.1; waited=$((waited + 10)); fi
  done
  wait "$asked"
}

# A lock that a run left which was killed is removed where restic can tell: same host name, no such process; or half an
# hour old. The container has a host name of its own that stays.
with_lock() { # restic's arguments
  in_repository "$@" --retry-lock=0s
  status=$?
  [ "$status" -eq 11 ] || return "$status"
  # restic waits for a lock, and never finds out that nobody holds it any more.
  waited_for=0
  while :; do
    in_repository unlock >/dev/null 2>&1
    slice=$((${lock_patience:-$patience} - waited_for))
    if [ "$slice" -gt 60 ]; then slice=60; fi
    in_repository "$@" --retry-lock "${slice}s"
    status=$?
    [ "$status" -eq 11 ] || return "$status"
    waited_for=$((waited_for + slice))
    [ "$waited_for" -lt "${lock_patience:-$patience}" ] || return 11
  done
}

# With a lock that many may have at once: what is being read is not pruned. Who restores does not wait for long for one who prunes,
# or who was killed at it: what is pruned is in no backup that is there, but it may have been moved, and the next try finds it.
reading() { # restic's arguments
  if [ -z "$unlocked" ] && [ ! -e "$work/unlocked" ]; then
    # That it waits for a lock it would say among the rows that it brings.
    with_lock "$@" --quiet
    status=$?
    [ "$status" -eq 11 ] && [ "$command" = restore ] || return "$status"
    # For the shells that read the rest, and for what is said at the end.
    : >"$work/unlocked"
  fi
  in_repository "$@" --no-lock
}

# In the order in which they were made, which no clock decides: $work/snapshots.json. Sets $others, platforms that are not this
# one, and $ahead, those of its snapshots that are from the future. In one run of jq, which takes longer to start than to think.
understand_snapshots() {
  jq -rc --arg ours "${of:-$BACKUP_PLATFORM}" --argjson now "$(date +%s)" '
    def tag($name): [.tags // [] | .[] | select(startswith($name + "=")) | ltrimstr($name + "=")];
    [.[] | {
      id, short: .short_id, time: (.time | sub("\\.[0-9]+"; "") | if endswith("Z") then . else . end),
      platform: (tag("platform")[0] // .hostname), kind: (tag("kind")[0] // "unknown"),
      seq: ((tag("seq")[0] // "0") | tonumber), base: tag("base")[0], first: tag("first")[0], last: tag("last")[0],
      next: tag("next")[0], logs: tag("log"), binlog: tag("binlog")[0], moment: tag("moment")[0], upto: tag("upto")[0],
      databases: tag("database"), volumes: tag("volume"), bytes: (.summary.total_bytes_processed // 0)
    }] | sort_by(.seq, .time)
    | ([.[].platform] | unique - [$ours] | join(", ")),
      ([.[] | select((.time | sub("[+-][0-9]{2}:[0-9]{2}$"; "Z") | fromdateiso8601? // 0) > $now + 120) | .short] | join(", ")), .' \
    "$work/snapshots.raw" >"$work/understood" ||
    fail unknown 'what restic says of its snapshots cannot be read' 'take restic 0.17 or newer'
  { read -r others; read -r ahead; cat >"$work/snapshots.json"; } <"$work/understood"
}

next_seq() { jq '([.[].seq] | max // 0) + 1' "$work/snapshots.json"; }

newest() { jq -r --arg kind "$1" '[.[] | select(.kind == $kind)] | last | .id // empty' "$work/snapshots.json"; }

# Sets $snapshot to the whole id of the backup that is meant, and reads what is small of it.
choose_snapshot() { # what to do meanwhile
  wanted=$snapshot
  jq -r --arg id "$wanted" '
    [.[] | select(.kind == "backup" or (.kind == "before-restore" and $id != "")) | select(.id | startswith($id))]
    | if $id == "" then last // empty elif length == 1 then .[0] else empty end
    | .id, (.databases | sort | .[]), (.volumes[] | "/" + .)' "$work/snapshots.json" >"$work/chosen"
  { read -r snapshot; cat >"$work/contents"; } <"$work/chosen"
  [ -n "$snapshot$wanted" ] || fail no-backup "there is no backup of ${of:-$BACKUP_PLATFORM} in $BACKUP_REPOSITORY" 'make one: now'
  [ -n "$snapshot" ] || fail no-backup "there is no backup $wanted of ${of:-$BACKUP_PLATFORM}" 'see "list" for those that are there'
  # In one run of restic: each takes most of a second before it has opened the repository.
  rm -rf "$work/heads"
  reading restore --quiet "$snapshot:/mariadb" --target "$work/heads" --include manifest.json --include objects.sql \
    >/dev/null 2>"$work/heads-said" &
  heads=$!
  "$@"
  wait "$heads" || repository_fault "reading $snapshot" $? "$work/heads-said"
  mv "$work/heads/manifest.json" "$work/manifest.json" 2>"$work/said" || repository_fault "reading $snapshot" 1 "$work/said"
  read_manifest || fail unknown "the manifest of $snapshot is not of a format that this script knows" 'restore with the version of the project that made it, or a newer one'
}

# What is asked of each database, in a file of lines: name, character set, collation, bytes. In the first the server's version.
read_manifest() {
  jq -er 'if .format == 1 then "/ \(.server // "")", (.databases | to_entries[] | "\(.key) \(.value.characterSet) \(.value.collation) \(.value.bytes)") else empty end' \
    "$work/manifest.json" >"$work/facts"
}

upload_progress() {
  tail -n 1 "$work/upload" 2>/dev/null | jq -r 'select(.message_type == "status") | "backup: uploading: \(.percent_done * 100 | floor) % of \((.total_bytes // 0) / 1048576 | floor) MiB"' >&2 2>/dev/null
}

# Makes a snapshot of folders below a folder, with tags; sets $made, $bytes and $added.
upload() { # kind, folder, paths (words), tags (words)
  kind=$1 from=$2 paths=$3
  set -- --host "$BACKUP_PLATFORM" --tag "kind=$kind" --tag "platform=$BACKUP_PLATFORM" --tag "seq=$(next_seq)"
  for tag in $upload_tags; do set -- "$@" --tag "$tag"; done
  # What restores have left in a volume is no file of the application's.
  for left in .restore .replaced "restore_$(printf '%064d' 0 | sed 's/0/[0-9a-f]/g')"; do set -- "$@" --exclude "$root/volumes/*/$left"; done
  for path in $paths; do set -- "$@" "$path"; done
  (cd "$from" && with_lock backup --json "$@") >"$work/upload" 2>"$work/said" &
  await $! upload_progress
  status=$?
  made=$(jq -r 'select(.message_type == "summary") | .snapshot_id // empty' "$work/upload" 2>/dev/null | tail -n 1)
  if [ "$status" -eq 3 ] && [ -n "$made" ]; then
    # Files that were deleted while it read, as files of an application are, are no loss.
    lost=$(jq -R 'fromjson? | select(.message_type == "error") | select((.item // "" | contains("/volumes/")) and (.error.message // "" | contains("no such file")) | not)' "$work/said" | jq -s length)
    gone=$(jq -R 'fromjson? | select(.message_type == "error") | 1' "$work/said" | jq -s length)
    if [ "$lost" -eq 0 ] && [ "$gone" -gt 0 ]; then
      warn "$gone files of volumes were deleted while they were read"
      status=0
    else
      in_repository forget "$made" >/dev/null 2>&1
      fail cut-off "not every file could be read: $(jq -Rr 'fromjson? | select(.message_type == "error") | "\(.item): \(.error.message)"' "$work/said" | head -n 1)" 'look at the rights of the volume; the backups that are there stay'
    fi
  fi
  if [ "$status" -ne 0 ] || [ -z "$made" ]; then repository_fault uploading "$status" "$work/said"; fi
  bytes=$(jq -r 'select(.message_type == "summary") | .total_bytes_processed' "$work/upload" | tail -n 1)
  added=$(jq -r 'select(.message_type == "summary") | .data_added_packed // .data_added' "$work/upload" | tail -n 1)
}

# Reads back all that a snapshot has; restic holds each piece against its hash.
read_back() { # snapshot
  if [ "${BACKUP_READ_BACK:-all}" = manifest ]; then
    in_repository dump "$1" /mariadb/manifest.json 2>"$work/said" | cmp -s - "$root_of_dump/mariadb/manifest.json" ||
      repository_fault 'reading the new backup back' 1 "$work/said"
    return
  fi
  say "reading back what was uploaded"
  { in_repository dump "$1" / 2>"$work/said" || echo $? >"$work/read-status"; } | wc -c >"$work/read" &
  await $! quietly
  [ ! -e "$work/read-status" ] || repository_fault 'reading the new backup back' "$(cat "$work/read-status")" "$work/said"
  [ "$(cat "$work/read")" -ge "$bytes" ] || fail damaged "of the new backup $(cat "$work/read") bytes come back, of $bytes" 'run "check"; nothing older was removed'
}

keep_policy() {
  set --
  for unit in last hourly daily weekly monthly yearly; do
    eval "count=\${BACKUP_KEEP_$(printf %s "$unit" | tr '[:lower:]' '[:upper:]')-}"
    case $count in
      '') ;;
      *[!0-9]*) return 1 ;;
      *) set -- "$@" "--keep-$unit" "$count" ;;
    esac
  done
  [ $# -gt 0 ] || set -- --keep-daily 7 --keep-weekly 4 --keep-monthly 6
  echo "$@"
}

# Removes what the policy does not keep. The newest by count stays, whatever a wrong clock has written on another.
remove_old() { # the backup that was just made
  # shellcheck disable=SC2046
  in_repository forget --dry-run --json --no-lock --tag kind=backup --group-by '' $(keep_policy) >"$work/forget" 2>"$work/said" || {
    warn "what is too old could not be found out: $(last_line "$work/said")"
    return
  }
  jq -r --arg newest "$1" '.[].remove // [] | .[].id | select(. != $newest)' "$work/forget" >"$work/gone"
  removed=$(wc -l <"$work/gone")
  # The binary log goes with the oldest backup that is brought on by it: what another one went on from, which goes today, is on the
  # way from an older one that stays.
  jq -r --arg keep "${BACKUP_KEEP_BINLOG:-7}" --rawfile gone "$work/gone" '
    ($gone | split("\n")) as $gone
    | [.[] | select(.kind == "backup") | .id] as $backups
    | [.[] | select(.kind == "backup" and .binlog != null) | select(.id as $id | $gone | index($id) | not)][-($keep | tonumber):] as $bases
    | ($bases[0].id as $oldest | $backups | index($oldest)) as $from
    | .[] | select(.kind == "binlog")
    | select((.base as $base | $backups | index($base)) as $its
        | $from == null or (if $its == null then .seq < $bases[0].seq else $its < $from end)) | .id' "$work/snapshots.json" >"$work/gone-logs"
  cat "$work/gone-logs" >>"$work/gone"
  jq -r '(("drill", "check") as $kind | [.[] | select(.kind == $kind)] | .[:-10]), ([.[] | select(.kind == "before-restore")] | .[:-3]) | .[].id' "$work/snapshots.json" >>"$work/gone"
  if [ -s "$work/gone" ]; then
    # shellcheck disable=SC2046
    with_lock forget $(cat "$work/gone") >/dev/null 2>"$work/said" || {
      warn "what is too old could not be removed: $(last_line "$work/said")"
      return
    }
    say "$removed backups were too old"
  fi
  put removed "$removed"
  # Every seventh time in any case: what an upload left that was killed.
  [ -s "$work/gone" ] || [ $(($(next_seq) % 7)) -eq 0 ] || return 0
  with_lock prune >"$work/prune" 2>"$work/said" &
  await $! quietly || warn "the room of what was removed is not free yet, the next run tries again: $(last_line "$work/said")"
}

# A snapshot from the future: some clock was wrong, and "newest" by time would be a lie.
look_at_clock() {
  [ -z "$ahead" ] || warn "by the clock of this node $ahead were made in the future: one of the two was wrong; look at it (timedatectl)"
}

list_backups() {
  open_repository
  in_repository cat config --no-lock 2>/dev/null | jq -r '.id // empty' >"$work/repository" &
  identified=$!
  look_at_clock
  for kind in backup before-restore; do
    case $kind in backup) field=backups ;; *) field=beforeRestores ;; esac
    put "$field" "$(jq -c --arg kind "$kind" '[.[] | select(.kind == $kind) | {snapshot: .short, time, bytes, databases, volumes}] | reverse' "$work/snapshots.json")"
  done
  checked=$(newest check)
  if [ -n "$checked" ]; then
    result=$(in_repository dump --no-lock "$checked" /check.json 2>/dev/null) && [ -n "$result" ] && put checked "$result"
  fi
  # Without an answer of MariaDB's the list is as good: it is not long waited for.
  half=$(half_volumes; [ -z "${BACKUP_DATABASES-}" ] || [ ! -s "$secrets/database_password" ] || { patience=5; use_platform; half_databases; })
  [ -z "$half" ] || put unfinished "$(printf '%s\n' "$half" | jq -R . | jq -cs .)"
  drill=$(newest drill)
  if [ -n "$drill" ]; then
    result=$(in_repository dump --no-lock "$drill" /drill.json 2>/dev/null | jq -c '{time, ok, snapshot, error} | del(..|nulls)') && [ -n "$result" ] && put drilled "$result"
  fi
  put restorable "$(spans)"
  wait "$identified"
  [ ! -s "$work/repository" ] || put_text repository "$(cat "$work/repository")"
  jq -r '.[] | select(.kind == "backup") | "backup: \(.short)  \(.time)  \(.bytes / 1048576 | floor) MiB  \(.databases + .volumes | join(" "))"' "$work/snapshots.json" >&2
}

check_repository() {
  open_repository
  say "reading all of $BACKUP_REPOSITORY"
  with_lock check --read-data >/dev/null 2>"$work/check" &
  await $! quietly
  status=$?
  [ "$status" -ne 0 ] || { record_check ''; return; }
  head -n 5 "$work/check" >&2
  # What went well when it was tried again was no fault, and what restic says at its end it says of a lost connection, too.
  grep -vE 'retrying after|successful after|contains errors|^The repository |^restic repair |^Damaged pack files|^ *$' "$work/check" >"$work/said"
  damage=''
  [ "$status" -ne 1 ] || damage=$(grep -iE "$damage_words|contains [0-9]+ errors|unexpected file size|error for tree" "$work/said" |
    grep -viE "$away_words|$ssh_ended" | head -n 1 | cut -c1-300)
  if [ -z "$damage" ]; then
    said=$(grep -iE "$away_words|$ssh_ended" "$work/said" | tail -n 1 | cut -c1-300)
    case $status:$BACKUP_REPOSITORY in 1:sftp:*) [ -z "$said" ] || ssh_fault checking "$work/said" ;; esac
    if [ "$status" -eq 1 ] && [ -n "$said" ]; then unreachable checking; fi
    grep -q 'contains errors' "$work/check" || repository_fault checking "$status" "$work/said"
    damage=$(last_line "$work/check")
  fi
  record_check "$damage"
  fail damaged "$BACKUP_REPOSITORY is damaged: $damage" \
    'run "restic repair index" and "restic repair packs <those it names>", then "now", which uploads again what is missing; older backups may lack files. Find out why: disks do this before they die'
}

# Kept in the repository, where "list" finds it: who checks by hand is in no log of the service.
record_check() { # what was found, or nothing
  mkdir -p "$work/found"
  jq -cn --arg time "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --arg error "$1" \
    '{time: $time, ok: ($error == "")} + if $error == "" then {} else {error: $error} end' >"$work/found/check.json"
  record check "$work/found" check.json
}

record() { # kind, folder, file
  (cd "$2" && in_repository backup --quiet --host "$BACKUP_PLATFORM" --tag "kind=$1" --tag "platform=$BACKUP_PLATFORM" --tag "seq=$(next_seq)" "$3") \
    >/dev/null 2>"$work/record-said" ||
    warn "the result could not be written into the repository: $(last_line "$work/record-said")"
}

unlock_repository() {
  open_repository
  in_repository unlock --remove-all >/dev/null 2>"$work/said" || repository_fault unlocking $? "$work/said"
  say 'no lock is left'
}
