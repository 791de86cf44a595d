#!/bin/sh
# Backs a platform's databases and volumes up, brings them back, and proves that it can. Runs in the image of
# images/backup: restic, MariaDB's client and server, jq. What it is told and says: contract/backup.ts.
#
#   /bin/sh backup.sh now [--empty]           dump, upload, read back, then remove what is too old; with nothing in what the last
#                                             backup had something of, only where that is said
#   /bin/sh backup.sh now --before-restore    the same, kept apart: no backup goes for it, and no restore takes it unasked
#   /bin/sh backup.sh ship                    upload the binary log since the last time
#   /bin/sh backup.sh list | check | unlock
#   /bin/sh backup.sh opens | add-key < FILE  whether the repository opens with another password; let it in with that, too
#   /bin/sh backup.sh look                    what the volumes have, before they are filled
#   /bin/sh backup.sh restore [--at TIME] [--snapshot ID] [--into scratch|platform] [--database NAME]... [--volume NAME]...
#                             [--of PLATFORM] [--room BYTES]
#   /bin/sh backup.sh restore --finish        finish what another restore left half in place, undo what was not in place
#   /bin/sh backup.sh restore --discard       drop what earlier restores left beside
#   /bin/sh backup.sh drill [--snapshot ID] [--serve SECONDS]
#                             read the newest into a throw-away server, and check it; then let applications in
#
# Standard error has lines for people; standard output one line of JSON, the last thing that is said.
# Exit status: 0 done; 1 failed; 64 wrong arguments; 78 a setting, secret or program is missing; 143 stopped.

# shellcheck disable=SC2034  # the other files use them

set -u
umask 077
folder=$(dirname "$0")

# A signal must reach restic and mariadb-dump at once, and a shell hears of none while a program runs in front of it: the
# work is done in a session of its own, all of which gets the signal.
if [ "${BACKUP_INNER-}" != yes ]; then
  # What is in the background has no standard input of its own, and most commands must have none.
  case ${1-} in opens | add-key) exec 3<&0 ;; *) exec 3</dev/null ;; esac
  BACKUP_INNER=yes setsid /bin/sh "$0" "$@" <&3 3<&- &
  inner=$!
  trap 'kill -s TERM -- "-$inner" 2>/dev/null || kill -s TERM "$inner" 2>/dev/null' TERM INT QUIT HUP
  while :; do
    wait "$inner"
    status=$?
    kill -0 "$inner" 2>/dev/null || exit "$status"
  done
fi

# shellcheck source=constructs/assets/backup/common.sh
. "$folder/common.sh"
# shellcheck source=constructs/assets/backup/repository.sh
. "$folder/repository.sh"
# shellcheck source=constructs/assets/backup/keys.sh
. "$folder/keys.sh"
# shellcheck source=constructs/assets/backup/databases.sh
. "$folder/databases.sh"
# shellcheck source=constructs/assets/backup/dump.sh
. "$folder/dump.sh"
# shellcheck source=constructs/assets/backup/scratch.sh
. "$folder/scratch.sh"
# shellcheck source=constructs/assets/backup/restore.sh
. "$folder/restore.sh"
# shellcheck source=constructs/assets/backup/ship.sh
. "$folder/ship.sh"
# shellcheck source=constructs/assets/backup/volumes.sh
. "$folder/volumes.sh"

command=${1-}
[ $# -eq 0 ] || shift
at='' snapshot='' into=scratch only='' only_volumes='' of='' discard='' finish='' room='' serve='' empty='' before=''
while [ $# -gt 0 ]; do
  option=$1
  case $command:$option in
    now:--before-restore) before=yes; shift; continue ;;
    restore:--discard) discard=yes; shift; continue ;;
    now:--empty) empty=yes; shift; continue ;;
    restore:--finish) finish=yes; shift; continue ;;
    restore:--at | restore:--snapshot | restore:--into | restore:--database | restore:--volume | restore:--of | restore:--room | drill:--snapshot | drill:--serve) ;;
    *) begin; fail settings "'$option' is no option of '$command'" 'see the head of backup.sh for what it takes' 64 ;;
  esac
  [ -n "${2-}" ] || { begin; fail settings "$option needs a value" "say it after $option" 64; }
  case $option in
    --at) at=$2 ;;
    --snapshot) snapshot=$2 ;;
    --into) into=$2 ;;
    --database) only="$only $2" ;;
    --volume) only_volumes="$only_volumes $2" ;;
    --of) of=$2 ;;
    --room) room=$2 ;;
    --serve) serve=$2 ;;
  esac
  shift 2
done

begin
case $serve in *[!0-9]*) fail settings "--serve is '$serve'" 'give whole seconds' 64 ;; esac
case $room in *[!0-9]*) fail settings "--room is '$room'" 'give whole bytes' 64 ;; esac
case $command in
  now) make_backup ;;
  ship) ship_binlog ;;
  list) list_backups ;;
  look) look_at_volumes ;;
  check) check_repository ;;
  unlock) unlock_repository ;;
  opens) say_whether_it_opens ;;
  add-key) add_password ;;
  restore) restore_backup ;;
  drill) drill_backup ;;
  *) fail settings "'$command' is no command" 'take now, ship, list, look, check, restore, drill, unlock, opens or add-key' 64 ;;
esac
succeed
