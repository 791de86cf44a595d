# shellcheck shell=sh disable=SC2154,SC2086
# Volumes, each mounted at /backup/volumes/<name>.

expect_volume() { # volume
  [ -d "$root/volumes/$1" ] || fail settings "the volume $1 is not mounted at $root/volumes/$1" 'mount it there' 78
}

# In the backup they are volumes/<name>; sets $volume_paths. restic follows no links, so the folder of the dump goes where the
# volumes are: it is on the same root.
link_volumes() { # folder of the dump
  volume_paths=''
  [ -n "${BACKUP_VOLUMES-}" ] || return 0
  for name in $BACKUP_VOLUMES; do
    expect_volume "$name"
    volume_paths="$volume_paths $root/volumes/$name"
  done
  for name in $BACKUP_VOLUMES; do upload_tags="$upload_tags volume=$name"; done
  put volumes "$(printf '%s\n' $BACKUP_VOLUMES | jq -R . | jq -cs .)"
}

# Those of the backup that are here, in $only_volumes.
mounted_volumes() {
  for name in $(sed -n 's:^/::p' "$work/contents"); do
    if [ -d "$root/volumes/$name" ]; then only_volumes="$only_volumes $name"
    else warn "the volume $name of the backup is not restored: it is not mounted at $root/volumes/$name"
    fi
  done
}

# For who would fill it: what a restore has brought is not what somebody else has written.
state_of_volume() { # volume
  volume=$root/volumes/$1
  if [ -e "$volume/.restore/.whole" ]; then echo moving
  elif [ -d "$volume/.replaced" ]; then echo restored
  elif [ -n "$(files_of_volume "$1")" ]; then echo files
  else echo empty
  fi
}

# One of its entries, where it has any: not of restores, nor what a file system of its own begins with.
files_of_volume() { # volume
  find "$root/volumes/$1" -mindepth 1 -maxdepth 1 ! -name .restore ! -name .replaced ! -name lost+found | head -n 1
}

look_at_volumes() {
  for name in ${BACKUP_VOLUMES-}; do expect_volume "$name"; done
  put holds "$(for name in ${BACKUP_VOLUMES-}; do echo "$name $(state_of_volume "$name")"; done | jq -cRn '[inputs | split(" ") | {(.[0]): .[1]}] | add // {}')"
}

# What restores have left beside, in a volume that can be written.
discard_of_volume() { # volume
  volume=$root/volumes/$1
  [ -w "$volume" ] || return 0
  new=$volume/.restore old=$volume/.replaced
  rm -rf "$new" "$old"
  for entry in "$volume"/restore_*; do
    # Of an application's own files none has such a name.
    id=${entry##*/restore_}
    case $id in *[!0-9a-f]*) ;; *) [ ${#id} -ne 64 ] || rm -rf "$entry" ;; esac
  done
}

# One that was cut off while it took the place of what was there; what was not read in whole goes.
finish_volume() { # volume
  volume=$root/volumes/$1
  [ -w "$volume" ] || return 0
  new=$volume/.restore old=$volume/.replaced
  if [ -e "$new/.whole" ]; then
    say "finishing an interrupted restore of $1"
    move_volume
  fi
  rm -rf "$new"
}

# A volume comes back beside what is in it, in a folder of its own on the same file system; then each entry of the old goes
# aside and each of the new in. A run that is interrupted before that changes nothing; after it, the next run goes on.
restore_volume() { # volume
  expect_volume "$1"
  volume=$root/volumes/$1
  new=$volume/.restore old=$volume/.replaced
  # Whole, since it has the mark.
  if [ ! -e "$new/.whole" ] || [ "$(cat "$new/.whole")" != "$snapshot" ]; then
    finish_volume "$1"
    mkdir "$new" 2>"$work/said" || fail settings "$volume cannot be written: $(last_line "$work/said")" 'mount it writable for a restore' 78
    say "reading in the volume $1"
    # As an entry of the folder that it is in: restic brings back whose it is, and what others may do in it, of entries alone.
    reading restore --quiet "$snapshot:$(jq -r .volumes "$work/manifest.json")" --include "/$1" --target "$new/in" >/dev/null 2>"$work/said" &
    await $! say 'still reading in'
    status=$?
    if [ "$status" -ne 0 ]; then
      rm -rf "$new"
      grep -qi 'no space left' "$work/said" && fail full "no room in the volume $1" 'make room; what is in it is untouched'
      repository_fault "reading the volume $1" "$status" "$work/said"
    fi
    # restic calls it well where nothing was included.
    [ -d "$new/in/$1" ] || fail damaged "the backup $snapshot has no folder of the volume $1" 'take another backup (list); nothing was replaced'
    mv "$new/in/$1" "$new/files" && rmdir "$new/in" || fail settings "$new cannot be tidied up" 'look at the disk of the volume; nothing was replaced'
    # Backups had them once.
    rm -rf "$new/files/.restore" "$new/files/.replaced"
    if [ "$into" = scratch ]; then
      rm -rf "$volume/restore_$snapshot"
      mv "$new/files" "$volume/restore_$snapshot" && rm -rf "$new"
      say "the volume is in its folder restore_$snapshot now, beside what is in use"
      return
    fi
    rm -rf "$old"
    stat -c '%u:%g %a' "$new/files" >"$new/.root"
    sync
    echo "$snapshot" >"$new/.whole.new" && mv "$new/.whole.new" "$new/.whole"
  fi
  move_volume
  say "the volume $1 is in place; what was in it is in its folder .replaced until the next restore"
}

move_volume() {
  mkdir -p "$old"
  # Entries that are new already are not moved away: their names are written down before anything moves.
  [ -e "$new/.old" ] || {
    (cd "$volume" && find . -mindepth 1 -maxdepth 1 ! -name .restore ! -name .replaced -print) >"$new/.old.new" && mv "$new/.old.new" "$new/.old"
  }
  while IFS= read -r entry; do
    # Still the old one, where nothing of this name is aside yet.
    if [ -e "$old/$entry" ] || [ -L "$old/$entry" ]; then continue; fi
    if [ -e "$volume/$entry" ] || [ -L "$volume/$entry" ]; then mv -T "$volume/$entry" "$old/$entry" 2>"$work/said" || move_fault "$entry"; fi
  done <"$new/.old"
  (cd "$new/files" && find . -mindepth 1 -maxdepth 1 -print) >"$work/entries"
  while IFS= read -r entry; do
    # Into a folder that somebody has made meanwhile it would go otherwise.
    mv -T "$new/files/$entry" "$volume/$entry" 2>"$work/said" || move_fault "$entry"
  done <"$work/entries"
  # Whose it is, and what others may do in it; a volume that is new is root's.
  if [ -s "$new/.root" ]; then
    read -r owner mode <"$new/.root"
    chown "$owner" "$volume" 2>"$work/said" && chmod "$mode" "$volume" 2>"$work/said" || move_fault .
  fi
  rm -rf "$new"
}

move_fault() { # entry
  fail unfinished "the volume ${volume##*/} is half in place: $1 cannot be put there: $(last_line "$work/said")" \
    "let nobody write in it, move what is in the way aside ($1), and run the restore into the platform again, which goes on"
}
