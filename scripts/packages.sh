# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=sh
#
# Packages that are unpacked and not installed, of this machine's architecture or
# of another, and the programs that come from them. The other gets apt lists and
# caches of its own in CACHE/apt/ARCH, so that it needs neither root nor
# `dpkg --add-architecture`; it comes from the sources that this machine has, by
# the keys that this machine trusts. Sourced after lib.sh.

# deb_arch ARCH: Debian's name for it.
deb_arch() {
	case $1 in
	x86_64) echo amd64 ;;
	aarch64) echo arm64 ;;
	*) die "unknown architecture '$1' (x86_64 or aarch64)" ;;
	esac
}

# write_apt_conf FOLDER ARCH: hooks after an update are for the machine's own lists.
write_apt_conf() {
	cat <<END
APT::Architecture "$2";
APT::Architectures { "$2"; };
Dir::State "$1";
Dir::State::status "$1/status";
Dir::Cache "$1";
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
END
}

# use_packages ARCH: for all that follow. Sets $apt_conf (an option for apt's
# programs) and $apt_own (it is this machine's architecture).
use_packages() {
	packages_arch=$(deb_arch "$1") || exit
	apt_own='' apt_conf=/dev/null
	if [ "$packages_arch" = "$(dpkg --print-architecture)" ]; then
		apt_own=1
		return
	fi
	apt_state=$(cache_dir)/apt/$packages_arch
	mkdir -p "$apt_state/lists/partial" "$apt_state/archives/partial" || die "cannot make $apt_state"
	: >"$apt_state/status"
	apt_conf=$apt_state/apt.conf
	write_apt_conf "$apt_state" "$packages_arch" >"$apt_conf.$$" && mv "$apt_conf.$$" "$apt_conf"
	[ -e "$apt_state/.updated" ] || update_packages || say "there are no package lists for $packages_arch"
}

# update_packages: refreshes the package lists.
update_packages() {
	[ -z "$apt_own" ] || { apt_update && return; }
	(
		lock_cache "$apt_state"
		apt-get -q -c "$apt_conf" -o APT::Sandbox::User="$(id -un)" update >&2 || exit
		: >"$apt_state/.updated"
	)
}

# download_packages INTO PACKAGE...: fetched and unpacked, not installed. apt's own
# sandbox user cannot write to our folder, so root stays root.
download_packages() {
	into=$1
	shift
	mkdir "$into/debs"
	(cd "$into/debs" && apt-get -q -c "$apt_conf" -o APT::Sandbox::User="$(id -un)" download "$@" >&2) || return 1
	for deb in "$into"/debs/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -x --no-same-owner --keep-directory-symlink -C "$into" || return 1
	done
	rm -r "$into/debs"
}

# merge_usr FOLDER: /bin and the like are links, as on Debian's own systems, before
# anything is unpacked.
merge_usr() {
	for dir in bin sbin lib; do
		mkdir -p "$1/usr/$dir"
		ln -s "usr/$dir" "$1/$dir"
	done
}

# ensure_packages FOLDER PACKAGE...: FOLDER with all of them unpacked, made anew
# only when the list changes; it comes to be by unpacking beside it and renaming.
# Stale lists name packages that are gone: they are refreshed when the first try
# fails. The caller holds a lock.
ensure_packages() {
	folder=$1
	shift
	[ "$(cat "$folder/.packages" 2>/dev/null)" != "$*" ] || return 0
	say "fetching for $packages_arch: $*"
	for try in first second; do
		rm -rf "$folder.new"
		mkdir -p "$folder.new"
		merge_usr "$folder.new"
		! download_packages "$folder.new" "$@" || break
		[ "$try" = first ] || die "not all of these packages can be had for $packages_arch here: $*"
		update_packages || say "the package lists could not be refreshed"
	done
	echo "$*" >"$folder.new/.packages"
	rm -rf "$folder"
	mv -T "$folder.new" "$folder"
}

# ensure_closure FOLDER PACKAGE...: ensure_packages with all that they depend on.
# Only for another architecture: this machine has installed some of it.
ensure_closure() {
	closure=$1
	shift
	names=$(apt-get -q -c "$apt_conf" -s install --no-install-recommends "$@" | sed -n 's/^Inst \([^ ]*\) .*/\1/p')
	[ -n "$names" ] || die "apt cannot tell what these packages depend on: $*"
	# shellcheck disable=SC2086 # a list of words
	ensure_packages "$closure" $names
}

# use_programs ARCH: for what an initramfs of ARCH is made of. Sets $busybox, a
# static one; $runner, what runs a program of ARCH here (nothing, or qemu-user);
# $compiler.
# shellcheck disable=SC2034 # the sourcing script uses them
use_programs() {
	use_packages "$1"
	if [ -n "$apt_own" ]; then
		need_packages busybox-static gcc libc6-dev
		busybox=$(command -v busybox) runner='' compiler=${CC:-gcc}
		return
	fi
	need_packages qemu-user-static "gcc-$1-linux-gnu" "libc6-dev-$packages_arch-cross"
	busybox=$(cache_dir)/busybox/$1/bin/busybox runner=qemu-$1-static compiler=$1-linux-gnu-gcc
	(
		lock_cache "$(cache_dir)/busybox"
		ensure_packages "$(cache_dir)/busybox/$1" busybox-static
	)
}

# install_busybox FOLDER: with every applet as a link, so that no time goes into
# installing them at boot.
install_busybox() {
	cp "$busybox" "$1/busybox"
	chmod 755 "$1/busybox"
	# shellcheck disable=SC2086 # no word, or one
	$runner "$busybox" --list | while read -r applet; do
		[ "$applet" = busybox ] || ln -s busybox "$1/${applet##*/}"
	done
}
