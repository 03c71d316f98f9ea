/* SPDX-License-Identifier: BSD-3-Clause */
/* Addresses without a device read as all ones and ignore writes. */
#include "guest.h"

void guest_main(void)
{
	const uint64_t nowhere = ARM64_DEVICES_END_GPA;

	check(read8(nowhere) == 0xff, "1 byte");
	check(read16(nowhere + 2) == 0xffff, "2 bytes");
	check(read32(nowhere + 4) == 0xffffffff, "4 bytes");
	check(read64(nowhere + 8) == ~0ull, "8 bytes");
	write32(nowhere, 0x12345678);
	check(read32(nowhere) == 0xffffffff, "4 bytes after a write");
	say("SUCCESS");
	end(0);
}
