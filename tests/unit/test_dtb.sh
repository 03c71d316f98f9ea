#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# test_dtb.sh TEST_DTB: has dtc and dt-validate judge the trees that TEST_DTB --dump writes: no
# warning of either. Needs dtc (device-tree-compiler); dt-validate (dt-schema), where it is there,
# knows the core bindings.
set -eu

command -v dtc >/dev/null || {
	echo "SKIP: dtc (package device-tree-compiler) is not installed"
	exit 77
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
test_dtb=$(realpath "$1")
cd "$dir"

fail() {
	echo "FAIL: $*"
	cat ./*.log
	exit 1
}

# judge COMMAND...: it must succeed without a word.
judge() {
	"$@" >tool.log 2>&1 || fail "$*: status $?"
	[ ! -s tool.log ] || fail "$*: has something to say"
}

# schema: dt-validate wants its schemas prepared; an empty folder adds none to the core's.
schema() {
	command -v dt-validate >/dev/null || {
		echo "dt-validate (package dt-schema) is not installed: dtc alone judges"
		return 0
	}
	mkdir none
	dt-mk-schema -j none >schema.json 2>schema.txt || fail "dt-mk-schema: status $?"
	[ "$(wc -c <schema.json)" -gt 10000 ] || fail "dt-mk-schema knows no bindings"
}

schema
for which in "3 1" "3 17" "2 8"; do
	# shellcheck disable=SC2086 # words
	${MESON_EXE_WRAPPER-} "$test_dtb" --dump $which tree.dtb || fail "$test_dtb --dump $which"
	judge dtc -I dtb -O dts -o tree.dts tree.dtb
	judge dtc -q -I dts -O dtb -o again.dtb tree.dts # -q: a source would have labels
	judge dtc -I dtb -O dts -o again.dts again.dtb
	cmp tree.dts again.dts || fail "$which: dtc reads another tree from what it wrote"
	[ ! -e schema.json ] || judge dt-validate -s schema.json tree.dtb
done
cat tree.dts
