/* SPDX-License-Identifier: BSD-3-Clause */
/* The aarch64 board: see board.h, and the drawing in layout.h. */
#include "arch/board.h"

#include "arch/aarch64/dtb.h"
#include "arch/aarch64/layout.h"

#include <string.h>

static const struct image_placement kernel_place = {.lowest = ARM64_RAM_GPA};

static const struct devdesc devices[] = {
	{DEV_UART16550, DEV_MMIO, ARM64_UART_GPA, ARM64_UART_BYTES, ARM64_UART_SPI},
	{DEV_PL031, DEV_MMIO, ARM64_RTC_GPA, ARM64_RTC_BYTES, ARM64_RTC_SPI},
	{DEV_EXIT, DEV_MMIO, ARM64_EXIT_GPA, ARM64_EXIT_BYTES, DEV_NO_IRQ},
	{DEV_PVPANIC, DEV_MMIO, ARM64_PVPANIC_GPA, ARM64_PVPANIC_BYTES, DEV_NO_IRQ},
};

static unsigned ram_layout(uint64_t ram_bytes, gpa_t *base, uint64_t *size)
{
	base[0] = ARM64_RAM_GPA;
	size[0] = ram_bytes;
	return 1;
}

static int check_cmdline(const struct image *img, const char *cmdline, struct err *e)
{
	size_t len = strlen(cmdline);

	if (len > img->cmdline_max)
		return err_set(e, "%zu bytes long, but an arm64 kernel takes at most %llu", len,
			       (unsigned long long)img->cmdline_max);
	return 0;
}

/* Finds room for @room bytes of device tree. */
static int place_dtb(const struct gmem *mem, const struct image *img, size_t room, gpa_t *at,
		     struct err *e)
{
	if (!gmem_find(mem, img->end, ARM64_DTB_ALIGN, room, UINT64_MAX, at))
		return err_set(e,
			       "no room for %zu bytes of device tree after the kernel, which ends "
			       "at 0x%llx",
			       room, (unsigned long long)img->end);
	return 0;
}

/* The initrd lies clear of the kernel and of the device tree after it. */
static int write_initrd(const struct gmem *mem, const struct image *img, struct blob file,
			gpa_t dtb_end, struct initrd *initrd, struct err *e)
{
	struct image limits = *img;

	limits.end = dtb_end;
	return file.size ? initrd_load(file, mem, &limits, kernel_place.lowest, initrd, e) : 0;
}

/* Returns the tree's size, or -1. */
static int write_dtb(const struct dtb_config *cfg, struct blob users, gpa_t at, size_t room,
		     struct err *e)
{
	void *buf = gmem_at(cfg->mem, at, room);

	return users.size ? dtb_fill(users, cfg, buf, room, e) : dtb_build(cfg, buf, room, e);
}

/* What the tree says of this boot; the initrd is not placed yet. */
static struct dtb_config describe(const struct gmem *mem, const struct boot_request *request,
				  struct dtb_seeds *seeds)
{
	memcpy(seeds->rng, request->seeds->rng, sizeof(seeds->rng));
	memcpy(seeds->kaslr, request->seeds->kaslr, sizeof(seeds->kaslr));
	return (struct dtb_config){
		.devs = board_aarch64.devices,
		.mem = mem,
		.cpus = request->cpus.n,
		.gic_version = request->irqchip == IRQCHIP_GICV2 ? 2 : 3,
		.pmu = request->cpus.pmu,
		.cmdline = request->cmdline,
		.seeds = seeds,
	};
}

static int boot_write(const struct gmem *mem, const struct image *img,
		      const struct boot_request *request, struct boot *boot, enum refusal *refusal,
		      struct err *e)
{
	struct dtb_seeds seeds;
	struct dtb_config cfg = describe(mem, request, &seeds);
	size_t room = request->dtb.size ? ARM64_DTB_MAX_BYTES : dtb_room(&cfg);
	gpa_t at;

	*boot = (struct boot){.proto = request->proto};
	*refusal = REFUSAL_PROTO;
	if (request->proto == BOOT_PVH)
		return err_set(e, "%s", img->no_pvh);
	*refusal = REFUSAL_CMDLINE;
	if (check_cmdline(img, request->cmdline, e))
		return -1;
	*refusal = REFUSAL_RAM;
	if (place_dtb(mem, img, room, &at, e))
		return -1;
	*refusal = REFUSAL_NONE;
	if (write_initrd(mem, img, request->initrd, at + room, &cfg.initrd, e))
		return -1;
	*refusal = request->dtb.size ? REFUSAL_DTB : REFUSAL_NONE;
	int bytes = write_dtb(&cfg, request->dtb, at, room, e);
	if (bytes < 0)
		return -1;
	*boot = (struct boot){.proto = BOOT_LINUX64,
			      .entry = img->entry64,
			      .arg = at,
			      .dtb_bytes = (size_t)bytes,
			      .page_bytes = img->page_bytes};
	return 0;
}

const struct board board_aarch64 = {
	.machine = IMAGE_MACHINE_AARCH64,
	.default_cmdline = "console=ttyS0 panic=-1",
	.early_console = "earlycon",
	.min_ram_bytes = 4 << 20, /* a kernel's 2 MiB, the device tree's 2 MiB */
	.kernel_place = &kernel_place,
	.devices = {devices, sizeof(devices) / sizeof(devices[0])},
	.irqchip = IRQCHIP_GICV3,
	.has_dtb = true,
	.kernel_randomises_itself = true,
	.no_nesting = "arm64 guests have no EL2, which guests of their own would need",
	.ram_layout = ram_layout,
	.boot_write = boot_write,
};
