#!/bin/sh
# First process of the engine's cell: /bin/sh cell.sh command [argument...]
# Sees to it that an engine, wherever it writes with a fixed name, writes to memory that goes with the cell, and ends
# when the engine ends: with its first process the kernel ends all others of the cell, containers included.
set -u
mount -t tmpfs -o mode=755 lab-run /run || exit 70
mkdir /run/etc /run/etc-work
# Older engines write a key to /etc/docker. Where overlays cannot be stacked they may.
mount -t overlay -o lowerdir=/etc,upperdir=/run/etc,workdir=/run/etc-work overlay /etc 2>/dev/null

"$@" &
engine=$!
trap 'kill -TERM $engine' TERM
while kill -0 $engine 2>/dev/null; do wait $engine; done
