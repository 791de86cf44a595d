#!/bin/sh
# Starts nginx with the best certificate there is, and makes it load a newer one when that arrives.
#
#   /bin/sh /tls-watch [KEY=value]... -- nginx [argument...]
#
# LIVE=FOLDER      where fullchain.pem and privkey.pem appear and change: certbot's live/<lineage>
# FALLBACK=FOLDER  the pair for the time before, and when nginx cannot use the other (default /run/secrets)
# SERVED=FOLDER    where nginx.conf says its pair is; memory, so that no key reaches a disk (default /etc/nginx/tls)
# CONF=FILE        nginx.conf, to try a pair with (default /etc/nginx/nginx.conf)
# EVERY=SECONDS    between two looks (default 20)
#
# A pair is used only when nginx itself takes it, with its whole configuration: certificate and key then belong together,
# also in the moment in which certbot has exchanged one of the two. One that was good stays, whatever happens to LIVE.
#
# nginx takes this shell's place, so signals reach it and the container ends with it; the loop is its child. A reload starts
# new workers and lets the old ones finish: no connection is closed for it.
# Exit status: nginx's; 64 wrong arguments; 78 there is no pair at all.

set -u
live='' fallback=/run/secrets served=/etc/nginx/tls conf=/etc/nginx/nginx.conf every=20

say() { printf 'tls-watch: %s\n' "$1" >&2; }
fail() { # status, message
  say "$2"
  exit "$1"
}

while [ $# -gt 0 ]; do
  case $1 in
    --) shift; break ;;
    LIVE=*) live=${1#*=} ;;
    FALLBACK=*) fallback=${1#*=} ;;
    SERVED=*) served=${1#*=} ;;
    CONF=*) conf=${1#*=} ;;
    EVERY=*) every=${1#*=} ;;
    *) fail 64 "'$1' is not one of LIVE=, FALLBACK=, SERVED=, CONF=, EVERY= or -- before nginx" ;;
  esac
  shift
done
[ -n "$live" ] || fail 64 'LIVE= is missing: the folder in which the certificate appears'
[ $# -gt 0 ] || fail 64 'no command given: put -- and nginx after the settings'
case $every in '' | 0 | *[!0-9]*) fail 64 "EVERY=$every: whole seconds, 1 or more" ;; esac
next=$served/next

# Copies a pair to be tried; fails when one of the two is not there.
fetch() { # folder
  [ -s "$1/fullchain.pem" ] && [ -s "$1/privkey.pem" ] &&
    cat "$1/fullchain.pem" >"$next/fullchain.pem" 2>/dev/null && cat "$1/privkey.pem" >"$next/privkey.pem" 2>/dev/null
}

# What nginx says of its configuration with the copy in it; empty when it is fine. The copy is judged and not its source,
# which can change at any time.
judge() { # nginx [argument...]
  sed "s|$served/|$next/|g" "$conf" >"$next/nginx.conf" || return
  judged=$("$@" -t -q -c "$next/nginx.conf" 2>&1) || printf '%s' "${judged:-nginx -t fails}"
}

serve() { mv -f "$next/fullchain.pem" "$served/fullchain.pem" && mv -f "$next/privkey.pem" "$served/privkey.pem"; }

# nginx reads the files as root, before its workers become someone else.
umask 077
mkdir -p "$next" || fail 78 "$next cannot be made: SERVED must be writable"

tried=''
if fetch "$live"; then
  tried=$(cat "$next/fullchain.pem" "$next/privkey.pem" | cksum)
  fault=$(judge "$@")
  if [ -z "$fault" ]; then
    serve
    say "serving the certificate in $live"
  else
    say "the pair in $live cannot be used: $fault"
  fi
fi
if [ ! -s "$served/fullchain.pem" ]; then
  fetch "$fallback" || fail 78 "there is no pair in $live and none in $fallback"
  serve
  say "serving the fallback certificate in $fallback until there is one in $live"
fi

watch() { # process of nginx, nginx [argument...]
  nginx=$1
  shift
  while sleep "$every" && kill -0 "$nginx" 2>/dev/null; do
    fetch "$live" || continue
    sum=$(cat "$next/fullchain.pem" "$next/privkey.pem" | cksum)
    [ "$sum" != "$tried" ] || continue
    tried=$sum
    fault=$(judge "$@")
    if [ -n "$fault" ]; then
      say "a new pair in $live cannot be used, nginx keeps its own: $fault"
    elif serve && kill -s HUP "$nginx"; then
      say "a new certificate in $live: nginx reloads"
    else
      tried=''
    fi
  done
}
watch $$ "$@" &
umask 022
exec "$@"
