/* SPDX-License-Identifier: BSD-3-Clause */
/* seeds DIR: writes small valid inputs for each fuzz target to DIR/TARGET. */
#include "arm64.h"
#include "kernels.h"
#include "loader/cpio.h"
#include "pack.h"

#include <elf.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const char *directory;

static void put(const char *target, const char *name, const void *data, size_t size)
{
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s/%s", directory, target);
	mkdir(path, 0777);
	snprintf(path, sizeof(path), "%s/%s/%s", directory, target, name);
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(data, 1, size, f) != size || fclose(f)) {
		perror(path);
		exit(1);
	}
}

/* A property note aligned to 8, the rest packed by 4: the layout that hid the PVH note from others.
 */
static void put_mixed_notes(struct kernel *k)
{
	uint8_t notes[256] = {0};
	const uint64_t property[2] = {0x4c0000002, 0x3};
	const uint64_t entry = 0x100000;
	size_t len = kernel_note(notes, 0, "GNU", 4, 5, property, 16, 4);
	len = kernel_note(notes, len, "Xen", 4, 7, "2.6", 4, 4);
	len = kernel_note(notes, len, "Xen", 4, 18, &entry, 8, 4);
	const struct elf_segment segment[] = {
		{PT_LOAD, PF_R | PF_X, 0x100000, 64, 4096, NULL, 64},
		{PT_LOAD, PF_R | PF_W, 0x100000000, 4096, 4096, NULL, 0},
		{PT_NOTE, PF_R, 0, 0, 8, notes, len},
		{PT_NOTE, PF_R, 0, 0, 4, notes + 32, len - 32},
	};
	kernel_elf(k, 0x100000, segment, 4);
	put("elf", "mixed-notes", k->bytes, k->size);
}

static void put_elf(struct kernel *k)
{
	kernel_elf_small(k);
	put("elf", "small", k->bytes, k->size);
	kernel_put(k, offsetof(Elf64_Ehdr, e_entry), 8, 0);
	put("elf", "pvh-only", k->bytes, k->size);
	kernel_elf_to_32(k);
	put("elf", "elf32", k->bytes, k->size);
	put_mixed_notes(k);
}

/* Notes alone, and a byte for their alignment. */
static void put_notes(void)
{
	uint8_t notes[128] = {0};
	const uint64_t entry = 0x100010;
	size_t len = kernel_note(notes, 0, "Xen", 4, 18, &entry, 4, 4);
	put("pvh_notes", "pvh", notes, len + 1);
	len = kernel_note(notes, len, "GNU", 4, 3, "build id", 8, 4);
	put("pvh_notes", "two", notes, len + 1);
	len = kernel_note(notes, 0, "Xen", 4, 18, &entry, 8, 8);
	notes[len] = 1;
	put("pvh_notes", "aligned-to-8", notes, len + 1);
}

static void put_bzimage(struct kernel *k)
{
	kernel_bzimage_small(k);
	kernel_put(k, SMALL_BZIMAGE_BYTES, 4, 12345); /* an initrd's size */
	k->size += 4;
	put("bzimage", "small", k->bytes, k->size);
	kernel_put(k, SETUP_OFFSET(relocatable_kernel), 1, 0);
	put("bzimage", "fixed", k->bytes, k->size);
	kernel_bzimage_small(k);
	kernel_put(k, SETUP_OFFSET(pref_address), 8, 0x1000000);
	put("bzimage", "relocated", k->bytes, k->size);
}

/* A vmlinux, three lists of relocations of one place each, and what is to be random. */
static void put_bzimage_kernel(struct kernel *k)
{
	static const uint8_t how[] = {0, 1, 2, 3, 7};
	static const uint32_t table[] = {0, 0x80000000u + SMALL_ELF_ENTRY,
					 0, 0x80000010u + SMALL_ELF_ENTRY,
					 0, 0x80000000u + SMALL_ELF_DATA};
	for (size_t i = 0; i < sizeof(how); i++) {
		char name[] = "how-0";
		name[4] = (char)('0' + how[i]);
		kernel_elf_small(k);
		memcpy(k->bytes + k->size, table, sizeof(table));
		k->size += sizeof(table) + 2;
		kernel_put(k, k->size - 2, 2, 5u | (unsigned)how[i] << 8);
		put("bzimage_kernel", name, k->bytes, k->size);
	}
}

static void put_arm64(struct kernel *k)
{
	kernel_arm64_small(k);
	put("arm64_image", "small", k->bytes, k->size);
	put("zboot", "image", k->bytes, k->size);
	kernel_put(k, ARM64_OFFSET(text_offset), 8, 0x8000);
	put("arm64_image", "text-offset", k->bytes, k->size);
	kernel_elf_arm64_small(k);
	put("elf", "arm64", k->bytes, k->size);
	put("zboot", "vmlinux", k->bytes, k->size);
}

