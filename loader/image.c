/* SPDX-License-Identifier: BSD-3-Clause */
/* The dispatch to the format's loader: see image.h. */
#include "loader/image.h"

#include "loader/arm64_image.h"
#include "loader/bzimage.h"
#include "loader/elf.h"
#include "loader/riscv64_image.h"
#include "loader/uki.h"
#include "loader/zboot.h"

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
	return err_set(e, "this is %s %s; %s", image_format_article(format),
		       image_format_name(format), expected[machine]);
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
