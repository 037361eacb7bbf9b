# SPDX-License-Identifier: LGPL-2.1-or-later
# What tools/run and tools/test have in common: Debian's packages, and the build. Sourced at the root of the tree.
# shellcheck shell=sh disable=SC2034

export LC_ALL=C.UTF-8
export DEBIAN_FRONTEND=noninteractive

build_packages="ca-certificates gcc gobject-introspection libc6-dev libgirepository1.0-dev libglib2.0-dev
	libjson-glib-dev libseccomp-dev libsoup-3.0-dev libsqlite3-dev libzstd-dev meson ninja-build pkg-config python3"
test_packages="chromium clang clang-format-14 gir1.2-glib-2.0 libclang-rt-14-dev libfaketime nginx python3-gi
	python3-numpy python3-scipy shellcheck"

say() {
	printf '%s\n' "$*"
}

die() {
	say "$*" >&2
	exit 1
}

# a node from elsewhere is as good as Debian's when it is new enough and has npm
node_packages() {
	if command -v npm >/dev/null && [ "$(node -p 'parseInt(process.versions.node)' 2>/dev/null || echo 0)" -ge 18 ]; then
		return
	fi
	echo nodejs npm
}

missing_packages() {
	for package in "$@"; do
		dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || echo "$package"
	done
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo env LC_ALL="$LC_ALL" DEBIAN_FRONTEND="$DEBIAN_FRONTEND" "$@"
	fi
}

# the words of the lists are packages
# shellcheck disable=SC2046,SC2086
install_packages() {
	set -- $(missing_packages "$@" $(node_packages))
	[ $# -gt 0 ] || return 0
	say "installing $*"
	[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null || die "this needs root or sudo: apt-get install $*"
	mkdir -p .perfdash
	apt_get update
	apt_get install -y --no-install-recommends "$@"
}

# quiet when it works, everything when it does not
apt_get() {
	as_root apt-get -q -o Dpkg::Use-Pty=0 "$@" >.perfdash/apt.log 2>&1 && return
	cat .perfdash/apt.log >&2
	die "failed: apt-get $*"
}

# build FOLDER MESON-OPTION...
build() {
	folder=$1
	shift
	if [ ! -f "$folder/build.ninja" ]; then
		say "configuring $folder"
		quietly "$folder" meson setup "$folder" "$@"
	fi
	say "building $folder"
	quietly "$folder" ninja -C "$folder"
}

quietly() {
	log=.perfdash/$1.log
	shift
	mkdir -p .perfdash
	"$@" >"$log" 2>&1 && return
	cat "$log" >&2
	die "failed: $*"
}
