# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=sh disable=SC2034 # the sourcing script uses them
#
# What is particular to the lab machine for x86_64: a PC with emulated AMD-V.

lab_packages=qemu-system-x86
lab_qemu=qemu-system-x86_64
lab_kernel=debian-6.12
lab_image=--vmlinux # unpacked here and entered by PVH: a second less than unpacking in the lab
lab_cpus=1
lab_tty=ttyS1

# lab_modules: in the order of loading, with arguments, which l1-init's shell expands.
# That L1's guests may run guests of their own would only cost, but for --nested.
lab_modules() {
	cat <<END
netfs
9pnet
9pnet_virtio
9p
overlay
irqbypass
ccp
kvm
kvm-amd nested=\${LAB_NESTED:-0}
tun
END
}

# lab_machine CPU GIC NESTED: the machine, a word a line. Measured: thread=multi kills the
# lab's kernel once in ten runs; without nested paging (+npt) it is far too slow.
lab_machine() {
	[ -z "$1$2" ] || die "--cpu and --gic are for aarch64"
	printf '%s\n' -M q35 -accel tcg,thread=single -cpu EPYC,+svm,+npt,+nrip-save,-xsave \
		-append 'console=ttyS0 panic=-1 quiet mitigations=off'" LAB_NESTED=${3:-0}"
}

lab_9p=virtio-9p-pci
lab_serial=virtio-serial-pci

# lab_terminal CHARDEV: the device behind $lab_tty, likewise.
lab_terminal() {
	printf '%s\n' -serial "chardev:$1"
}

# lab_poke: what QEMU's monitor is told every second, a key that nobody waits for. QEMU's
# emulation of AMD-V loses an interrupt now and then: the processor of a lab machine that hung
# stood in HLT with its timer's interrupt pending, and any other woke it.
lab_poke='sendkey shift'
