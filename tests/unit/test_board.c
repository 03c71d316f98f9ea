/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Both boards in one process, on whatever host this is, without KVM: where RAM and devices lie, and
 * what a kernel of either architecture finds in memory.
 */
#include "arch/board.h"

#include "arch/aarch64/layout.h"
#include "arch/x86_64/acpi_tables.h"
#include "arch/x86_64/bootparam.h"
#include "arch/x86_64/layout.h"
#include "arch/x86_64/start_info.h"
#include "kernels.h"
#include "suite.h"

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#define MIB (1ull << 20)
#define GIB (1ull << 30)

static const struct board *const boards[] = {&board_x86_64, &board_aarch64};

/* A machine of one board, a kernel in its memory, and a boot of it. */
struct machine {
	const struct board *board;
	struct gmem mem;
	uint8_t *host; /* all of its RAM */
	struct image image;
	struct boot boot;
};

static const struct boot_seeds seeds = {.rng = {0x5e, 0xed}, .kaslr = {0xad, 0xd2}};

/* What a request has that asks for nothing special. */
static struct boot_request plain(const struct board *board)
{
	return (struct boot_request){
		.cmdline = "console=ttyS0 a=b",
		.cpus = {.n = 2},
		.irqchip = board->irqchip,
		.seeds = &seeds,
	};
}

static void machine_init(struct machine *m, const struct board *board, uint64_t ram_bytes,
			 void (*make)(struct kernel *))
{
	static struct kernel kernel;
	gpa_t base[GMEM_MAX_RANGES];
	uint64_t size[GMEM_MAX_RANGES];
	struct err e;

	*m = (struct machine){.board = board, .host = malloc(ram_bytes)};
	ck_assert_ptr_nonnull(m->host);
	memset(m->host, 0xcc, ram_bytes);
	ck_assert_uint_eq(board->ram_layout(ram_bytes, base, size), 1);
	ck_assert_int_eq(gmem_add(&m->mem, base[0], size[0], m->host, &e), 0);
	make(&kernel);
	ck_assert_int_eq(kernel.machine, board->machine);
	ck_assert_msg(kernel_load_at(&kernel, kernel.size, &m->mem, board->kernel_place, &m->image,
				     &e) == 0,
		      "%s", e.text);
}

static void machine_fini(struct machine *m)
{
	free(m->host);
}

static void write_boot(struct machine *m, const struct boot_request *request)
{
	enum refusal refusal;
	struct err e;

	ck_assert_msg(m->board->boot_write(&m->mem, &m->image, request, &m->boot, &refusal, &e) ==
			      0,
		      "%s", e.text);
}

static const void *at(const struct machine *m, gpa_t gpa, uint64_t bytes)
{
	const void *host = gmem_at(&m->mem, gpa, bytes);

	ck_assert_ptr_nonnull(host);
	return host;
}

/* The local APICs in the MADT. */
static unsigned madt_cpus(const struct machine *m)
{
	const uint8_t *area = at(m, X86_ACPI_GPA, X86_ACPI_BYTES), *madt = area;
	struct acpi_header head;
	unsigned n = 0;

	while (memcmp(madt, "APIC", 4) != 0)
		madt += 16; /* tables are aligned to that */
	memcpy(&head, madt, sizeof(head));
	for (uint32_t i = sizeof(struct acpi_madt); i < head.length; i += madt[i + 1])
		n += madt[i] == ACPI_MADT_LAPIC;
	return n;
}

/* A bzImage that takes a longer command line than there is room for. */
static void make_patient(struct kernel *k)
{
	kernel_bzimage_small(k);
	kernel_put(k, SETUP_OFFSET(cmdline_size), 4, 2 * X86_CMDLINE_BYTES);
}

static void make_elf32(struct kernel *k)
{
	kernel_elf_small(k);
	kernel_elf_to_32(k);
}