static void put_riscv64(struct kernel *k)
{
	kernel_riscv64_small(k);
	put("riscv64_image", "small", k->bytes, k->size);
	kernel_put(k, offsetof(struct riscv64_image_header, text_offset), 8, 0);
	put("riscv64_image", "at-the-base", k->bytes, k->size);
}

/* A kernel, then a placement request: see fuzz_placement.c. */
static void put_placement(const char *name, struct kernel *k, const uint64_t where[4])
{
	memcpy(k->bytes + k->size, where, 32);
	kernel_put(k, k->size + 32, 8, k->machine);
	put("placement", name, k->bytes, k->size + 40);
}

static void put_placements(struct kernel *k)
{
	kernel_elf_small(k);
	put_placement("elf", k, (const uint64_t[]){0x2000, 0x1000, 0, 0});
	kernel_elf_small(k);
	k->machine = (enum image_machine)(IMAGE_MACHINE_X86_64 | 1 << 16); /* elf_taken */
	put_placement("elf-low", k, (const uint64_t[]){0x200000, 0, 0, 0});
	kernel_bzimage_small(k);
	put_placement("bzimage", k, (const uint64_t[]){0x2000, 0, 0x110000, 0});
	kernel_arm64_small(k);
	put_placement("arm64", k, (const uint64_t[]){0x2000, 0, 0, 0x100000000});
	kernel_riscv64_small(k);
	kernel_put(k, offsetof(struct riscv64_image_header, text_offset), 8, 0);
	put_placement("riscv64", k, (const uint64_t[]){0x2000, 0, 0, 0x100000000});
	kernel_elf_arm64_small(k);
	put_placement("elf-arm64", k, (const uint64_t[]){0x2000, 0, 0, 0x100000000});
}

/* A stream with its unpacked size after it, as Linux's build writes it. */
static void put_sized(const char *target, const char *name, struct blob packed, size_t unpacked)
{
	uint8_t bytes[KERNEL_MAX_BYTES];
	uint32_t size = (uint32_t)unpacked;
	char sized[32];

	snprintf(sized, sizeof(sized), "%s-sized", name);
	memcpy(bytes, packed.data, packed.size);
	memcpy(bytes + packed.size, &size, sizeof(size));
	put(target, sized, bytes, packed.size + sizeof(size));
}

/* An archive of the new cpio format, which an archive of another format may follow. */
static void put_initrd(const char *name, struct blob after)
{
	uint8_t bytes[KERNEL_MAX_BYTES];
	struct cpio c;
	struct err e;

	cpio_init(&c, bytes, sizeof(bytes) - after.size);
	if (cpio_add_file(&c, "a", 0644, (struct blob){(const uint8_t *)"content", 7}, &e) ||
	    cpio_finish(&c, &e)) {
		fprintf(stderr, "%s\n", e.text);
		exit(1);
	}
	if (after.size)
		memcpy(bytes + c.used, after.data, after.size);
	put("initrd_scan", name, bytes, c.used + after.size);
}

/* Each kind of compression by itself, and in a zboot image. */
static void put_packed(struct kernel *k)
{
	static const char *const names[] = {"gzip", "zstd", "lz4", "lz4-legacy", "xz"};
	static const char *const targets[] = {"gzip", "zstd", "lz4", "lz4", "xz"};
	static const char *const words[] = {"gzip", "zstd22", "lz4", "lz4", "xzkern"};
	for (int i = 0; i < PACKINGS; i++) {
		struct blob packed;
		kernel_arm64_small(k);
		if (!pack_data((enum packing)i, (struct blob){k->bytes, k->size}, &packed))
			continue;
		put(targets[i], names[i], packed.data, packed.size);
		put_sized(targets[i], names[i], packed, k->size);
		put_initrd(names[i], packed);
		kernel_zboot(k, words[i], packed);
		put("zboot", names[i], k->bytes, k->size);
		free((void *)(uintptr_t)packed.data);
	}
	/* A build without a kind of compression still has its target. */
	for (int i = 0; i < PACKINGS; i++)
		put(targets[i], "text", "not compressed", 14);
}

/* Unified kernel images of each machine, one with profiles. */
static void put_uki(struct kernel *k)
{
	static struct kernel image;

	kernel_bzimage_small(&image);
	const struct uki_part x86[] = {
		UKI_TEXT(".text", "code"),
		UKI_TEXT(".osrel", "ID=a\n"),
		UKI_TEXT(".cmdline", " console=ttyS0\tquiet\n"),
		UKI_TEXT(".initrd", "070701"),
		{".linux", {image.bytes, image.size}},
	};
	kernel_uki(k, IMAGE_MACHINE_X86_64, x86, 5);
	put("uki", "bzimage", k->bytes, k->size);
	put("inspect", "uki", k->bytes, k->size);
	kernel_arm64_small(&image);
	const struct uki_part arm64[] = {
		{".linux", {image.bytes, image.size}}, UKI_TEXT(".cmdline", "base"),
		UKI_TEXT(".profile", "ID=a\n"),        UKI_TEXT(".cmdline", "of the first"),
		UKI_TEXT(".ucode", "07070"),           UKI_TEXT(".profile", "ID=b\n"),
		UKI_TEXT(".cmdline", "of another"),
	};
	kernel_uki(k, IMAGE_MACHINE_AARCH64, arm64, 7);
	put("uki", "profiles", k->bytes, k->size);
}

