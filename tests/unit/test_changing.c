/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files that change while they are read, as a mapped file does when somebody writes to it: a thread
 * flips one field between its right value and another one. Either or a mixture may be loaded, but
 * nothing outside RAM, a buffer or the file may be touched: pages that cannot be accessed lie
 * beside each. The races are the subject; a thread sanitizer has nothing to say here.
 */
#include "arch/aarch64/dtb.h"
#include "loader/banner.h"
#include "loader/bzimage.h"
#include "loader/bzimage_kernel.h"
#include "loader/cpio.h"
#include "loader/decompress.h"
#include "loader/ikconfig.h"

#include "arm64.h"
#include "kernels.h"
#include "pack.h"
#include "suite.h"

#include <elf.h>
#include <libfdt.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

enum {
	RAM_BYTES = 4 << 20,
	LOWEST = 1 << 20,
	GUARD_BYTES = 1 << 20,
	ROOM_BYTES = 32 << 10, /* for a device tree */
	CPIO_BYTES = 128,      /* for an entry with a short name */
	SHORT_NAME = 4,
	LONG_NAME = 200,
	ROUNDS = 4000,
	MIDDLE = -1, /* the offset of the file's middle */
};

static struct kernel k;
static struct blob file; /* what changes */
static uint8_t *ram;     /* from 0 on */
static struct gmem mem;
static struct image img;
static struct err e;