START_TEST(an_x86_64_kernel_by_the_64_bit_protocol)
{
	struct boot_request request = plain(&board_x86_64);
	struct machine m;

	request.initrd = (struct blob){(const uint8_t *)"initrd", 6};
	machine_init(&m, &board_x86_64, 64 * MIB, kernel_bzimage_small);
	write_boot(&m, &request);
	ck_assert_int_eq(m.boot.proto, BOOT_LINUX64);
	ck_assert_uint_eq(m.boot.entry, m.image.entry64);
	ck_assert_uint_eq(m.boot.dtb_bytes, 0);
	const struct boot_params *zp = at(&m, m.boot.arg, sizeof(*zp));
	ck_assert_uint_eq(zp->hdr.header, SETUP_HEADER_MAGIC);
	ck_assert_str_eq(at(&m, zp->hdr.cmd_line_ptr, 64), request.cmdline);
	ck_assert_mem_eq(at(&m, zp->hdr.ramdisk_image, 6), "initrd", 6);
	ck_assert_mem_eq(at(&m, zp->acpi_rsdp_addr, 8), "RSD PTR ", 8);
	const struct boot_setup_data *seed = at(&m, zp->hdr.setup_data, sizeof(*seed) + 64);
	ck_assert_mem_eq(seed + 1, seeds.rng, sizeof(seeds.rng));
	ck_assert_uint_eq(madt_cpus(&m), request.cpus.n);
	const uint8_t *reset_vector = at(&m, X86_RESET_VECTOR_GPA, X86_RESET_VECTOR_BYTES);
	ck_assert_uint_eq(*reset_vector, 0xba); /* mov dx, ... */
	machine_fini(&m);
}
END_TEST

START_TEST(an_x86_64_kernel_by_pvh)
{
	struct boot_request request = plain(&board_x86_64);
	struct machine m;

	request.proto = BOOT_PVH;
	machine_init(&m, &board_x86_64, 64 * MIB, kernel_elf_small);
	write_boot(&m, &request);
	ck_assert_int_eq(m.boot.proto, BOOT_PVH);
	ck_assert_uint_eq(m.boot.entry, SMALL_ELF_PVH_ENTRY);
	const struct hvm_start_info *info = at(&m, m.boot.arg, sizeof(*info));
	ck_assert_uint_eq(info->magic, HVM_START_MAGIC);
	ck_assert_str_eq(at(&m, info->cmdline_paddr, 64), request.cmdline);
	machine_fini(&m);
}
END_TEST

/* The text of a property of a node, which the tree has. */
static const char *text(const void *tree, const char *path, const char *name)
{
	const char *value = fdt_getprop(tree, fdt_path_offset(tree, path), name, NULL);

	ck_assert_msg(value, "%s %s", path, name);
	return value;
}

/* The interrupt controllers that a host may have, and what the tree says of each. */
static const struct {
	enum irqchip irqchip;
	const char *compatible;
} gics[] = {{IRQCHIP_GICV3, "arm,gic-v3"}, {IRQCHIP_GICV2, "arm,cortex-a15-gic"}};

START_TEST(an_arm64_kernel)
{
	struct boot_request request = plain(&board_aarch64);
	struct machine m;

	request.irqchip = gics[_i].irqchip;
	request.cpus.pmu = _i == 0;
	request.initrd = (struct blob){(const uint8_t *)"initrd", 6};
	machine_init(&m, &board_aarch64, 64 * MIB, kernel_arm64_small);
	write_boot(&m, &request);
	ck_assert_int_eq(m.boot.proto, BOOT_LINUX64);
	ck_assert_uint_eq(m.boot.entry, ARM64_RAM_GPA);
	ck_assert_uint_eq(m.boot.page_bytes, 4096);
	const void *tree = at(&m, m.boot.arg, m.boot.dtb_bytes);
	ck_assert_int_eq(fdt_check_full(tree, m.boot.dtb_bytes), 0);
	ck_assert_str_eq(text(tree, "/chosen", "bootargs"), request.cmdline);
	ck_assert_mem_eq(text(tree, "/chosen", "rng-seed"), seeds.rng, sizeof(seeds.rng));
	ck_assert_mem_eq(text(tree, "/chosen", "kaslr-seed"), seeds.kaslr, sizeof(seeds.kaslr));
	ck_assert_str_eq(text(tree, "/interrupt-controller", "compatible"), gics[_i].compatible);
	ck_assert_int_eq(fdt_path_offset(tree, "/pmu") >= 0, _i == 0);
	ck_assert_int_ge(fdt_path_offset(tree, "/cpus/cpu@1"), 0);
	ck_assert_int_lt(fdt_path_offset(tree, "/cpus/cpu@2"), 0);
	gpa_t initrd = fdt32_ld((const void *)text(tree, "/chosen", "linux,initrd-start"));
	ck_assert_mem_eq(at(&m, initrd, 6), "initrd", 6);
	machine_fini(&m);
}
END_TEST

