/* SPDX-License-Identifier: BSD-3-Clause */
/* What minivmm needs in a kernel's configuration: see needs.h. Names: Linux's Kconfig files. */
#include "vmm/inspect/needs.h"

#include "loader/ikconfig.h"

enum {
	X86 = 1 << IMAGE_MACHINE_X86_64,
	ARM64 = 1 << IMAGE_MACHINE_AARCH64,
	BOTH = X86 | ARM64,
};

static const struct need needs[] = {
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

static bool is_met(const struct need *n, struct blob value)
{
	return blob_has(value, 0, "y", 1) || (n->module && blob_has(value, 0, "m", 1));
}

const struct need *needs_next(struct blob text, enum image_machine machine, unsigned *at,
			      struct blob *value)
{
	while (*at < sizeof(needs) / sizeof(needs[0])) {
		const struct need *n = &needs[(*at)++];
		*value = (struct blob){0};
		if (n->machines & 1u << machine) {
			(void)ikconfig_value(text, n->option, value);
			if (!is_met(n, *value))
				return n;
		}
	}
	return NULL;
}
