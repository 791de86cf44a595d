#!/bin/sh
# A swap file, where there is no swap: a short peak then slows the server down instead of killing MariaDB.
# HOST_SWAP_MIB: its size, 0 for none.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

size=${HOST_SWAP_MIB:-2048}
file=/swapfile
# What is left for Docker's images is worth more than swap.
SPARE_MIB=4096

swaps=$(tail -n +2 "$root/proc/swaps" | cut -d ' ' -f 1)
others=$(echo "$swaps" | grep -vx "$file" || true)
if [ -n "$others" ]; then
  ok "there is swap: $(echo "$others" | paste -sd ' ' -)"
  exit 0
elif [ "$size" -eq 0 ]; then
  ok 'none is wanted'
  exit 0
fi

make_file() {
  free=$(df -Pk "$root/" | awk 'END { print int($4 / 1024) }')
  if [ "$free" -lt $((size + SPARE_MIB)) ]; then
    fail "the disk has $free MiB left, a swap file of $size MiB would take what images need" \
      "make room, or set swap in services.config.ts to less or to false"
  fi
  rm -f "$root$file.new"
  (umask 077 && : > "$root$file.new")
  # Not every file system can reserve blocks for swap.
  fallocate -l "${size}M" "$root$file.new" 2> /dev/null ||
    dd if=/dev/zero of="$root$file.new" bs=1M count="$size" status=none
  mkswap "$root$file.new" > /dev/null
  mv "$root$file.new" "$root$file"
}

if [ ! -e "$root$file" ]; then
  if differs "there is no swap, $size MiB are wanted"; then make_file; else exit 0; fi
fi
if ! grep -qs "^$file " "$root/etc/fstab" && differs "$file is not in /etc/fstab"; then
  cp -p "$root/etc/fstab" "$root/etc/fstab.new"
  # A file without a final newline would have its last line made longer instead.
  [ -z "$(tail -c 1 "$root/etc/fstab.new")" ] || echo >> "$root/etc/fstab.new"
  echo "$file none swap sw 0 0" >> "$root/etc/fstab.new"
  mv "$root/etc/fstab.new" "$root/etc/fstab"
fi
if [ "$swaps" = "$file" ]; then
  ok "$file is in use"
elif differs "$file is not in use"; then
  swapon "$root$file"
fi
