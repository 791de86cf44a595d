#!/bin/sh
# The user that deploys may talk to Docker, and owns the platform's folder.
# HOST_USER: that user. HOST_FOLDER: the folder, for example /opt/proctorwise.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

user=${HOST_USER:?the user that deploys}
folder=${HOST_FOLDER:?the folder of the platform}

if [ "$user" != root ]; then
  if id -nG "$user" | tr ' ' '\n' | grep -qx docker; then
    ok "$user is in the group docker"
  elif differs "$user is not in the group docker"; then
    usermod -aG docker "$user"
  fi
fi
if [ "$(stat -c %U "$root$folder" 2> /dev/null)" = "$user" ]; then
  ok "$folder belongs to $user"
elif [ -d "$root$folder" ]; then
  # What is in it may belong to others for a reason.
  if differs "$folder belongs to somebody else"; then chown "$user:" "$root$folder"; fi
elif differs "there is no $folder"; then
  install -d -o "$user" -g "$(id -gn "$user")" -m 0755 "$root$folder"
fi
