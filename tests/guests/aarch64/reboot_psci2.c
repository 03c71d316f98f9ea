/* SPDX-License-Identifier: BSD-3-Clause */
/* Resets through PSCI 1.1, architectural warm reset. */
#include "guest.h"

void guest_main(void)
{
	say("reboot_psci2");
	psci(PSCI_SYSTEM_RESET2, 0, 0, 0);
	end(1);
}
