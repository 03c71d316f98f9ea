/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writes the guest's memory: the kernel, and what its boot protocol requires. Needs no KVM: a dry
 * run ends here.
 */
#ifndef VMM_MACHINE_LOAD_H
#define VMM_MACHINE_LOAD_H

#include "arch/arch.h"
#include "vmm/payload/payload.h"

/* What was written to the guest's memory, and how the kernel is entered. */
struct loaded {
	struct image image;
	struct boot boot;
};

/*
 * Fills @mem from @payload for the machine that @arch describes, to be entered by @proto. Errors:
 * those of payload_load() and arch_boot_write().
 */
int load_guest(struct payload *payload, enum boot_proto proto, const struct arch_vm *arch,
	       const struct gmem *mem, struct loaded *loaded, struct err *e);

/* Writes the guest's device tree to @path. Error: the file cannot be written. */
int load_dump_dtb(const struct gmem *mem, const struct loaded *loaded, const char *path,
		  struct err *e);

#endif
