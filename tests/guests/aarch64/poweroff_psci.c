/* SPDX-License-Identifier: BSD-3-Clause */
/* Powers off through PSCI. */
#include "guest.h"

void guest_main(void)
{
	say("poweroff_psci");
	psci(PSCI_SYSTEM_OFF, 0, 0, 0);
	end(1);
}
