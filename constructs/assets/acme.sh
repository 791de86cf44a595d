#!/bin/sh
# Gets a certificate from an ACME server with certbot (HTTP-01, through nginx's webroot) and keeps it fresh. Never ends by
# itself: a container that fails and is started again would ask the CA each time, and CAs count (Let's Encrypt: five failed
# validations of a name in an hour).
#
#   /bin/sh /acme KEY=value...
#   /bin/sh /acme --healthy [HEARTBEAT=FILE]   exit status 0 while the loop below is alive, with or without a certificate
#
# DIRECTORY=URL     the ACME server
# NAMES=A,B         host names of the certificate, the main one first
# LINEAGE=NAME      under which certbot keeps it; one for each directory, so that no other CA's is taken for this one's
# EMAIL=ADDRESS     of the account
# HTTP_PORT=80      where the CA looks for the challenge
# PROFILE=NAME      the CA's certificate profile (default: the CA's own choice)
# CA_FILE=FILE      CAs that the server's own certificate is checked against (default: the image's)
# SELF_CHECK=no     ask the CA without looking first whether the names lead here
# CHECK=43200       seconds between two looks at the certificate; up to an eighth more, so that servers do not ask in step
# RETRY=900         seconds after a failure, doubled by each further one, up to LONGEST=43200
# CONFIG=, WEBROOT=, LOGS=, HEARTBEAT=   folders and a file (defaults: the image's, /var/www/acme, /tmp/acme-heartbeat)
#
# When the certificate is due is certbot's decision: what the CA asks for (ARI), else a third of its lifetime left, or a half
# where it lives for less than ten days. Older certbots than 4.0 count thirty days, whatever the lifetime: refused.
# Exit status: 143 after SIGTERM; 64 wrong arguments; 78 no certbot that can do this.

set -u
# certbot's files for nginx's workers, which are another user.
umask 022
directory='' names='' lineage='' email='' http_port=80 profile='' self_check=yes
check=43200 retry=900 longest=43200
config=/etc/letsencrypt webroot=/var/www/acme logs=/var/log/letsencrypt heartbeat=/tmp/acme-heartbeat

say() { printf 'acme: %s\n' "$1"; }
fail() { # status, message
  printf 'acme: %s\n' "$2" >&2
  exit "$1"
}

mode=run
[ "${1-}" != --healthy ] || { mode=healthy; shift; }
for argument; do
  value=${argument#*=}
  case $argument in
    DIRECTORY=?*) directory=$value ;;
    NAMES=?*) names=$value ;;
    LINEAGE=?*) lineage=$value ;;
    EMAIL=?*) email=$value ;;
    HTTP_PORT=?*) http_port=$value ;;
    PROFILE=?*) profile=$value ;;
    CA_FILE=?*) export REQUESTS_CA_BUNDLE="$value" ;;
    SELF_CHECK=yes | SELF_CHECK=no) self_check=$value ;;
    CHECK=?*) check=$value ;;
    RETRY=?*) retry=$value ;;
    LONGEST=?*) longest=$value ;;
    CONFIG=?*) config=$value ;;
    WEBROOT=?*) webroot=$value ;;
    LOGS=?*) logs=$value ;;
    HEARTBEAT=?*) heartbeat=$value ;;
    *) fail 64 "'$argument' is no setting of this script, or it is empty" ;;
  esac
done
if [ "$mode" = healthy ]; then
  [ -n "$(find "$heartbeat" -mmin -2 2>/dev/null)" ] || fail 1 "no sign of life for two minutes"
  exit 0
fi
for needed in "DIRECTORY=$directory" "NAMES=$names" "LINEAGE=$lineage" "EMAIL=$email"; do
  [ -n "${needed#*=}" ] || fail 64 "${needed%%=*}= is missing"
done
for number in "$http_port" "$check" "$retry" "$longest"; do
  case $number in 0 | *[!0-9]*) fail 64 "'$number' must be a whole number, 1 or more" ;; esac
done
version=$(certbot --version 2>&1) || fail 78 "certbot does not run here: $version"
case $version in
  'certbot '[0-3].*) fail 78 "$version renews thirty days before the end, whatever the lifetime: take 4.0 or newer" ;;
esac