/* @size bytes between pages that cannot be touched; the last one lies at such a page. */
static uint8_t *guarded(size_t size)
{
	size_t whole = (size + 4095) & ~(size_t)4095;
	uint8_t *at =
		mmap(NULL, whole + 2 * GUARD_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ck_assert(at != MAP_FAILED);
	at += GUARD_BYTES;
	ck_assert_int_eq(mprotect(at, whole, PROT_READ | PROT_WRITE), 0);
	return at + whole - size;
}

static void setup(void)
{
	if (!ram)
		ram = guarded(RAM_BYTES);
	mem = (struct gmem){.n = 0}; /* this may be one process for all tests */
	ck_assert_int_eq(gmem_add(&mem, 0, RAM_BYTES, ram, &e), 0);
}

/* --- what is made, and what is done with it */

static void check_image(void)
{
	ck_assert_ptr_nonnull(gmem_at(&mem, img.start, img.end - img.start));
	ck_assert(img.has_entry64 || img.has_pvh);
	ck_assert(!img.has_entry64 || (img.entry64 >= img.start && img.entry64 < img.end));
	ck_assert(!img.has_pvh || (img.pvh_entry >= img.start && img.pvh_entry < img.end));
	if (img.format != IMAGE_BZIMAGE)
		return;
	unsigned length = img.setup_header[offsetof(struct setup_header, jump) + 1];
	ck_assert_uint_eq(img.setup_header_bytes, 0x202 + length - SETUP_HEADER_OFFSET);
}

static void load_kernel(void)
{
	if (image_load(file, k.machine, &mem, LOWEST, &img, &e) == 0)
		check_image();
}

static void find_payload(void)
{
	struct blob payload;
	if (bzimage_payload(file, &payload, &e) == 0)
		ck_assert(payload.data > file.data && payload.size < file.size &&
			  payload.data + payload.size <= file.data + file.size);
}

static void make_elf_32(struct kernel *b)
{
	kernel_elf_small(b);
	kernel_elf_to_32(b);
}

static void make_bzimage(struct kernel *b)
{
	kernel_bzimage_small(b);
	kernel_put(b, SETUP_OFFSET(payload_length), 4, 16);
}

/* The vmlinux inside a bzImage, with a place in each list after it. */
static void make_inside(struct kernel *b)
{
	static const uint32_t table[] = {0, 0x80000000u + SMALL_ELF_ENTRY,
					 0, 0x80000010u + SMALL_ELF_ENTRY,
					 0, 0x80000000u + SMALL_ELF_DATA};
	kernel_elf_small(b);
	memcpy(b->bytes + b->size, table, sizeof(table));
	b->size += sizeof(table);
}

static void load_inside(void)
{
	struct kernel outside;
	struct kaslr kaslr = {
		.physical_on = true, .virtual_on = true, .physical_random = 3, .virtual_random = 3};
	kernel_bzimage_small(&outside);
	(void)bzimage_kernel_can_move(file);
	if (bzimage_load_kernel((struct blob){outside.bytes, outside.size}, file, &kaslr, &mem,
				LOWEST, &img, &e) == 0)
		check_image();
}

/* Nothing where this build has no library for it. */
static void pack(struct kernel *b, enum packing how, struct blob in)
{
	struct blob packed;
	*b = (struct kernel){.size = 0};
	if (!pack_data(how, in, &packed))
		return;
	ck_assert_uint_le(packed.size, sizeof(b->bytes) - 16);
	memcpy(b->bytes, packed.data, packed.size);
	b->size = packed.size;
	free((void *)(uintptr_t)packed.data);
}

#define MAKE_PACKED(name, how)                                                                     \
	static void make_##name(struct kernel *b)                                                  \
	{                                                                                          \
		struct kernel inner;                                                               \
		kernel_arm64_small(&inner);                                                        \
		pack(b, how, (struct blob){inner.bytes, inner.size});                              \
	}
MAKE_PACKED(gzip, PACK_GZIP)
MAKE_PACKED(zstd, PACK_ZSTD)
MAKE_PACKED(lz4, PACK_LZ4_FRAME)
MAKE_PACKED(lz4_legacy, PACK_LZ4_LEGACY)
MAKE_PACKED(xz, PACK_XZ)

static void make_zboot(struct kernel *b)
{
	struct kernel packed;
	make_gzip(&packed);
	if (packed.size)
		kernel_zboot(b, "gzip", (struct blob){packed.bytes, packed.size});
}

static void unpack(void)
{
	struct unpacked u;
	if (decompress(file, 1 << 20, &u, &e) == 0)
		ck_assert_uint_le(u.size, 1 << 20);
	unpacked_free(&u);
}

static void make_config(struct kernel *b)
{
	static const char text[] = "CONFIG_PVH=y\n";
	pack(b, PACK_GZIP, (struct blob){(const uint8_t *)text, sizeof(text) - 1});
	if (!b->size)
		return;
	memmove(b->bytes + 8, b->bytes, b->size);
	memcpy(b->bytes, "IKCFG_ST", 8);
	memcpy(b->bytes + 8 + b->size, "IKCFG_ED", 8);
	b->size += 16;
}

static void unpack_config(void)
{
	struct unpacked text;
	(void)ikconfig_unpack(file, &text, &e);
	unpacked_free(&text);
}

static void check_text(const char *text, size_t size)
{
	ck_assert_uint_lt(strnlen(text, size), size);
	for (; *text; text++)
		ck_assert(*text >= ' ' && *text <= '~');
}

static void make_banner(struct kernel *b)
{
	static const char text[] = "Linux version 6.1.0 (a@b) #1 SMP\n";
	b->size = sizeof(text) - 1;
	memcpy(b->bytes, text, b->size);
}

static void find_banner(void)
{
	char text[24];
	banner_find(file, text, sizeof(text));
	check_text(text, sizeof(text));
}

static void find_version(void)
{
	char text[24];
	bzimage_version(file, text, sizeof(text));
	check_text(text, sizeof(text));
}

static void make_dtb(struct kernel *b)
{
	static uint64_t room[sizeof(b->bytes) / 8];
	struct dtb_config cfg = arm64_config(1);
	int n = dtb_build(&cfg, room, sizeof(room), &e);
	ck_assert_msg(n > 0, "%s", e.text);
	memcpy(b->bytes, room, (size_t)n);
	b->size = (size_t)n;
}

static void fill_dtb(void)
{
	struct dtb_config cfg = arm64_config(1);
	void *at = ram + RAM_BYTES - ROOM_BYTES;
	int n = dtb_fill(file, &cfg, at, ROOM_BYTES, &e);
	if (n >= 0)
		ck_assert(n <= ROOM_BYTES && fdt_check_full(at, (size_t)n) == 0);
}

static void load_dtb(void)
{
	const void *at = ram;
	if (dtb_load(file, &mem, 0, &e) == 0)
		ck_assert(fdt_version(at) >= 16 && fdt_totalsize(at) <= file.size);
}

/* A name that ends early, or late. */
static void make_name(struct kernel *b)
{
	memset(b->bytes, 'n', LONG_NAME);
	b->bytes[SHORT_NAME] = b->bytes[LONG_NAME] = '\0';
	b->size = LONG_NAME + 1;
}

static void add_file(void)
{
	struct cpio c;
	cpio_init(&c, ram + RAM_BYTES - CPIO_BYTES, CPIO_BYTES);
	(void)cpio_add_file(&c, (const char *)file.data, 0644, (struct blob){file.data, 8}, &e);
	ck_assert_uint_le(c.used, CPIO_BYTES);
}

struct subject {
	void (*make)(struct kernel *k);
	void (*use)(void);
	int rounds; /* 0: ROUNDS */
};

static const struct subject elf_x86 = {kernel_elf_small, load_kernel},
			    elf_32 = {make_elf_32, load_kernel},
			    elf_arm64 = {kernel_elf_arm64_small, load_kernel},
			    bzimage = {kernel_bzimage_small, load_kernel},
			    bzimage_payload_of = {make_bzimage, find_payload},
			    bzimage_version_of = {kernel_bzimage_small, find_version},
			    bzimage_inside = {make_inside, load_inside},
			    arm64 = {kernel_arm64_small, load_kernel},
			    riscv64 = {kernel_riscv64_small, load_kernel},
			    zboot = {make_zboot, load_kernel}, gzip = {make_gzip, unpack},
			    zstd = {make_zstd, unpack}, lz4 = {make_lz4, unpack},
			    lz4_legacy = {make_lz4_legacy, unpack,
					  400 /* it takes 8 MiB each time */},
			    xz = {make_xz, unpack}, config = {make_config, unpack_config},
			    banner = {make_banner, find_banner}, dtb_filled = {make_dtb, fill_dtb},
			    dtb_loaded = {make_dtb, load_dtb}, cpio = {make_name, add_file};

/* --- the fields that are flipped */

#define MEMBER_BYTES(type, field) sizeof(((type *)0)->field)
#define EHDR(field)               offsetof(Elf64_Ehdr, field), MEMBER_BYTES(Elf64_Ehdr, field)
#define PHDR(i, field)            PHDR_OFFSET(i, field), MEMBER_BYTES(Elf64_Phdr, field)
#define EHDR32(field)             offsetof(Elf32_Ehdr, field), MEMBER_BYTES(Elf32_Ehdr, field)
#define PHDR32(i, field)          PHDR32_OFFSET(i, field), MEMBER_BYTES(Elf32_Phdr, field)
#define NHDR(field)                                                                                \
	0xf0 + offsetof(Elf64_Nhdr, field), MEMBER_BYTES(Elf64_Nhdr, field) /* the small ELF's */
#define SETUP(field) SETUP_OFFSET(field), MEMBER_BYTES(struct setup_header, field)
#define ARM64(field) ARM64_OFFSET(field), MEMBER_BYTES(struct arm64_image_header, field)
#define RISCV64(field)                                                                             \
	offsetof(struct riscv64_image_header, field),                                              \
		MEMBER_BYTES(struct riscv64_image_header, field)
#define ZBOOT(field) offsetof(struct zboot_header, field), MEMBER_BYTES(struct zboot_header, field)
#define RELOC(i)     SMALL_ELF_BYTES + 4 * (i), 4
#define FDT(field)   offsetof(struct fdt_header, field), 4
#define BE(value)    __builtin_bswap32(value)

static const struct flip {
	const struct subject *subject;
	long offset;
	unsigned width;
	uint64_t other; /* what stands there half of the time */
} flips[] = {
	{&elf_x86, PHDR(2, p_memsz), 1ULL << 40},
	{&elf_x86, PHDR(2, p_memsz), RAM_BYTES},
	{&elf_x86, PHDR(2, p_memsz), 16},
	{&elf_x86, PHDR(2, p_paddr), 1ULL << 40},
	{&elf_x86, PHDR(2, p_paddr), RAM_BYTES - 16},
	{&elf_x86, PHDR(2, p_filesz), 1ULL << 40},
	{&elf_x86, PHDR(2, p_filesz), 8192},
	{&elf_x86, PHDR(2, p_offset), 1ULL << 40},
	{&elf_x86, PHDR(2, p_align), 3},
	{&elf_x86, PHDR(2, p_type), PT_NULL},
	{&elf_x86, PHDR(0, p_offset), 1ULL << 40},
	{&elf_x86, PHDR(0, p_filesz), 1ULL << 40},
	{&elf_x86, EHDR(e_phoff), 1ULL << 40},
	{&elf_x86, EHDR(e_phnum), 128},
	{&elf_x86, EHDR(e_entry), RAM_BYTES},
	{&elf_x86, NHDR(n_namesz), UINT32_MAX},
	{&elf_x86, NHDR(n_descsz), UINT32_MAX},
	{&elf_x86, NHDR(n_descsz), 8},
	{&elf_x86, EI_CLASS, 1, ELFCLASS32},
	{&elf_x86, EHDR(e_machine), EM_386},
	{&elf_32, EI_CLASS, 1, ELFCLASS64},
	{&elf_32, EHDR(e_machine), EM_X86_64},
	{&elf_32, EHDR32(e_phoff), UINT32_MAX},
	{&elf_32, EHDR32(e_phnum), 128},
	{&elf_32, PHDR32(2, p_memsz), UINT32_MAX},
	{&elf_32, PHDR32(2, p_paddr), RAM_BYTES - 16},
	{&elf_32, PHDR32(2, p_filesz), UINT32_MAX},
	{&elf_32, PHDR32(2, p_offset), UINT32_MAX},
	{&elf_32, PHDR32(0, p_filesz), UINT32_MAX},
	{&elf_arm64, PHDR(1, p_memsz), 1ULL << 40},
	{&elf_arm64, PHDR(1, p_paddr), UINT64_MAX - 8192},
	{&elf_arm64, PHDR(0, p_paddr), LOWEST},
	{&elf_arm64, SMALL_ELF_ARM64_TEXT_OFFSET + ARM64(image_size), 0},
	{&elf_arm64, SMALL_ELF_ARM64_TEXT_OFFSET + ARM64(text_offset), RAM_BYTES},
	{&bzimage, SETUP(setup_sects), 255},
	{&bzimage, SETUP(syssize), RAM_BYTES},
	{&bzimage, SETUP(jump), 0x8eeb},
	{&bzimage, SETUP(pref_address), RAM_BYTES},
	{&bzimage, SETUP(init_size), RAM_BYTES},
	{&bzimage, SETUP(kernel_alignment), 3},
	{&bzimage_payload_of, SETUP(payload_offset), RAM_BYTES},
	{&bzimage_payload_of, SETUP(payload_length), RAM_BYTES},
	{&bzimage_version_of, SETUP(kernel_version), 0xffff},
	{&bzimage_inside, PHDR(2, p_memsz), 1ULL << 40},
	{&bzimage_inside, PHDR(2, p_paddr), 1ULL << 40},
	{&bzimage_inside, EHDR(e_shoff), 0x200},
	{&bzimage_inside, RELOC(0), 0x80000000u + SMALL_ELF_ENTRY},
	{&bzimage_inside, RELOC(1), 0x80000000u + SMALL_ELF_END},
	{&bzimage_inside, RELOC(1), 0x7fffffff},
	{&bzimage_inside, RELOC(3), 0},
	{&bzimage_inside, RELOC(5), 0xffffffff},
	{&arm64, ARM64(text_offset), RAM_BYTES},
	{&arm64, ARM64(image_size), RAM_BYTES},
	{&arm64, ARM64(image_size), 0},
	{&arm64, ARM64(flags), 1},
	{&riscv64, RISCV64(text_offset), RAM_BYTES},
	{&riscv64, RISCV64(image_size), RAM_BYTES},
	{&zboot, ZBOOT(payload_offset), UINT32_MAX},
	{&zboot, ZBOOT(payload_size), UINT32_MAX},
	{&gzip, MIDDLE, 1, 0xff},
	{&zstd, MIDDLE, 1, 0xff},
	{&lz4, MIDDLE, 1, 0xff},
	{&lz4_legacy, MIDDLE, 1, 0xff},
	{&lz4_legacy, 4, 4, 8192},
	{&xz, MIDDLE, 1, 0xff},
	{&config, 2, 1, 0},
	{&config, MIDDLE, 1, 0xff},
	{&banner, 16, 1, 0x1b},
	{&banner, 32, 1, 0x1b},
	{&dtb_filled, FDT(version), BE(3)},
	{&dtb_filled, FDT(totalsize), UINT32_MAX},
	{&dtb_filled, FDT(off_dt_struct), BE(0x39)},
	{&dtb_filled, FDT(size_dt_struct), UINT32_MAX},
	{&dtb_filled, FDT(off_dt_strings), UINT32_MAX},
	{&dtb_loaded, FDT(version), BE(3)},
	{&dtb_loaded, FDT(totalsize), UINT32_MAX},
	{&cpio, SHORT_NAME, 1, 'n'},
};

/* --- the thread that flips */

struct writer {
	uint8_t *at;
	unsigned width;
	uint64_t right, other;
	atomic_bool stop;
	atomic_uint flipped;
};

static void *flip(void *arg)
{
	struct writer *w = arg;
	while (!w->stop) {
		memcpy(w->at, &w->other, w->width);
		__asm__ volatile("" ::: "memory"); /* both, and not the last alone */
		memcpy(w->at, &w->right, w->width);
		w->flipped++;
	}
	return NULL;
}

START_TEST(only_garbage_comes_of_it)
{
	const struct flip *f = &flips[_i];
	struct writer w = {.width = f->width, .other = f->other};
	pthread_t thread;

	f->subject->make(&k);
	if (!k.size)
		return;
	uint8_t *bytes = guarded(k.size);
	memcpy(bytes, k.bytes, k.size);
	file = (struct blob){bytes, k.size};
	w.at = bytes + (f->offset == MIDDLE ? k.size / 2 : (size_t)f->offset);
	memcpy(&w.right, w.at, w.width);
	ck_assert_int_eq(pthread_create(&thread, NULL, flip, &w), 0);
	while (!w.flipped)
		sched_yield();
	int rounds = f->subject->rounds ? f->subject->rounds : ROUNDS;
	for (int i = 0; i < rounds; i++)
		f->subject->use();
	w.stop = true;
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("changing");
	TCase *tc = tcase_create("changing");
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_loop_test(tc, only_garbage_comes_of_it, 0, COUNT(flips));
	suite_add_tcase(s, tc);
	return run_suite(s);
}
