# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=sh disable=SC2034 # the sourcing script uses them
#
# What is particular to the lab machine for aarch64: QEMU's virt with an emulated
# EL2. The kernel is Debian's generic one, since the cloud kernel has no 9p; 6.1,
# since KVM in 6.12 traps every CTR_EL0 read of its guests on these CPUs.

lab_packages=qemu-system-arm
lab_qemu=qemu-system-aarch64
lab_kernel=debian-6.1
lab_image=
lab_cpus=2
lab_tty=hvc0

# lab_modules: in the order of loading, with arguments.
lab_modules() {
	cat <<END
virtio_mmio
virtio_console
netfs
fscache
9pnet
9pnet_virtio
9p
overlay
tun
END
}

# lab_machine CPU GIC NESTED: the machine, a word a line. GIC 2 makes one on which KVM has
# no GICv3. cortex-a72 has no VHE. max has it; with the real pointer
# authentication it would be three times slower.
lab_machine() {
	case ${1:-cortex-a72} in
	cortex-a72) lab_cpu=cortex-a72 ;;
	max) lab_cpu=max,pauth-impdef=on ;;
	*) die "--cpu: '$1', expected cortex-a72 or max" ;;
	esac
	[ -z "${3-}" ] || die "--nested is for x86_64"
	case ${2:-3} in
	2 | 3) ;;
	*) die "--gic: '$2', expected 2 or 3" ;;
	esac
	printf '%s\n' -M "virt,virtualization=on,gic-version=${2:-3}" -accel tcg,thread=multi -cpu "$lab_cpu" \
		-append 'console=ttyAMA0 panic=-1 quiet mitigations=off'
}

lab_9p=virtio-9p-device
lab_serial=virtio-serial-device

# lab_terminal CHARDEV: the device behind $lab_tty, likewise.
lab_terminal() {
	printf '%s\n' -device virtio-serial-device,id=tty -device "virtconsole,bus=tty.0,chardev=$1"
}

lab_poke= # never seen to need it
