#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# test_aml.sh TEST_ACPI: has ACPICA's compiler judge the DSDT that TEST_ACPI --dump writes: it must
# disassemble and compile again without a warning, to the same AML. Needs iasl (acpica-tools).
set -eu

command -v iasl >/dev/null || {
	echo "SKIP: iasl (package acpica-tools) is not installed"
	exit 77
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
test_acpi=$(realpath "$1")
cd "$dir"

fail() {
	echo "FAIL: $*"
	cat ./*.log
	exit 1
}

# shellcheck disable=SC2086 # meson's words for running what a cross build made
${MESON_EXE_WRAPPER-} "$test_acpi" --dump dsdt.aml || fail "$test_acpi --dump"
iasl -d dsdt.aml >d.log 2>&1 || fail "iasl -d: status $?"
if grep -Ei 'error|warning|exception|invalid' d.log | grep -v '^Disassembly completed'; then
	fail "iasl -d is not content"
fi
cat dsdt.dsl
iasl -on -p again dsdt.dsl >c.log 2>&1 || fail "iasl: status $?"
grep -q '0 Errors, 0 Warnings, 0 Remarks' c.log || fail "iasl is not content"

# The 36 bytes of the header differ by checksum and by who made the table.
tail -c +37 dsdt.aml >want
tail -c +37 again.aml >got
cmp want got || fail "iasl makes other AML of its own disassembly"
grep -q 'Name (\\_S5, Package' dsdt.dsl || fail "no \\_S5"
for id in 'EisaId ("PNP0501")' 'EisaId ("PNP0B00")' '"QEMU0001"'; do
	grep -qF "$id" dsdt.dsl || fail "no $id"
done
for gsi in 4 8; do # COM1's, the RTC's
	grep -A 2 -F 'Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive' dsdt.dsl |
		grep -q "^ *0x0000000$gsi,\$" || fail "no Interrupt $gsi"
done
echo "OK: $(wc -c <dsdt.aml) bytes"
