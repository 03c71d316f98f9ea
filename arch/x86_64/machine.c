/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The x86_64 machine: where RAM lies, which devices there are, and what is written for a boot.
 */
#include "arch/acpi_pm.h"
#include "arch/arch.h"
#include "arch/x86_64/acpi.h"
#include "arch/x86_64/e820.h"
#include "arch/x86_64/firmware.h"
#include "arch/x86_64/layout.h"
#include "arch/x86_64/mptable.h"
#include "arch/x86_64/paging.h"
#include "arch/x86_64/place.h"
#include "arch/x86_64/pvh.h"
#include "arch/x86_64/zeropage.h"
#include "loader/cmdline.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

enum { RNG_SEED_BYTES = 64 };

const char arch_default_cmdline[] = "console=ttyS0 panic=-1";
const char arch_early_console[] = "earlyprintk=ttyS0";
const uint64_t arch_min_ram_bytes = 2 << 20;
const enum image_machine arch_machine = IMAGE_MACHINE_X86_64;
const bool arch_has_dtb = false;
const unsigned arch_kvm_bytes_per_page =
	10; /* 8 where it is mapped, 2 that count who tracks writes */
const char *const arch_no_nesting = NULL;
const struct image_wish *const arch_kernel_place = &x86_kernel_place;

static const struct devdesc devices[] = {
	{DEV_UART16550, DEV_PIO, X86_COM1_PORT, X86_COM1_PORTS, X86_COM1_IRQ},
	{DEV_I8042, DEV_PIO, X86_I8042_PORT, X86_I8042_PORTS, DEV_NO_IRQ},
	{DEV_CMOS, DEV_PIO, X86_CMOS_PORT, X86_CMOS_PORTS, X86_CMOS_IRQ},
	{DEV_EXIT, DEV_PIO, X86_EXIT_PORT, X86_EXIT_PORTS, DEV_NO_IRQ},
	{DEV_PVPANIC, DEV_PIO, X86_PVPANIC_PORT, X86_PVPANIC_PORTS, DEV_NO_IRQ},
	{DEV_ACPI_PM, DEV_PIO, X86_PM_PORT, ACPI_PM_PORTS, X86_PM_IRQ},
	{DEV_PCI_HOST, DEV_PIO, X86_PCI_PORT, X86_PCI_PORTS, DEV_NO_IRQ},
};

uint32_t arch_irq_line(int irq)
{
	return (uint32_t)irq; /* a GSI */
}

struct devlist arch_devices(void)
{
	return (struct devlist){devices, sizeof(devices) / sizeof(devices[0])};
}

unsigned arch_mem_layout(uint64_t ram_bytes, gpa_t *base, uint64_t *size)
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

/* Decides how the image is entered. Errors: the wish is not what the image offers. */
static int choose_entry(const struct image *img, enum boot_proto wish, struct boot *boot,
			struct err *e)
{
	/* Linux's PVH entry looks for Xen in 256 CPUID leaves, each an exit. */
	if (wish == BOOT_AUTO)
		wish = img->has_pvh && !(img->is_linux && img->has_entry64) ? BOOT_PVH
									    : BOOT_LINUX64;
	if (wish == BOOT_PVH && !img->has_pvh)
		return err_set(e, "--boot pvh: this %s has no PVH entry: %s",
			       image_format_name(img->format), img->no_pvh);
	if (wish == BOOT_LINUX64 && !img->has_entry64)
		return err_set(e, "--boot linux64: this %s has no 64-bit entry: %s",
			       image_format_name(img->format), img->no_entry64);
	if (wish == BOOT_LINUX64 && img->entry64 >= X86_IDENTITY_MAPPED_BYTES)
		return err_set(
			e,
			"--boot linux64: the entry 0x%llx is not below 4 GiB, where the page "
			"tables end",
			(unsigned long long)img->entry64);
	boot->proto = wish;
	boot->entry = wish == BOOT_PVH ? img->pvh_entry : img->entry64;
	boot->arg = wish == BOOT_PVH ? X86_PVH_GPA : X86_ZEROPAGE_GPA;
	return 0;
}

/* What the user gave goes to the kernel verbatim: only its length can be wrong. */
static int write_cmdline(const struct gmem *mem, const struct image *img, const char *cmdline,
			 struct boot_info *info, struct err *e)
{
	size_t len = strlen(cmdline);
	if (len > img->cmdline_max)
		return err_set(e,
			       "--cmdline: %zu bytes long, but this kernel takes at most %llu "
			       "(cmdline_size)",
			       len, (unsigned long long)img->cmdline_max);
	if (len >= X86_CMDLINE_BYTES)
		return err_set(e, "--cmdline: %zu bytes long, but there is room for %llu", len,
			       X86_CMDLINE_BYTES - 1);
	info->cmdline_gpa = X86_CMDLINE_GPA;
	return gmem_write(mem, X86_CMDLINE_GPA, cmdline, len + 1, "command line", e);
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
	return initrd_load(file, mem, &limits, arch_kernel_place->lowest, initrd, e);
}

/* Then the code there is left out: it could be within a segment. */
static bool spans_reset_vector(const struct image *img)
{
	return img->start < X86_RESET_VECTOR_GPA + X86_RESET_VECTOR_BYTES &&
	       img->end > X86_RESET_VECTOR_GPA;
}

static int write_tables(const struct gmem *mem, const struct image *img, unsigned cpus,
			struct boot_info *info, struct err *e)
{
	if (mptable_write(mem, arch_devices(), cpus, e))
		return -1;
	if (!spans_reset_vector(img) && firmware_write(mem, arch_devices(), e))
		return -1;
	return acpi_write(mem, arch_devices(), cpus, &info->rsdp_gpa, e);
}

/* What the 64-bit Linux boot protocol wants: @info, and a random seed. */
static int write_linux64(const struct gmem *mem, const struct image *img,
			 const struct boot_info *info, struct err *e)
{
	uint8_t seed[RNG_SEED_BYTES];
	struct boot_info seeded = *info;

	if (getrandom(seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		return err_set(e, "getrandom: %s", strerror(errno));
	seeded.rng_seed = (struct blob){seed, sizeof(seed)};
	if (paging_write_gdt(mem, GDT_LONG, e) || paging_write_identity(mem, e))
		return -1;
	return zeropage_write(mem, img, &seeded, e);
}

struct arch_vm arch_vm_without_kvm(unsigned cpus, bool pmu)
{
	return (struct arch_vm){.fd = -1, .cpus = cpus, .pmu = pmu};
}

int arch_boot_write(const struct arch_vm *vm, const struct gmem *mem, const struct image *img,
		    const struct boot_wish *wish, struct boot *boot, struct err *e)
{
	struct e820 map;
	struct boot_info info = {.map = &map};

	if (choose_entry(img, wish->proto, boot, e))
		return -1;
	if (e820_build(mem, &map, e))
		return -1;
	if (write_cmdline(mem, img, wish->cmdline, &info, e))
		return -1;
	if (write_initrd(mem, img, wish->initrd, boot->proto, &info.initrd, e))
		return -1;
	if (write_tables(mem, img, vm->cpus, &info, e))
		return -1;

	if (boot->proto == BOOT_PVH)
		return paging_write_gdt(mem, GDT_FLAT32, e) || pvh_write(mem, &info, e) ? -1 : 0;
	return write_linux64(mem, img, &info, e);
}
