/* SPDX-License-Identifier: BSD-3-Clause */
/* Resets through PSCI. */
#include "guest.h"

void guest_main(void)
{
	say("reboot_psci");
	psci(PSCI_SYSTEM_RESET, 0, 0, 0);
	end(1);
}
