#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Try tools/run or tools/test as a newcomer would: a clean clone on a Debian 12 that has nothing but a shell.
# Wants root and debootstrap. Not part of tools/test, which it runs.
set -eu

usage() {
	cat <<-'TEXT'
	usage: tests/fresh-machine.sh run|test [COMMIT]

	  run    tools/run twice; a log of each format is dropped into the watched directory and must become a point
	  test   tools/test

	PERFDASH_BASE=FILE.tar.gz keeps the bare system there, for the next time.
	TEXT
}

mirror=http://deb.debian.org
tree=$(cd "$(dirname "$0")/.." && pwd)
action=${1:-}
commit=${2:-HEAD}
case $action in
run | test) ;;
*) usage >&2; exit 2 ;;
esac

root=$(mktemp -d /var/tmp/perfdash-fresh.XXXXXX)
pid=
leave() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null || true
	! mountpoint -q "$root/proc" || umount -l "$root/proc"
	rm -rf --one-file-system "$root"
}
trap leave EXIT
trap 'exit 130' INT TERM

bootstrap() {
	if [ -f "${PERFDASH_BASE:-}" ]; then
		tar -xzf "$PERFDASH_BASE" -C "$root"
		return
	fi
	debootstrap --variant=minbase bookworm "$root" $mirror/debian
	cat >"$root/etc/apt/sources.list" <<-TEXT
	deb $mirror/debian bookworm main
	deb $mirror/debian bookworm-updates main
	deb $mirror/debian-security bookworm-security main
	TEXT
	[ -z "${PERFDASH_BASE:-}" ] || tar -czf "$PERFDASH_BASE" -C "$root" .
}

inside() {
	chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb "$@"
}

# wait_for WORDS FILE: until they stand in it; tools/run must be alive
wait_for() {
	until grep -q "$1" "$2"; do
		kill -0 "$pid" 2>/dev/null || { cat "$2"; echo "tools/run ended too early"; exit 1; }
		sleep 0.2
	done
}

start_run() {
	chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb \
		/root/perfdash/tools/run --port 0 >"$root/run.log" 2>&1 &
	pid=$!
	began=$(date +%s)
	wait_for 'perfdash is at' "$root/run.log"
	echo "ready after $(($(date +%s) - began)) s"
}

stop_run() {
	kill -INT "$pid"
	wait "$pid" || { echo "tools/run ended with $?"; exit 1; }
	pid=
}

try_run() {
	start_run
	cat "$root/run.log"
	inside /usr/bin/python3 -B /root/perfdash/tests/drop-logs.py /root/perfdash/.perfdash/demo \
		"$(sed -n 's/^perfdash is at *//p' "$root/run.log")"
	stop_run
	echo "once more"
	start_run
	stop_run
}

bootstrap
cp /etc/resolv.conf "$root/etc/resolv.conf"
# the certificates of a company's proxy, where there is one
mkdir -p "$root/usr/local/share/ca-certificates"
cp -r /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/"
mount -t proc proc "$root/proc"
git clone -q --no-hardlinks "$tree" "$root/root/perfdash"
git -C "$root/root/perfdash" checkout -q "$(git -C "$tree" rev-parse "$commit")"
case $action in
run) try_run ;;
test) inside /root/perfdash/tools/test ;;
esac
