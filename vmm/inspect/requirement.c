/* SPDX-License-Identifier: BSD-3-Clause */
/* What minivmm needs in a kernel's configuration: see requirement.h. Names: Linux's Kconfig files.
 */
#include "vmm/inspect/requirement.h"

enum {
	X86 = 1 << IMAGE_MACHINE_X86_64,
	ARM64 = 1 << IMAGE_MACHINE_AARCH64,
	BOTH = X86 | ARM64,
};

static const struct requirement requirements[] = {
	{"PRINTK", BOTH, false, "the kernel says nothing, not even that it panics"},
	{"SERIAL_8250", BOTH, false, "no serial port, so no console"},
	{"SERIAL_8250_CONSOLE", BOTH, false, "nothing of the kernel is seen on console=ttyS0"},
	{"SERIAL_OF_PLATFORM", ARM64, false, "the serial port is not found in the device tree"},
	{"BLK_DEV_INITRD", BOTH, false, "--initrd and --init do not work"},
	{"BINFMT_ELF", BOTH, false, "no program runs, --init's neither"},
	{"BINFMT_SCRIPT", BOTH, false, "no script runs, as --init or in the initrd"},
	{"PROC_FS", BOTH, false, "--init's program finds no /proc"},
	{"SYSFS", BOTH, false, "--init's program finds no /sys"},
	{"DEVTMPFS", BOTH, false, "--init's program finds no devices in /dev"},
	{"SMP", BOTH, false, "--cpus: only the first CPU is used"},
	{"PVH", X86, false, "--boot pvh does not work"},
	{"ACPI", X86, false, "no power-off, and CPUs are found only by an MP table"},
	{"KVM_GUEST", X86, false, "no kvmclock: the guest calibrates clocks by itself"},
	{"PVPANIC", X86, true, "a panic is told by its line on the console alone"},
	{"PVPANIC_MMIO", ARM64, true, "a panic is told by its line on the console alone"},
	{"RTC_DRV_PL031", ARM64, true, "the guest does not know the date"},
	{"VIRTIO_MMIO", BOTH, true, "devices by virtio-mmio are not found"},
};

static bool is_met(const struct requirement *r, enum ikconfig_state state)
{
	return state == IKCONFIG_Y || (r->module && state == IKCONFIG_M);
}

const struct requirement *requirement_next(struct blob text, enum image_machine machine,
					   unsigned *at, enum ikconfig_state *state)
{
	while (*at < sizeof(requirements) / sizeof(requirements[0])) {
		const struct requirement *r = &requirements[(*at)++];
		if (!(r->machines & 1u << machine))
			continue;
		*state = ikconfig_state(text, r->option);
		if (!is_met(r, *state))
			return r;
	}
	return NULL;
}