challenges=$webroot/.well-known/acme-challenge
waiting=$config/waiting/$lineage
account=$config/accounts/${directory#*://}
# A clock that was wrong must not stop renewals for ever; Let's Encrypt's longest wait is a week.
longest_named=700000
output=$heartbeat.output
child='' stopped=''
trap 'stopped=yes; [ -z "$child" ] || kill -s TERM "$child" 2>/dev/null' TERM INT QUIT

stop_if_told() {
  [ -z "$stopped" ] || { say 'stopped'; exit 143; }
}

# Waits for a number of seconds, alive.
pause() { # seconds
  until=$(($(date +%s) + $1))
  while :; do
    : >"$heartbeat"
    left=$((until - $(date +%s)))
    [ "$left" -gt 0 ] || return 0
    [ "$left" -le 10 ] || left=10
    sleep "$left" &
    wait $!
    stop_if_told
  done
}

# Runs certbot for ten minutes at most, alive, with what it says in $output; its own status.
with_certbot() { # certbot's arguments
  certbot "$@" --config-dir "$config" --work-dir "$heartbeat.work" --logs-dir "$logs" --max-log-backups 9 \
    --non-interactive >"$output" 2>&1 &
  child=$! ticks=0
  while kill -0 "$child" 2>/dev/null; do
    : >"$heartbeat"
    [ "$ticks" -ne 1200 ] || kill -s TERM "$child"
    [ "$ticks" -ne 1260 ] || kill -s KILL "$child"
    ticks=$((ticks + 1))
    sleep 0.5
  done
  wait "$child"
  status=$?
  child=''
  return "$status"
}

fits() { # folder: its certificate and key belong together
  certified=$(openssl x509 -in "$1/fullchain.pem" -noout -pubkey 2>/dev/null) &&
    [ "$certified" = "$(openssl pkey -in "$1/privkey.pem" -pubout 2>/dev/null)" ]
}

# A certbot that was killed leaves links half changed, which its next look mends, or half a lineage, beside which it would
# make another of another name. What it cannot read is put aside, never deleted; nothing is, when certbot could not look:
# another one was at work, or it was killed. Then nobody is asked either, for a certificate that may well be there.
mend() {
  parts="renewal/$lineage.conf live/$lineage archive/$lineage"
  there='' looked=0
  for part in $parts; do [ ! -e "$config/$part" ] || there=yes; done
  [ -n "$there" ] || return 0
  with_certbot certificates --cert-name "$lineage" || looked=$?
  if grep -q "Certificate Name: $lineage\$" "$output" && fits "$config/live/$lineage"; then return 0; fi
  stop_if_told
  if [ "$looked" -ge 128 ] || grep -q 'Another instance' "$output"; then return 1; fi
  aside=$config/broken/$lineage-$(date +%s)
  mkdir -p "$aside"
  for part in $parts; do
    [ ! -e "$config/$part" ] || mv "$config/$part" "$aside/${part%%/*}"
  done
  say "what is kept of $lineage cannot be used; it is in $aside now, and a new certificate is asked for"
}

# Whether each name leads to the nginx that serves our webroot. Costs nothing at the CA.
reachable() {
  [ "$self_check" = yes ] || return 0
  token=self-check-$$-$(date +%s)
  printf '%s' "$token" >"$challenges/$token"
  fault=$(printf '%s' "$names" | tr , '\n' | python3 -c '
import sys, urllib.request
port, token = sys.argv[1:]
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
for name in sys.stdin.read().split():
    url = "http://" + name + ("" if port == "80" else ":" + port) + "/.well-known/acme-challenge/" + token
    try:
        if opener.open(url, timeout=10).read(100).decode("latin-1") != token:
            print(url, "is answered by somebody else")
    except Exception as error:
        print(url, "fails:", getattr(error, "reason", error))' "$http_port" "$token" 2>&1)
  rm -f "$challenges/$token"
  [ -z "$fault" ]
}

# Not before the time that a failure has set, which is kept on the volume: a new task may not ask earlier.
wait_for_turn() {
  [ -r "$waiting" ] || return 0
  read -r due delay wanted <"$waiting" || :
  # Another question is another matter.
  [ "${wanted-}" = "$directory,$names,$email,$profile" ] || { delay=''; return 0; }
  case ${due:-x}${delay:-x} in *[!0-9]*) delay=''; return 0 ;; esac
  left=$((due - $(date +%s)))
  [ "$left" -gt 0 ] && [ "$left" -lt "$longest_named" ] || return 0
  say "not asking $directory before $(when "$due"), after a failure (delete $waiting to ask now)"
  pause "$left"
}

when() { date -u -d "@$1" '+%Y-%m-%d %H:%M:%S UTC'; }

set_turn() { # the time (seconds since 1970), delay after the next failure
  mkdir -p "$config/waiting"
  echo "$1 $2 $directory,$names,$email,$profile" >"$waiting.new" && mv "$waiting.new" "$waiting"
}

# The time (seconds since 1970) that a CA names when it refuses to be asked again: "retry after 2026-11-24 09:00:00 UTC".
retry_after() {
  named=$(sed -n 's/.*retry after \([0-9-]* [0-9:]*\) UTC.*/\1/p' "$output" | tail -n 1)
  [ -n "$named" ] && named=$(date -u -d "$named" +%s 2>/dev/null) && echo "$named"
}

put_account_aside() { # why
  aside=$config/broken/account-$(date +%s)
  mkdir -p "$config/broken" && mv "$account" "$aside" && say "$1: it is in $aside now, and a new one is made"
}

# An account that the CA does not know: it lost it, or the volume is of another time.
forget_account() {
  grep -q acme:error:accountDoesNotExist "$logs/letsencrypt.log" 2>/dev/null || return 1
  [ -d "$account" ] || return 1
  put_account_aside 'the CA does not know our account'
}

# certbot writes an account's files in place. One that was killed, or a power cut, leaves them torn, and each later certbot
# fails on them before it asks anybody.
mend_account() {
  [ -d "$account" ] || return 0
  torn=$(python3 -c '
import json, pathlib, sys
for file in pathlib.Path(sys.argv[1]).rglob("*.json"):
    try:
        json.loads(file.read_bytes())
    except ValueError as error:
        print(f"{file.name}: {error}")' "$account")
  [ -z "$torn" ] || put_account_aside "our account cannot be read ($(printf '%s' "$torn" | tr '\n' ' '))"
}

# Tells one certificate from another.
mark() { cksum "$config/live/$lineage/fullchain.pem" 2>/dev/null; }

ask() {
  with_certbot certonly --webroot --webroot-path "$webroot" --server "$directory" --cert-name "$lineage" \
    --domains "$names" --renew-with-new-domains --keep-until-expiring --key-type ecdsa --elliptic-curve secp256r1 \
    --agree-tos --no-eff-email --email "$email" ${profile:+--preferred-profile "$profile"}
}

mkdir -p "$challenges" "$config" || fail 78 "$webroot and $config must be writable"
# Of a certbot that was killed; this is the only one.
rm -f "$challenges"/*
unreachable=5 delay=''
while :; do
  wait_for_turn
  if ! mend; then
    say "certbot could not look at what is kept of $lineage (status $looked): it stays; next look in $retry s"
    pause "$retry"
    continue
  fi
  if ! reachable; then
    say "not asking the CA, which could not reach us either: $fault"
    say "let the name lead to this server and port $http_port be open; next look in $unreachable s"
    pause "$unreachable"
    unreachable=$((unreachable * 2))
    [ "$unreachable" -le 300 ] || unreachable=300
    continue
  fi
  unreachable=5
  mend_account
  delay=${delay:-$retry}
  [ "$delay" -le "$longest" ] || delay=$longest
  before=$(mark)
  stop_if_told
  # Before it asks: one that is killed counts as a failure.
  turn=$(($(date +%s) + delay))
  set_turn "$turn" $((delay * 2))
  ask || { forget_account && ask; }
  status=$?
  if [ -n "$stopped" ]; then
    rm -f "$waiting"
    stop_if_told
  fi
  if [ "$status" -eq 0 ] && fits "$config/live/$lineage"; then
    rm -f "$waiting"
    delay=''
    said=kept
    [ "$before" = "$(mark)" ] || said='new certificate'
    say "$lineage: $said, $(openssl x509 -in "$config/live/$lineage/cert.pem" -noout -enddate)"
    pause $((check + $(od -An -N2 -tu2 /dev/urandom) * check / 524288))
  else
    named=$(retry_after) || named=0
    # Beyond what wait_for_turn believes it would be no wait at all.
    if [ "$named" -gt "$turn" ] && [ $((named - $(date +%s))) -lt "$longest_named" ]; then set_turn "$named" "$delay"; fi
    grep -v '^ *$' "$output" | sed 's/^/certbot: /'
    say "no certificate from $directory"
  fi
done
