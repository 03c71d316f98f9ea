/* SPDX-License-Identifier: BSD-3-Clause */
/* The dispatch to the format's loader: see image.h. */
#include "loader/image.h"

#include "loader/arm64_image.h"
#include "loader/bzimage.h"
#include "loader/elf.h"
#include "loader/riscv64_image.h"

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

int image_packed(struct blob file, enum image_machine machine, struct blob *packed, struct err *e)
{
	struct unwrap u;

	*packed = (struct blob){NULL, 0};
	if (unwrap_open(file, &u, e) || unwrap_packed(&u, machine, e))
		return -1;
	*packed = u.packed;
	return 0;
}

int image_unpack(struct blob file, struct unpacked *out, struct err *e)
{
	const struct unwrap u = {.image = file, .format = image_probe(file), .packed = file};

	return unwrap_unpack(&u, out, e);
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

static int load_packed(struct unwrap *u, enum image_machine machine, const struct gmem *mem,
		       const struct image_placement *where, struct image *img, struct err *e)
{
	struct unpacked kernel;

	if (unwrap_packed(u, machine, e) || unwrap_unpack(u, &kernel, e))
		return -1;
	int r = image_load_plain((struct blob){kernel.data, kernel.size}, machine, mem, where, img,
				 e);
	unpacked_free(&kernel);
	return r ? image_name_outside(u->format, e) : 0;
}

int image_load_at(struct blob file, enum image_machine machine, const struct gmem *mem,
		  const struct image_placement *where, struct image *img, struct err *e)
{
	struct unwrap u;

	if (unwrap_open(file, &u, e))
		return -1;
	int r = image_is_packed(u.format) ? load_packed(&u, machine, mem, where, img, e)
					  : image_load_plain(u.image, machine, mem, where, img, e);
	return r && u.file_format == IMAGE_UKI ? err_context(e, "unified kernel image: .linux") : r;
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
