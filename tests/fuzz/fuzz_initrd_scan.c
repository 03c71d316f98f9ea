/* SPDX-License-Identifier: BSD-3-Clause */
/* The input is an initrd: what its headers say. */
#include "image_check.h"
#include "loader/initrd_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct initrd_scan scan;

	initrd_scan((struct blob){data, size}, &scan);
	if (scan.problem.text[0])
		check_error(&scan.problem);
	CHECK(!scan.config || scan.format);
	CHECK(size || (!scan.format && !scan.problem.text[0]));
	return 0;
}