/* A kernel with its configuration inside: what `inspect` finds in an unpacked one. */
static void put_ikconfig(struct kernel *k)
{
	static const char config[] =
		"# x\nCONFIG_PVH=y\n# CONFIG_ACPI is not set\nCONFIG_A=\"b\"\n";
	static const char banner[] = "Linux version 6.1 (a@b) #1\n";
	struct blob packed;
	size_t at = sizeof(banner);

	put("ikconfig", "text", config, sizeof(config) - 1);
	if (!pack_data(PACK_GZIP, (struct blob){(const uint8_t *)config, sizeof(config) - 1},
		       &packed))
		return;
	memcpy(k->bytes, banner, sizeof(banner));
	memcpy(k->bytes + at, "IKCFG_ST", 8);
	memcpy(k->bytes + at + 8, packed.data, packed.size);
	memcpy(k->bytes + at + 8 + packed.size, "IKCFG_ED", 8);
	put("ikconfig", "kernel", k->bytes, at + 8 + packed.size + 8);
	free((void *)(uintptr_t)packed.data);
}

/* Both kinds of header, in a file that is nothing else. */
static void put_multiboot(struct kernel *k)
{
	static const uint32_t header[] = {0x1badb002,
					  0x10004,
					  0u - 0x1badb002 - 0x10004,
					  0x100020,
					  0x100000,
					  0,
					  0,
					  0x100030,
					  1,
					  80,
					  25,
					  0,
					  0xe85250d6,
					  0,
					  16,
					  0u - 0xe85250d6 - 16};

	memset(k->bytes, 0, sizeof(k->bytes));
	memcpy(k->bytes + 0x20, header, sizeof(header));
	put("inspect", "multiboot", k->bytes, 0x20 + sizeof(header));
}

/* Compressed as a whole. */
static void put_gzip(const struct kernel *k, const char *name)
{
	struct blob packed;

	if (!pack_data(PACK_GZIP, (struct blob){k->bytes, k->size}, &packed))
		return;
	put("inspect", name, packed.data, packed.size);
	free((void *)(uintptr_t)packed.data);
}

/* Files of each format for `inspect`. */
static void put_inspect(struct kernel *k)
{
	struct blob packed, image = {k->bytes, 0};

	kernel_elf_small(k);
	put("inspect", "elf", k->bytes, k->size);
	kernel_elf_to_32(k);
	put("inspect", "elf32", k->bytes, k->size);
	kernel_elf_arm64_small(k);
	put("inspect", "elf-arm64", k->bytes, k->size);
	kernel_bzimage_small(k);
	put("inspect", "bzimage", k->bytes, k->size);
	kernel_arm64_small(k);
	put("inspect", "image", k->bytes, k->size);
	image.size = k->size;
	if (pack_data(PACK_GZIP, image, &packed)) {
		put("inspect", "gzip", packed.data, packed.size);
		kernel_zboot(k, "gzip", packed);
		put("inspect", "zboot", k->bytes, k->size);
		kernel_bzimage_small(k);
		memcpy(k->bytes + 1024 + 0x210, packed.data, packed.size);
		kernel_put(k, SETUP_OFFSET(payload_offset), 4, 0x210);
		kernel_put(k, SETUP_OFFSET(payload_length), 4, packed.size);
		put("inspect", "bzimage-packed", k->bytes, k->size);
		put_gzip(k, "bzimage-gzip");
		free((void *)(uintptr_t)packed.data);
	}
	put_multiboot(k);
	memset(k->bytes, 0, sizeof(k->bytes));
	memcpy(k->bytes + 0x30, "RISCV\0\0\0RSC\x05", 12);
	put("inspect", "riscv64", k->bytes, 128);
}

static void put_cmdline(void)
{
	static const char build[] = "\x40\x00\0console\0ttyS0\0\1quiet ro\0\2-x \"a b\"\0\0k\0v w";
	static const char devices[] = "\x7f\0\4\0\0\4 \0\1\2\3\0\4\1\1\0\x10\0\x11k\0v";
	static const char parse[] = "\x20\x01\3root=/dev/vda a=\"b -- c\" -- -s 1\0\3x --";
	put("cmdline", "build", build, sizeof(build) - 1);
	put("cmdline", "parse", parse, sizeof(parse) - 1);
	put("cmdline", "devices", devices, sizeof(devices) - 1);
}

