/* SPDX-License-Identifier: BSD-3-Clause */
/* Starts every CPU that PSCI knows by the affinities of the device tree, and counts them. */
#include "arch/aarch64/mpidr.h"
#include "guest.h"

void guest_main(void)
{
	unsigned n = 1;

	while (psci(PSCI_CPU_ON, mpidr_affinity(n), (uint64_t)cpu_start, n) == 0)
		n++;
	check(psci(PSCI_CPU_ON, mpidr_affinity(n), (uint64_t)cpu_start, n) ==
		      PSCI_INVALID_PARAMETERS,
	      "one more is no CPU");
	for (unsigned i = 1; i < n; i++) {
		while (!cpu_seen[i]) /* bit 31 of MPIDR_EL1 is always one */
			;
		check((cpu_seen[i] & MPIDR_AFFINITY) == mpidr_affinity(i), "a CPU's affinity");
	}
	put("CPUs: ");
	put_decimal(n);
	put_char('\n');
	end(0);
}
