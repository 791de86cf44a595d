#!/bin/sh
# daemon.json has what the file of that name beside this one says; what else is in it, stays. A null takes a key away.
# HOST_RESTART_DOCKER: now restarts Docker for it whatever runs. @default when-idle
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=docker-start.sh
. "$lib/docker-start.sh"

file=$daemon_json

need_packages jq || exit 0
wanted=$(jq -cS . "$lib/daemon.json")
there='{}'
if [ -s "$root$file" ]; then
  there=$(jq -cS . "$root$file" 2> /dev/null) ||
    fail "$file is not JSON" "correct it on the server (jq . $file says where): Docker does not start with it either"
fi
merged=$(jq -nS --argjson there "$there" --argjson wanted "$wanted" \
  '$there * $wanted | with_entries(select(.value != null))')

# An engine that knows how is asked first.
validate() {
  if ! command -v dockerd > /dev/null || ! dockerd --help 2> /dev/null | grep -q -- --validate; then return 0; fi
  said=$(dockerd --validate --config-file "$1" 2>&1) || {
    rm -f "$1"
    fail "Docker would not start with $file: $said" 'correct daemon in services.config.ts; the file is as it was'
  }
}

runs_with=$(started_with)
if [ -n "$runs_with" ] && [ -z "${HOST_CHECK:-}" ]; then record_start "$runs_with"; fi

keys=$(jq -nr --argjson there "$there" --argjson merged "$merged" \
  '[$there, $merged | keys[]] | unique | map(select($there[.] != $merged[.])) | join(", ")')
if [ -z "$keys" ] && [ -e "$root$file" ]; then
  ok "$file has what is wanted"
elif differs "$file: ${keys:-it is missing}"; then
  mkdir -p "$root/etc/docker"
  printf '%s\n' "$merged" > "$root$file.new"
  validate "$root$file.new"
  mv -f "$root$file.new" "$root$file"
fi

if [ -z "$runs_with" ] || [ "$runs_with" = "$(echo "$merged" | digest)" ]; then exit 0; fi
if [ "${HOST_RESTART_DOCKER:-}" != now ] && [ -n "$(docker ps --quiet)" ]; then
  # What can change without a restart does so at once.
  [ -n "${HOST_CHECK:-}" ] || systemctl reload docker.service
  note "Docker runs with older settings until its next start, which ends all tasks: sudo systemctl restart docker"
elif differs 'Docker runs with older settings'; then
  systemctl restart docker.service
  record_start "$(echo "$merged" | digest)"
fi