static char long_cmdline[100001]; /* as many bytes as a row says */

/* What is asked for, and how it is refused: for what reason, and in which words. */
static const struct {
	const struct board *board;
	void (*make)(struct kernel *);
	enum boot_proto proto;
	unsigned cmdline_bytes; /* 0: a plain one */
	const char *dtb;
	uint64_t ram_bytes;
	enum refusal refusal;
	enum boot_proto chosen; /* for REFUSAL_PROTO */
	const char *text;
} refused[] = {
	{&board_x86_64, kernel_bzimage_small, BOOT_PVH, 0, NULL, 64 * MIB, REFUSAL_PROTO, BOOT_PVH,
	 "this bzImage has no PVH entry: "},
	{&board_x86_64, make_elf32, BOOT_LINUX64, 0, NULL, 64 * MIB, REFUSAL_PROTO, BOOT_LINUX64,
	 "this ELF has no 64-bit entry: "},
	{&board_x86_64, kernel_bzimage_small, BOOT_AUTO, 100000, NULL, 64 * MIB, REFUSAL_CMDLINE, 0,
	 "100000 bytes long, but this kernel takes at most "},
	{&board_x86_64, make_patient, BOOT_LINUX64, 65536, NULL, 64 * MIB, REFUSAL_CMDLINE, 0,
	 "65536 bytes long, but there is room for 65535"},
	{&board_aarch64, kernel_arm64_small, BOOT_PVH, 0, NULL, 64 * MIB, REFUSAL_PROTO, BOOT_PVH,
	 "an arm64 kernel has no PVH entry"},
	{&board_aarch64, kernel_arm64_small, BOOT_AUTO, 2048, NULL, 64 * MIB, REFUSAL_CMDLINE, 0,
	 "2048 bytes long, but an arm64 kernel takes at most 2047"},
	{&board_aarch64, kernel_arm64_small, BOOT_AUTO, 0, "no tree", 64 * MIB, REFUSAL_DTB, 0,
	 "a device tree's header has 40 bytes, but there are 7"},
	{&board_aarch64, kernel_arm64_small, BOOT_AUTO, 0, "no tree", 3 * MIB, REFUSAL_RAM, 0,
	 "no room for 2097152 bytes of device tree after the kernel, which ends at 0x80002000"},
};

START_TEST(what_is_refused_is_said_without_an_option)
{
	struct boot_request request = plain(refused[_i].board);
	enum refusal refusal = REFUSAL_NONE;
	struct machine m;
	struct err e;

	request.proto = refused[_i].proto;
	if (refused[_i].cmdline_bytes) {
		memset(long_cmdline, 'x', refused[_i].cmdline_bytes);
		long_cmdline[refused[_i].cmdline_bytes] = '\0';
		request.cmdline = long_cmdline;
	}
	if (refused[_i].dtb)
		request.dtb = (struct blob){(const uint8_t *)refused[_i].dtb, 7};
	machine_init(&m, refused[_i].board, refused[_i].ram_bytes, refused[_i].make);
	ck_assert_int_eq(m.board->boot_write(&m.mem, &m.image, &request, &m.boot, &refusal, &e),
			 -1);
	ck_assert_int_eq(refusal, refused[_i].refusal);
	if (refusal == REFUSAL_PROTO)
		ck_assert_int_eq(m.boot.proto, refused[_i].chosen);
	ck_assert_msg(strncmp(e.text, refused[_i].text, strlen(refused[_i].text)) == 0, "%s",
		      e.text);
	machine_fini(&m);
}
END_TEST

/* That an initrd finds no room may be due to the kernel, the RAM or the initrd itself. */
START_TEST(an_initrd_without_room)
{
	struct boot_request request = plain(boards[_i]);
	enum refusal refusal = REFUSAL_PMU;
	struct machine m;
	struct err e;

	request.initrd = (struct blob){(const uint8_t *)"", 65 * MIB};
	machine_init(&m, boards[_i], 64 * MIB,
		     boards[_i] == &board_x86_64 ? kernel_bzimage_small : kernel_arm64_small);
	ck_assert_int_eq(m.board->boot_write(&m.mem, &m.image, &request, &m.boot, &refusal, &e),
			 -1);
	ck_assert_int_eq(refusal, REFUSAL_NONE);
	machine_fini(&m);
}
END_TEST

