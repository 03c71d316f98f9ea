/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writes into the guest's memory, beside the kernel, what its boot protocol requires. Needs no KVM:
 * a dry run ends here.
 */
#ifndef VMM_MACHINE_LOAD_H
#define VMM_MACHINE_LOAD_H

#include "arch/board.h"
#include "vmm/machine/machine_config.h"
#include "vmm/payload/payload.h"

/* What was written to the guest's memory, and how the kernel is entered. */
struct loaded {
	struct image image;
	struct boot boot;
};

/*
 * Writes what the boot protocol requires for the kernel that payload_load() has put into @mem and
 * described in loaded->image, and for the machine of @cfg, whose interrupt controllers are
 * @irqchip. Errors: those of the board's boot_write(), with the option.
 */
int load_boot(const struct payload *payload, const struct machine_config *cfg, enum irqchip irqchip,
	      const struct gmem *mem, struct loaded *loaded, struct err *e);

/* Writes the guest's device tree to @path. Error: the file cannot be written. */
int load_dump_dtb(const struct gmem *mem, const struct loaded *loaded, const char *path,
		  struct err *e);

#endif
