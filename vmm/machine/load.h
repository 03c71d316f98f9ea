/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writes the guest's memory: the kernel, and what its boot protocol wants. Needs no KVM: a dry run
 * ends here.
 */
#ifndef VMM_MACHINE_LOAD_H
#define VMM_MACHINE_LOAD_H

#include "arch/arch.h"
#include "vmm/payload/payload.h"

/* What lies in the guest's memory, and how it is entered. */
struct loaded {
	struct image image;
	struct boot boot;
};

/*
 * Fills @mem from @payload for a machine as @arch describes it, to be entered by @proto. Errors:
 * payload_load()'s and arch_boot_write()'s.
 */
int load_guest(struct payload *payload, enum boot_proto proto, const struct arch_vm *arch,
	       const struct gmem *mem, struct loaded *loaded, struct err *e);

/* Writes the device tree that the guest will find. Error: the file cannot be written. */
int load_dump_dtb(const struct gmem *mem, const struct loaded *loaded, const char *path,
		  struct err *e);

#endif