/* Between the place of the user's tree, which has 2 MiB, and the end of RAM are 60 MiB. */
START_TEST(an_initrd_lies_clear_of_the_tree)
{
	struct boot_request request = plain(&board_aarch64);
	enum refusal refusal;
	struct machine m;
	struct err e;
	uint8_t *file = calloc(1, 61 * MIB);

	ck_assert_ptr_nonnull(file);
	request.dtb = (struct blob){(const uint8_t *)"no tree", 7};
	machine_init(&m, &board_aarch64, 64 * MIB, kernel_arm64_small);
	request.initrd = (struct blob){file, 60 * MIB};
	ck_assert_int_eq(m.board->boot_write(&m.mem, &m.image, &request, &m.boot, &refusal, &e),
			 -1);
	ck_assert_int_eq(refusal, REFUSAL_DTB); /* the initrd had its place */
	request.initrd.size++;
	ck_assert_int_eq(m.board->boot_write(&m.mem, &m.image, &request, &m.boot, &refusal, &e),
			 -1);
	ck_assert_int_eq(refusal, REFUSAL_NONE);
	free(file);
	machine_fini(&m);
}
END_TEST

/* The first address that the page tables do not map, and the last that they do. */
START_TEST(an_entry_that_is_not_mapped)
{
	const struct boot_request request = plain(&board_x86_64);
	enum refusal refusal;
	struct machine m;
	struct err e;

	machine_init(&m, &board_x86_64, 64 * MIB, kernel_bzimage_small);
	m.image.entry64 = 4 * GIB - 1;
	write_boot(&m, &request);
	m.image.entry64++;
	ck_assert_int_eq(m.board->boot_write(&m.mem, &m.image, &request, &m.boot, &refusal, &e),
			 -1);
	ck_assert_int_eq(refusal, REFUSAL_PROTO);
	ck_assert_int_eq(m.boot.proto, BOOT_LINUX64); /* what BOOT_AUTO chose */
	ck_assert_str_eq(e.text, "the entry 0x100000000 is not below 4 GiB, where the page tables "
				 "end");
	machine_fini(&m);
}
END_TEST

/* A kernel that reaches from below the reset vector to above: no code is put into it. */
START_TEST(a_kernel_over_the_reset_vector)
{
	const struct boot_request request = plain(&board_x86_64);
	struct machine m;

	machine_init(&m, &board_x86_64, 64 * MIB, kernel_elf_small);
	m.image.start = X86_RESET_VECTOR_GPA - 1;
	write_boot(&m, &request);
	const uint8_t *reset_vector = at(&m, X86_RESET_VECTOR_GPA, 1);
	ck_assert_uint_eq(*reset_vector, 0xcc); /* as it was */
	machine_fini(&m);
}
END_TEST

/* An initrd that only fits above 4 GiB: Linux's 64-bit entry takes it there, its PVH entry not. */
START_TEST(an_initrd_above_4_gib)
{
	struct boot_request request = plain(&board_x86_64);
	enum refusal refusal;
	struct machine m;
	struct err e;
	uint8_t *file = calloc(1, 63 * MIB), *high = malloc(64 * MIB);

	ck_assert(file && high);
	request.initrd = (struct blob){file, 63 * MIB};
	machine_init(&m, &board_x86_64, 64 * MIB, kernel_elf_small);
	ck_assert_int_eq(gmem_add(&m.mem, 4 * GIB, 64 * MIB, high, &e), 0);
	m.image.initrd_above_4g = true; /* as of the kernel in a bzImage */
	request.proto = BOOT_LINUX64;
	write_boot(&m, &request);
	request.proto = BOOT_PVH;
	ck_assert_int_eq(m.board->boot_write(&m.mem, &m.image, &request, &m.boot, &refusal, &e),
			 -1);
	ck_assert_int_eq(refusal, REFUSAL_NONE);
	free(file);
	free(high);
	machine_fini(&m);
}
END_TEST

