/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which format a file has: see probe.h. Sources of the magic numbers: the specification of each
 * format; Linux Documentation/arch/arm64/booting.rst,
 * Documentation/arch/riscv/boot-image-header.rst and drivers/firmware/efi/libstub/zboot-header.S.
 */
#include "loader/probe.h"

#include "loader/multiboot.h"
#include "loader/uki.h"

struct magic {
	uint16_t offset;
	uint8_t len; /* 0: nothing to compare */
	const char *bytes;
};

struct signature {
	enum image_format format;
	struct magic magic[2]; /* both must be there */
};

/*
 * In the order in which they are tried: a kernel with an EFI stub begins like a PE program ("MZ"),
 * so the kernels come first and the unified image and the mere PE program are looked for last.
 */
static const struct signature signatures[] = {
	{IMAGE_ELF, {{0, 4, "\x7f\x45\x4c\x46"}}},
	{IMAGE_BZIMAGE, {{0x1fe, 2, "\x55\xaa"}, {0x202, 4, "HdrS"}}},
	{IMAGE_ZBOOT, {{0, 2, "MZ"}, {4, 4, "zimg"}}},
	{IMAGE_ARM64, {{0x38, 4, "ARMd"}}},
	{IMAGE_RISCV64, {{0x38, 4, "RSC\x05"}}},
	{IMAGE_GZIP, {{0, 2, "\x1f\x8b"}}},
	{IMAGE_ZSTD, {{0, 4, "\x28\xb5\x2f\xfd"}}},
	{IMAGE_XZ, {{0, 6, "\xfd\x37\x7a\x58\x5a\x00"}}},
	{IMAGE_LZ4, {{0, 4, "\x04\x22\x4d\x18"}}}, /* the frame format */
	{IMAGE_LZ4, {{0, 4, "\x02\x21\x4c\x18"}}}, /* the legacy format, which Linux uses */
};

static const struct {
	const char *article;
	const char *name;
} names[] = {
	[IMAGE_UNKNOWN] = {"of an", "unknown format"},
	[IMAGE_ELF] = {"an", "ELF"},
	[IMAGE_BZIMAGE] = {"a", "bzImage"},
	[IMAGE_ARM64] = {"an", "arm64 Image"},
	[IMAGE_RISCV64] = {"a", "riscv64 Image"},
	[IMAGE_GZIP] = {"a", "gzip file"},
	[IMAGE_ZSTD] = {"a", "zstd file"},
	[IMAGE_XZ] = {"an", "xz file"},
	[IMAGE_LZ4] = {"an", "lz4 file"},
	[IMAGE_ZBOOT] = {"an", "EFI zboot image"},
	[IMAGE_UKI] = {"a", "unified kernel image"},
	[IMAGE_PE] = {"a", "PE program"},
	[IMAGE_MULTIBOOT] = {"a", "multiboot kernel"},
	[IMAGE_SCRIPT_OR_TEXT] = {"a", "script or text file"},
};

/* The first bytes may be ASCII or UTF-8, without other control characters than text has. */
static bool is_text(struct blob file)
{
	size_t n = file.size < 512 ? file.size : 512;
	for (size_t i = 0; i < n; i++) {
		uint8_t c = file.data[i];
		if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f || c >= 0xf5)
			return false;
	}
	return n > 0;
}

enum image_format image_probe(struct blob file)
{
	struct blob header;

	for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
		const struct magic *m = signatures[i].magic;
		if (blob_has(file, m[0].offset, m[0].bytes, m[0].len) &&
		    (!m[1].len || blob_has(file, m[1].offset, m[1].bytes, m[1].len)))
			return signatures[i].format;
	}
	if (pe_probe(file))
		return uki_probe(file) ? IMAGE_UKI : IMAGE_PE;
	if (multiboot_find(file, &header) || multiboot2_find(file, &header))
		return IMAGE_MULTIBOOT;
	return is_text(file) ? IMAGE_SCRIPT_OR_TEXT : IMAGE_UNKNOWN;
}

static enum image_format known(enum image_format format)
{
	return (size_t)format < sizeof(names) / sizeof(names[0]) ? format : IMAGE_UNKNOWN;
}

const char *image_format_name(enum image_format format)
{
	return names[known(format)].name;
}

const char *image_format_article(enum image_format format)
{
	return names[known(format)].article;
}

bool image_is_packed(enum image_format format)
{
	return format == IMAGE_GZIP || format == IMAGE_ZSTD || format == IMAGE_XZ ||
	       format == IMAGE_LZ4 || format == IMAGE_ZBOOT;
}
