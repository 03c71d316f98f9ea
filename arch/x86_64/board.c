/* SPDX-License-Identifier: BSD-3-Clause */
/* The x86_64 board: see board.h, and the drawing in layout.h. */
#include "arch/board.h"

#include "arch/acpi_pm.h"
#include "arch/x86_64/acpi.h"
#include "arch/x86_64/e820.h"
#include "arch/x86_64/firmware.h"
#include "arch/x86_64/layout.h"
#include "arch/x86_64/mptable.h"
#include "arch/x86_64/paging.h"
#include "arch/x86_64/place.h"
#include "arch/x86_64/pvh.h"
#include "arch/x86_64/zeropage.h"

#include <string.h>

static const struct devdesc devices[] = {
	{DEV_UART16550, DEV_PIO, X86_COM1_PORT, X86_COM1_PORTS, X86_COM1_IRQ},
	{DEV_I8042, DEV_PIO, X86_I8042_PORT, X86_I8042_PORTS, DEV_NO_IRQ},
	{DEV_CMOS, DEV_PIO, X86_CMOS_PORT, X86_CMOS_PORTS, X86_CMOS_IRQ},
	{DEV_EXIT, DEV_PIO, X86_EXIT_PORT, X86_EXIT_PORTS, DEV_NO_IRQ},
	{DEV_PVPANIC, DEV_PIO, X86_PVPANIC_PORT, X86_PVPANIC_PORTS, DEV_NO_IRQ},
	{DEV_ACPI_PM, DEV_PIO, X86_PM_PORT, ACPI_PM_PORTS, X86_PM_IRQ},
	{DEV_PCI_HOST, DEV_PIO, X86_PCI_PORT, X86_PCI_PORTS, DEV_NO_IRQ},
};

static unsigned ram_layout(uint64_t ram_bytes, gpa_t *base, uint64_t *size)
{
	struct ram_split split = e820_split(ram_bytes);
	base[0] = 0;
	size[0] = split.low_bytes;
	if (!split.high_bytes)
		return 1;
	base[1] = X86_HOLE_END_GPA;
	size[1] = split.high_bytes;
	return 2;
}

/* Decides how the image is entered. Errors: it does not offer what is asked for. */
static int choose_entry(const struct image *img, enum boot_proto proto, struct boot *boot,
			struct err *e)
{
	/* Linux's PVH entry looks for Xen in 256 CPUID leaves, each an exit. */
	if (proto == BOOT_AUTO)
		proto = img->has_pvh && !(img->is_linux && img->has_entry64) ? BOOT_PVH
									     : BOOT_LINUX64;
	boot->proto = proto;
	if (proto == BOOT_PVH && !img->has_pvh)
		return err_set(e, "this %s has no PVH entry: %s", image_format_name(img->format),
			       img->no_pvh);
	if (proto == BOOT_LINUX64 && !img->has_entry64)
		return err_set(e, "this %s has no 64-bit entry: %s", image_format_name(img->format),
			       img->no_entry64);
	if (proto == BOOT_LINUX64 && img->entry64 >= X86_IDENTITY_MAPPED_BYTES)
		return err_set(e, "the entry 0x%llx is not below 4 GiB, where the page tables end",
			       (unsigned long long)img->entry64);
	boot->entry = proto == BOOT_PVH ? img->pvh_entry : img->entry64;
	boot->arg = proto == BOOT_PVH ? X86_PVH_GPA : X86_ZEROPAGE_GPA;
	return 0;
}

/* What the user gave goes to the kernel verbatim: only its length can be wrong. */
static int check_cmdline(const struct image *img, const char *cmdline, struct err *e)
{
	size_t len = strlen(cmdline);

	if (len > img->cmdline_max)
		return err_set(e,
			       "%zu bytes long, but this kernel takes at most %llu (cmdline_size)",
			       len, (unsigned long long)img->cmdline_max);
	if (len >= X86_CMDLINE_BYTES)
		return err_set(e, "%zu bytes long, but there is room for %llu", len,
			       X86_CMDLINE_BYTES - 1);
	return 0;
}

static int write_initrd(const struct gmem *mem, const struct image *img, struct blob file,
			enum boot_proto proto, struct initrd *initrd, struct err *e)
{
	struct image limits = *img;

	if (!file.size)
		return 0;
	/* Linux's PVH entry keeps 32 bits of the module's address (xen_prepare_pvh()). */
	if (proto == BOOT_PVH)
		limits.initrd_above_4g = false;
	return initrd_load(file, mem, &limits, x86_kernel_place.lowest, initrd, e);
}

/* If so, no code goes there: it could overwrite a segment. */
static bool spans_reset_vector(const struct image *img)
{
	return img->start < X86_RESET_VECTOR_GPA + X86_RESET_VECTOR_BYTES &&
	       img->end > X86_RESET_VECTOR_GPA;
}

static int write_tables(const struct gmem *mem, const struct image *img, unsigned cpus,
			struct boot_info *info, struct err *e)
{
	if (mptable_write(mem, board_x86_64.devices, cpus, e))
		return -1;
	if (!spans_reset_vector(img) && firmware_write(mem, board_x86_64.devices, e))
		return -1;
	return acpi_write(mem, board_x86_64.devices, cpus, &info->rsdp_gpa, e);
}

static int write_entry(const struct gmem *mem, const struct image *img, enum boot_proto proto,
		       const struct boot_info *info, struct err *e)
{
	if (proto == BOOT_PVH)
		return paging_write_gdt(mem, GDT_FLAT32, e) || pvh_write(mem, info, e) ? -1 : 0;
	if (paging_write_gdt(mem, GDT_LONG, e) || paging_write_identity(mem, e))
		return -1;
	return zeropage_write(mem, img, info, e);
}

static int boot_write(const struct gmem *mem, const struct image *img,
		      const struct boot_request *request, struct boot *boot, enum refusal *refusal,
		      struct err *e)
{
	const char *cmdline = request->cmdline;
	struct e820 map;
	struct boot_info info = {
		.map = &map,
		.cmdline_gpa = X86_CMDLINE_GPA,
		.rng_seed = {request->seeds->rng, sizeof(request->seeds->rng)},
	};

	*boot = (struct boot){.proto = request->proto};
	*refusal = REFUSAL_PROTO;
	if (choose_entry(img, request->proto, boot, e))
		return -1;
	*refusal = REFUSAL_CMDLINE;
	if (check_cmdline(img, cmdline, e))
		return -1;
	*refusal = REFUSAL_NONE;
	if (e820_build(mem, &map, e) ||
	    gmem_write(mem, X86_CMDLINE_GPA, cmdline, strlen(cmdline) + 1, "command line", e) ||
	    write_initrd(mem, img, request->initrd, boot->proto, &info.initrd, e) ||
	    write_tables(mem, img, request->cpus.n, &info, e))
		return -1;
	return write_entry(mem, img, boot->proto, &info, e);
}

const struct board board_x86_64 = {
	.machine = IMAGE_MACHINE_X86_64,
	.default_cmdline = "console=ttyS0 panic=-1",
	.early_console = "earlyprintk=ttyS0",
	.min_ram_bytes = 2 << 20,
	.kernel_place = &x86_kernel_place,
	.devices = {devices, sizeof(devices) / sizeof(devices[0])},
	.irqchip = IRQCHIP_APIC,
	.ram_layout = ram_layout,
	.boot_write = boot_write,
};
