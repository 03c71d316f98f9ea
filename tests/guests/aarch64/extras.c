/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether the guest has a PMU (Arm ARM, ID_AA64DFR0_EL1). */
#include "guest.h"

#define PMUVER_SHIFT 8
#define PMUVER_MASK  0xfu /* 0: none; 0xf: none of Arm's */

void guest_main(void)
{
	uint64_t dfr0;

	__asm__ volatile("mrs %0, id_aa64dfr0_el1" : "=r"(dfr0));
	unsigned version = dfr0 >> PMUVER_SHIFT & PMUVER_MASK;
	put("found: PMU ");
	put_decimal(version && version != PMUVER_MASK);
	put_char('\n');
	end(0);
}
