/* SPDX-License-Identifier: BSD-3-Clause */
/* The PL031: its identification, and that its clock can be set. */
#include "guest.h"

void guest_main(void)
{
	static const uint8_t id[] = {0x31, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

	for (unsigned i = 0; i < sizeof(id); i++)
		check(read32(ARM64_RTC_GPA + 0xfe0 + 4 * i) == id[i], "identification");
	put("time ");
	put_decimal(read32(ARM64_RTC_GPA));
	put_char('\n');
	write32(ARM64_RTC_GPA + 8, 1000);
	check(read32(ARM64_RTC_GPA) - 1000 < 60, "the clock after it was set");
	end(0);
}