static void put_options(void)
{
	static const char run[] = "-k\0vmlinux\0--initrd=a\0-i\0b\0--cpus\0"
				  "2\0-m\0"
				  "1G\0"
				  "--cmdline\0x y\0--boot\0pvh\0--seccomp=log\0"
				  "--on-reboot\0restart\0--log\0l\0--quiet";
	static const char ci[] = "--init\0prog\0vmlinux\0--expect\0^a\0--expect-ordered\0"
				 "--fail-on\0b\0--timeout\0"
				 "2m\0--idle-timeout=500ms\0--ktap\0"
				 "--report\0r\0--junit\0j\0--dtb\0d\0--\0--x\0y";
	put("options", "run", run, sizeof(run));
	put("options", "ci", ci, sizeof(ci));
	put("options", "inspect", "inspect\0file\0--json", 19);
	put("options", "check", "--check", 8);
	put("options", "help", "-hV", 4);
}

static void put_watch(void)
{
	static const char boot[] =
		"\0\x20[    1.000000] BUG: x\r\n[    1.1]\x12[    T1] Oops: up\r\n"
		"\x7fRCU stall\n";
	static const char escapes[] =
		"\1\x13\x1b[1mup\x1b]0;t\ax\x1b\\a\n\x8c\x1b(B\x1bPq\x1b\\b\n\r";
	static const char login[] = "\1\x90up and running\r\n\x87login: \x87root\r\n# ";
	put("watch", "boot", boot, sizeof(boot) - 1);
	put("watch", "escapes", escapes, sizeof(escapes) - 1);
	put("watch", "login", login, sizeof(login) - 1);
}

static void put_matcher(void)
{
	static const char line[] =
		"^\\[ *[0-9]+\\.[0-9]{6}\\] (BUG|Oops): .*$\0[  1.123456] BUG: x";
	static const char odd[] = "a|[]^-a[:alpha:]]{1,3}(b*c?){2}\\1\0ab]cc";

	put("matcher", "line", line, sizeof(line) - 1);
	put("matcher", "odd", odd, sizeof(odd) - 1);
}

static void put_ktap(void)
{
	static const char kunit[] =
		"\7[    1.0] KTAP version 1\r\n[    1.0] 1..2\r\n[    1.0]     KTAP version 1\r\n"
		"[    1.0]     # Subtest: a\r\n[    1.0]     1..2\r\n[    1.0]     ok 1 x\r\n"
		"[    1.0]     # y: EXPECTATION FAILED\r\n[    1.0]     not ok 2 y # TIMEOUT\r\n"
		"[    1.0] not ok 1 a\r\n[    1.0] ok 2 b # SKIP no\r\n";
	static const char kselftest[] =
		"\x1fTAP version 13\n1..2\n# TAP version 13\n# 1..2\n# ok 1 a # XFAIL\n"
		"# # Totals: pass:1\nnot ok 1 selftests: n: t # exit=1\n# 1..0 # SKIP not root\n"
		"ok 2 selftests: n: u # SKIP\nBail out! x\n";
	static const char tap[] =
		"\0ok 1 - a\n    # Subtest: s\n    ok 1\n    1..1\nok - b # TODO c\n1..2\nok";
	put("ktap", "kunit", kunit, sizeof(kunit) - 1);
	put("ktap", "kselftest", kselftest, sizeof(kselftest) - 1);
	put("ktap", "tap", tap, sizeof(tap) - 1);
}

static void put_dtb(void)
{
	static uint64_t tree[1 << 11];
	struct dtb_config cfg = arm64_config(2);
	struct err e;
	int n = dtb_build(&cfg, tree, sizeof(tree) - 1, &e);
	if (n < 0) {
		fprintf(stderr, "%s\n", e.text);
		exit(1);
	}
	put("dtb", "own", tree, (size_t)n);
	((uint8_t *)tree)[n] = 0xff; /* a trailer: the room */
	put("dtb", "room", tree, (size_t)n + 1);
}

int main(int argc, char **argv)
{
	static struct kernel k;
	if (argc != 2) {
		fprintf(stderr, "usage: seeds DIR\n");
		return 1;
	}
	directory = argv[1];
	mkdir(directory, 0777);
	put_elf(&k);
	put_notes();
	put_bzimage(&k);
	put_bzimage_kernel(&k);
	put_arm64(&k);
	put_riscv64(&k);
	put_placements(&k);
	put_packed(&k);
	put_initrd("cpio", (struct blob){NULL, 0});
	put_ikconfig(&k);
	put_inspect(&k);
	put_uki(&k);
	put_cmdline();
	put_options();
	put_watch();
	put_matcher();
	put_ktap();
	put_dtb();
	return 0;
}
