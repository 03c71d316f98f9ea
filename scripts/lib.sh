# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=sh
#
# What every script shares: messages, installing packages, the cache folder,
# and the question whether this host has hardware virtualization.
# Sourced by POSIX sh and bash, after $me (the name in messages) is set.

# shellcheck disable=SC2154 # the sourcing script sets it
: "${me:?set me before sourcing lib.sh}"

# minivmm uses no cache in a folder that others may write.
umask go-w

# say TEXT...: one line for the person, on stderr.
say() {
	printf '%s: %s\n' "$me" "$*" >&2
}

# die TEXT...: one line, and the status of our own errors.
die() {
	say "$@"
	exit 125
}

# usage: prints the heredoc on stdin; `usage <<END; exit 0` on --help.
usage() {
	cat
}

# need_value OPTION COUNT: dies unless a value follows the option.
need_value() {
	[ "$2" -ge 2 ] || die "$1 needs a value (see --help)"
}

# cache_dir: where downloads and what is made of them lie; nothing else does.
cache_dir() {
	printf '%s\n' "${MINIVMM_CACHE:-${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/minivmm}"
}

# lock_cache FOLDER: makes it and holds its lock (fd 9) until this shell ends.
lock_cache() {
	mkdir -p "$1" || die "cannot make $1"
	exec 9>"$1/.lock"
	flock 9 || die "cannot lock $1"
}

# as_root CMD...: through sudo where we are not root.
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null 2>&1; then
		sudo "$@"
	else
		die "'$*' needs root, and there is no sudo"
	fi
}

# is_installed PACKAGE
is_installed() {
	case $(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null) in
	ii*) return 0 ;;
	*) return 1 ;;
	esac
}

# apt_update: refreshes the package lists, as apt-get alone would not.
apt_update() {
	as_root apt-get -q -o DPkg::Lock::Timeout=300 update >&2
}

apt_install() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		-o DPkg::Lock::Timeout=300 install --no-install-recommends "$@" >&2
}

# need_packages PACKAGE...: installs the missing ones. The lists are refreshed
# only when the first try fails: a fresh machine has none, an old one stale ones.
need_packages() {
	missing=
	for wanted; do
		is_installed "$wanted" || missing="$missing $wanted"
	done
	[ -n "$missing" ] || return 0
	command -v apt-get >/dev/null 2>&1 ||
		die "there is no apt-get here; install by hand:$missing"
	say "installing:$missing"
	# shellcheck disable=SC2086 # a list of words
	apt_install $missing && return 0
	apt_update || say "the package lists could not be refreshed"
	# shellcheck disable=SC2086
	apt_install $missing || die "apt-get could not install:$missing"
}

# need_clang: with its runtime, which coverage, the sanitizers and libFuzzer link. That is a package
# of its own, or is in one that clang needs anyway.
need_clang() {
	need_packages clang
	echo 'int main(void) { return 0; }' |
		clang -fprofile-instr-generate -x c -o /dev/null - 2>/dev/null || need_packages libclang-rt-dev
}

# What a build needs.
# shellcheck disable=SC2034 # the sourcing script uses it
build_packages='gcc libc6-dev meson ninja-build pkg-config libfdt-dev libtre-dev
	libxxhash-dev nettle-dev zlib1g-dev libzstd-dev liblz4-dev liblzma-dev'

# How what users get is built, and what is tested: for size. What speed matters to says so
# in its meson.build.
# shellcheck disable=SC2034
release_options='-Ddebug=false -Doptimization=s'

# build_quietly BUILD TARGET...: what ninja says goes to build.log, and is shown when it fails.
build_quietly() {
	ninja -C "$@" >"$1/build.log" || { cat "$1/build.log" >&2 && die "the build failed"; }
}

# linked BUILD REGEX: the executables that a meson build links, a line each: those whose paths in
# it REGEX matches from end to end.
linked() {
	ninja -C "$1" -t targets all | sed -n "s|^\\($2\\): .*LINKER.*|\\1|p" | sort
}

# fuzz_inputs TREE BUILD TARGET: the folders that a fuzz target begins with, a line each: the
# corpus, which libFuzzer adds to, comes first.
fuzz_inputs() {
	for inputs in "$1/build/fuzz/corpus/$3" "$2/tests/fuzz/seeds/$3" "$1/tests/data/fuzz/$3"; do
		[ ! -d "$inputs" ] || printf '%s\n' "$inputs"
	done
}

# have_hw_kvm: this host runs guests at full speed. A /dev/kvm without the
# processor's own virtualization interprets guest code: right for tiny guests only.
have_hw_kvm() {
	[ -r /dev/kvm ] && [ -w /dev/kvm ] || return 1
	case $(uname -m) in
	x86_64) grep -qwE 'svm|vmx' /proc/cpuinfo ;;
	*) return 0 ;;
	esac
}

# in_lab LAB-ARGUMENT...: tests/lab/lab. QEMU's emulation of virtualization may hang, whatever runs
# in it: a lab machine that failed itself, status 125, gets one more try.
# shellcheck disable=SC2154 # the sourcing script sets tree
in_lab() {
	lab_status=0
	"$tree/tests/lab/lab" "$@" || lab_status=$?
	[ "$lab_status" -eq 125 ] || return "$lab_status"
	say "once more, in another lab machine"
	"$tree/tests/lab/lab" "$@"
}
