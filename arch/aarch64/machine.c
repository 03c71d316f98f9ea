/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The aarch64 machine: where RAM lies, which devices there are, and what is written for a boot.
 */
#include "arch/aarch64/dtb.h"
#include "arch/aarch64/layout.h"
#include "arch/arch.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

const char arch_default_cmdline[] = "console=ttyS0 panic=-1";
const char arch_early_console[] = "earlycon";
const uint64_t arch_min_ram_bytes = 4 << 20; /* a kernel's 2 MiB, the device tree's 2 MiB */
const enum image_machine arch_machine = IMAGE_MACHINE_AARCH64;
static const struct image_wish place = {.lowest = ARM64_RAM_GPA};
const struct image_wish *const arch_kernel_place = &place;
const bool arch_has_dtb = true;
const unsigned arch_kvm_bytes_per_page = 0;
const char *const arch_no_nesting =
	"arm64 guests have no EL2, which guests of their own would need";

static const struct devdesc devices[] = {
	{DEV_UART16550, DEV_MMIO, ARM64_UART_GPA, ARM64_UART_BYTES, ARM64_UART_SPI},
	{DEV_PL031, DEV_MMIO, ARM64_RTC_GPA, ARM64_RTC_BYTES, ARM64_RTC_SPI},
	{DEV_EXIT, DEV_MMIO, ARM64_EXIT_GPA, ARM64_EXIT_BYTES, DEV_NO_IRQ},
	{DEV_PVPANIC, DEV_MMIO, ARM64_PVPANIC_GPA, ARM64_PVPANIC_BYTES, DEV_NO_IRQ},
};

struct devlist arch_devices(void)
{
	return (struct devlist){devices, sizeof(devices) / sizeof(devices[0])};
}

unsigned arch_mem_layout(uint64_t ram_bytes, gpa_t *base, uint64_t *size)
{
	base[0] = ARM64_RAM_GPA;
	size[0] = ram_bytes;
	return 1;
}

/* Errors: the wish is not what an arm64 kernel offers; the command line is too long for it. */
static int check_wish(const struct image *img, const struct boot_wish *wish, struct err *e)
{
	size_t len = strlen(wish->cmdline);

	if (wish->proto == BOOT_PVH)
		return err_set(e, "--boot pvh: %s", img->no_pvh);
	if (len > img->cmdline_max)
		return err_set(e,
			       "--cmdline: %zu bytes long, but an arm64 kernel takes at most %llu",
			       len, (unsigned long long)img->cmdline_max);
	return 0;
}

/* The initrd lies clear of the kernel and of the device tree after it. */
static int write_initrd(const struct gmem *mem, const struct image *img, struct blob file,
			gpa_t dtb_end, struct initrd *initrd, struct err *e)
{
	struct image limits = *img;

	limits.end = dtb_end;
	return file.size ? initrd_load(file, mem, &limits, arch_kernel_place->lowest, initrd, e)
			 : 0;
}

static int draw_seeds(struct dtb_seeds *seeds, struct err *e)
{
	if (getrandom(seeds, sizeof(*seeds), 0) != (ssize_t)sizeof(*seeds))
		return err_set(e, "getrandom: %s", strerror(errno));
	return 0;
}

/* Returns the tree's size, or -1. */
static int write_dtb(const struct dtb_config *cfg, struct blob users, gpa_t at, size_t room,
		     struct err *e)
{
	void *buf = gmem_at(cfg->mem, at, room);

	if (!users.size)
		return dtb_build(cfg, buf, room, e);
	int bytes = dtb_fill(users, cfg, buf, room, e);
	return bytes < 0 ? err_context(e, "--dtb") : bytes;
}

struct arch_vm arch_vm_without_kvm(unsigned cpus, bool pmu)
{
	return (struct arch_vm){.fd = -1, .cpus = cpus, .pmu = pmu, .gic_fd = -1, .gic_version = 3};
}

int arch_boot_write(const struct arch_vm *vm, const struct gmem *mem, const struct image *img,
		    const struct boot_wish *wish, struct boot *boot, struct err *e)
{
	struct dtb_seeds seeds;
	struct dtb_config cfg = {
		.devs = arch_devices(),
		.mem = mem,
		.cpus = vm->cpus,
		.gic_version = vm->gic_version,
		.pmu = vm->pmu,
		.cmdline = wish->cmdline,
		.seeds = &seeds,
	};
	size_t room = wish->dtb.size ? ARM64_DTB_MAX_BYTES : dtb_room(&cfg);
	gpa_t at;

	if (check_wish(img, wish, e))
		return -1;
	if (!gmem_find(mem, img->end, ARM64_DTB_ALIGN, room, UINT64_MAX, &at))
		return err_set(e,
			       "--memory: no room for %zu bytes of device tree after the kernel, "
			       "which ends at 0x%llx",
			       room, (unsigned long long)img->end);
	if (write_initrd(mem, img, wish->initrd, at + room, &cfg.initrd, e) ||
	    draw_seeds(&seeds, e))
		return -1;
	int bytes = write_dtb(&cfg, wish->dtb, at, room, e);
	if (bytes < 0)
		return -1;
	*boot = (struct boot){.proto = BOOT_LINUX64,
			      .entry = img->entry64,
			      .arg = at,
			      .dtb_bytes = (size_t)bytes,
			      .page_bytes = img->page_bytes};
	return 0;
}
