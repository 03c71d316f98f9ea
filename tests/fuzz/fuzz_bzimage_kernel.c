/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The input is an unpacked payload (a vmlinux and its relocations), a random number in one byte,
 * and a last byte that says what of the kernel's place is to be random.
 */
#include "image_check.h"
#include "kernels.h"
#include "loader/bzimage_kernel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct kernel bzimage;
	const struct gmem *mem = fuzz_memory();
	uint8_t how[2] = {0};
	struct image img;
	struct err e = {""};

	if (!bzimage.size)
		kernel_bzimage_small(&bzimage);
	if (size < sizeof(how))
		return 0;
	size -= sizeof(how);
	memcpy(how, data + size, sizeof(how));
	struct kaslr kaslr = {.physical_on = how[1] & 1,
			      .virtual_on = how[1] & 2,
			      .physical_random = how[0],
			      .virtual_random = how[0],
			      .initrd_bytes = how[1] & 4 ? UINT64_MAX : how[0]};
	(void)bzimage_kernel_can_move((struct blob){data, size});
	if (bzimage_load_kernel((struct blob){bzimage.bytes, bzimage.size},
				(struct blob){data, size}, &kaslr, mem, FUZZ_LOWEST, &img, &e)) {
		check_error(&e);
		return 0;
	}
	check_image(&img, mem);
	CHECK(kaslr.physical_places >= 1 && kaslr.virtual_places >= 1);
	return 0;
}