START_TEST(ram_lies_in_ascending_pieces)
{
	static const uint64_t sizes[] = {4 * MIB, 3 * GIB, 3 * GIB + 4096, 4 * GIB, 1024 * GIB};

	for (int i = 0; i < COUNT(sizes); i++) {
		gpa_t base[GMEM_MAX_RANGES];
		uint64_t size[GMEM_MAX_RANGES];
		struct gmem mem = {.n = 0};
		unsigned n = boards[_i]->ram_layout(sizes[i], base, size);

		for (unsigned k = 0; k < n; k++)
			ck_assert_int_eq(gmem_add(&mem, base[k], size[k], NULL, NULL), 0);
		ck_assert_uint_eq(gmem_total(&mem), sizes[i]);
		ck_assert_uint_ge(sizes[i], boards[_i]->min_ram_bytes);
	}
}
END_TEST

static bool overlap(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a < b + b_size && b < a + a_size;
}

/* From each other, from RAM, and from what is KVM's. */
START_TEST(devices_are_apart)
{
	static const struct devdesc kvms[] = {
		{.space = DEV_PIO, .base = X86_PIC1_PORT, .size = 2},
		{.space = DEV_PIO, .base = 0x40, .size = 4}, /* the PIT */
		{.space = DEV_PIO, .base = X86_PIC2_PORT, .size = 2},
		{.space = DEV_MMIO, .base = ARM64_GIC_DIST_GPA, .size = ARM64_GICV3_DIST},
		{.space = DEV_MMIO, .base = ARM64_RAM_GPA, .size = 1ull << 40},
	};
	struct devlist devs = boards[_i]->devices;

	ck_assert_uint_gt(devs.n, 0);
	for (unsigned i = 0; i < devs.n; i++) {
		const struct devdesc *a = &devs.dev[i];
		ck_assert_uint_gt(a->size, 0);
		ck_assert_ptr_eq(devlist_find(devs, a->kind), a); /* one of a kind */
		for (unsigned k = i + 1; k < devs.n; k++) {
			const struct devdesc *b = &devs.dev[k];
			ck_assert(a->space != b->space ||
				  !overlap(a->base, a->size, b->base, b->size));
			ck_assert(a->irq == DEV_NO_IRQ || a->irq != b->irq);
		}
		for (int k = 0; k < COUNT(kvms); k++)
			ck_assert(a->space != kvms[k].space ||
				  !overlap(a->base, a->size, kvms[k].base, kvms[k].size));
	}
}
END_TEST

/* Of the same fact never two answers. */
START_TEST(facts_agree)
{
	const struct board *b = boards[_i];

	ck_assert_int_eq(b->machine == IMAGE_MACHINE_X86_64, b->irqchip == IRQCHIP_APIC);
	ck_assert_int_eq(b->has_dtb, devlist_find(b->devices, DEV_ACPI_PM) == NULL);
	ck_assert_ptr_nonnull(devlist_find(b->devices, DEV_UART16550));
	ck_assert_ptr_nonnull(devlist_find(b->devices, DEV_EXIT));
	ck_assert_ptr_nonnull(strstr(b->default_cmdline, "console=ttyS0"));
	ck_assert_ptr_nonnull(strstr(b->early_console, "early"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("board");
	TCase *tc = tcase_create("board");
	tcase_add_test(tc, an_x86_64_kernel_by_the_64_bit_protocol);
	tcase_add_test(tc, an_x86_64_kernel_by_pvh);
	tcase_add_loop_test(tc, an_arm64_kernel, 0, COUNT(gics));
	tcase_add_loop_test(tc, what_is_refused_is_said_without_an_option, 0, COUNT(refused));
	tcase_add_loop_test(tc, an_initrd_without_room, 0, COUNT(boards));
	tcase_add_test(tc, an_initrd_lies_clear_of_the_tree);
	tcase_add_test(tc, an_entry_that_is_not_mapped);
	tcase_add_test(tc, a_kernel_over_the_reset_vector);
	tcase_add_test(tc, an_initrd_above_4_gib);
	tcase_add_loop_test(tc, ram_lies_in_ascending_pieces, 0, COUNT(boards));
	tcase_add_loop_test(tc, devices_are_apart, 0, COUNT(boards));
	tcase_add_loop_test(tc, facts_agree, 0, COUNT(boards));
	suite_add_tcase(s, tc);
	return run_suite(s);
}
