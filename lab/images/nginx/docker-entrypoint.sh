#!/bin/sh
# Runs what is in /docker-entrypoint.d before nginx, then the command.
set -e
if [ "$1" = nginx ]; then
  for file in /docker-entrypoint.d/*; do
    case $file in
      *.envsh) [ ! -x "$file" ] || . "$file" ;;
      *.sh) [ ! -x "$file" ] || "$file" ;;
    esac
  done
fi
exec "$@"
