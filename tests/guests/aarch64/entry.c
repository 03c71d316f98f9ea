/* SPDX-License-Identifier: BSD-3-Clause */
/* The state at the entry (booting.rst, "Call the kernel image"). */
#include "guest.h"

void guest_main(void)
{
	const uint8_t *tree = (const uint8_t *)entry_state.x[0];

	check(entry_state.x[0] % 8 == 0, "x0 is a multiple of 8");
	check(entry_state.x[0] >= ARM64_RAM_GPA, "x0 lies in RAM");
	check(tree[0] == 0xd0 && tree[1] == 0x0d && tree[2] == 0xfe && tree[3] == 0xed,
	      "x0 is the device tree");
	check(!(entry_state.x[1] | entry_state.x[2] | entry_state.x[3]), "x1 to x3 are 0");
	check(entry_state.current_el == 1 << 2, "EL1");
	check(!(entry_state.sctlr & 1), "the MMU is off");
	check(entry_state.daif == 0xf << 6, "interrupts are masked");
	check((entry_state.mpidr & 0xff00ffffff) == 0, "the first CPU's affinity is 0");
	say("SUCCESS");
	end(0);
}
