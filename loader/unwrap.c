/* SPDX-License-Identifier: BSD-3-Clause */
/* From a file to the kernel in it: see unwrap.h. */
#include "loader/unwrap.h"

#include "loader/bzimage.h"
#include "loader/zboot.h"

/* A bound for hostile files. It is not the guest's RAM: a vmlinux may have debug information. */
const uint64_t image_unpacked_max_bytes = 1 << 30;

int unwrap_open(struct blob file, struct unwrap *u, struct err *e)
{
	enum image_format format = image_probe(file);

	*u = (struct unwrap){.file_format = format, .image = file, .format = format};
	if (format != IMAGE_UKI)
		return 0;
	if (uki_open(file, &u->uki, e))
		return -1;
	u->image = u->uki.kernel;
	u->format = image_probe(u->image);
	if (u->format != IMAGE_UKI)
		return 0;
	return err_set(e, "this is a unified kernel image, and its .linux is another; expected a "
			  "kernel there");
}

int unwrap_packed(struct unwrap *u, enum image_machine machine, struct err *e)
{
	u->packed = (struct blob){NULL, 0};
	if (machine == IMAGE_MACHINE_X86_64 && u->format == IMAGE_BZIMAGE)
		return bzimage_payload(u->image, &u->packed, e);
	if (u->format == IMAGE_ZBOOT)
		return zboot_payload(u->image, &u->packed, e);
	if (image_is_packed(u->format))
		u->packed = u->image;
	return 0;
}

int unwrap_unpack(const struct unwrap *u, struct unpacked *out, struct err *e)
{
	/* Its errors say that this is an EFI zboot image. */
	if (u->format == IMAGE_ZBOOT)
		return zboot_unpack(u->image, image_unpacked_max_bytes, out, e);
	return decompress(u->packed, image_unpacked_max_bytes, out, e);
}
