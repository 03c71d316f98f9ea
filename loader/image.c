/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which format the bytes are, and the dispatch to its loader. Sources of the magic numbers: the
 * specification of each format; Linux Documentation/arch/arm64/booting.rst and
 * Documentation/arch/riscv/boot-image-header.rst; drivers/firmware/efi/libstub/zboot-header.S.
 */
#include "loader/image.h"

#include "loader/arm64_image.h"
#include "loader/bzimage.h"
#include "loader/decompress.h"
#include "loader/elf.h"
#include "loader/multiboot.h"
#include "loader/riscv64_image.h"
#include "loader/uki.h"
#include "loader/zboot.h"

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

const char *image_format_name(enum image_format format)
{
	if ((size_t)format >= sizeof(names) / sizeof(names[0]))
		format = IMAGE_UNKNOWN;
	return names[format].name;
}

typedef int load_fn(struct blob file, const struct gmem *mem, const struct image_placement *where,
		    struct image *img, struct err *e);

static const struct {
	enum image_machine machine;
	enum image_format format;
	load_fn *load;
} loaders[] = {
	{IMAGE_MACHINE_X86_64, IMAGE_ELF, elf_load_x86},
	{IMAGE_MACHINE_X86_64, IMAGE_BZIMAGE, bzimage_load},
	{IMAGE_MACHINE_AARCH64, IMAGE_ELF, elf_load_arm64},
	{IMAGE_MACHINE_AARCH64, IMAGE_ARM64, arm64_image_load},
	{IMAGE_MACHINE_RISCV64, IMAGE_RISCV64, riscv64_image_load},
};

/* A bound for hostile files. It is not the guest's RAM: a vmlinux may have debug information. */
const uint64_t image_unpacked_max_bytes = 1 << 30;

bool image_is_packed(enum image_format format)
{
	return format == IMAGE_GZIP || format == IMAGE_ZSTD || format == IMAGE_XZ ||
	       format == IMAGE_LZ4 || format == IMAGE_ZBOOT;
}

static const char *const expected[] = {
	[IMAGE_MACHINE_X86_64] =
		("expected an x86_64 ELF vmlinux, an i386 ELF with a PVH note or a bzImage (plain, "
		 "compressed or in a unified kernel image)"),
	[IMAGE_MACHINE_AARCH64] = ("expected an arm64 Image or ELF vmlinux (plain, compressed, "
				   "EFI zboot or in a unified kernel image)"),
	[IMAGE_MACHINE_RISCV64] = ("expected a riscv64 Image (plain, compressed, EFI zboot or in "
				   "a unified kernel image)"),
};

static load_fn *find_loader(enum image_machine machine, enum image_format format)
{
	for (size_t i = 0; i < sizeof(loaders) / sizeof(loaders[0]); i++)
		if (loaders[i].machine == machine && loaders[i].format == format)
			return loaders[i].load;
	return NULL;
}

/*
 * What is to be loaded, and its format: of a unified image the kernel in it, else the file. A
 * unified image inside another is refused.
 */
static int open_image(struct blob *file, enum image_format *format, struct err *e)
{
	struct uki uki;

	*format = image_probe(*file);
	if (*format != IMAGE_UKI)
		return 0;
	if (uki_open(*file, &uki, e))
		return -1;
	*file = uki.kernel;
	*format = image_probe(uki.kernel);
	if (*format != IMAGE_UKI)
		return 0;
	return err_set(e, "this is a unified kernel image, and its .linux is another; expected a "
			  "kernel there");
}

int image_packed(struct blob file, enum image_machine machine, struct blob *packed, struct err *e)
{
	enum image_format format;

	*packed = (struct blob){NULL, 0};
	if (open_image(&file, &format, e))
		return -1;
	if (machine == IMAGE_MACHINE_X86_64 && format == IMAGE_BZIMAGE)
		return bzimage_payload(file, packed, e);
	if (format == IMAGE_ZBOOT)
		return zboot_payload(file, packed, e);
	if (image_is_packed(format))
		*packed = file;
	return 0;
}

int image_unpack(struct blob file, struct unpacked *out, struct err *e)
{
	if (image_probe(file) == IMAGE_ZBOOT)
		return zboot_unpack(file, image_unpacked_max_bytes, out, e);
	return decompress(file, image_unpacked_max_bytes, out, e);
}

int image_load_plain(struct blob kernel, enum image_machine machine, const struct gmem *mem,
		     const struct image_placement *where, struct image *img, struct err *e)
{
	enum image_format format = image_probe(kernel);
	load_fn *load = find_loader(machine, format);

	if (kernel.size == 0)
		return err_set(e, "the file is empty; %s", expected[machine]);
	if (load)
		return load(kernel, mem, where, img, e);
	return err_set(e, "this is %s %s; %s", names[format].article, names[format].name,
		       expected[machine]);
}

static int load_packed(struct blob file, enum image_machine machine, const struct gmem *mem,
		       const struct image_placement *where, struct image *img, struct err *e)
{
	struct unpacked inner;

	if (image_unpack(file, &inner, e))
		return -1;
	int r = image_load_plain((struct blob){inner.data, inner.size}, machine, mem, where, img,
				 e);
	unpacked_free(&inner);
	return r ? image_name_outside(image_probe(file), e) : 0;
}

int image_load_at(struct blob file, enum image_machine machine, const struct gmem *mem,
		  const struct image_placement *where, struct image *img, struct err *e)
{
	struct blob kernel = file;
	enum image_format format;

	if (open_image(&kernel, &format, e))
		return -1;
	int r = image_is_packed(format) ? load_packed(kernel, machine, mem, where, img, e)
					: image_load_plain(kernel, machine, mem, where, img, e);
	return r && kernel.size < file.size ? err_context(e, "unified kernel image: .linux") : r;
}

int image_name_outside(enum image_format format, struct err *e)
{
	return err_context(e, "inside this %s", image_format_name(format));
}

int image_load(struct blob file, enum image_machine machine, const struct gmem *mem, gpa_t lowest,
	       struct image *img, struct err *e)
{
	const struct image_placement where = {.lowest = lowest};

	return image_load_at(file, machine, mem, &where, img, e);
}
