/* SPDX-License-Identifier: BSD-3-Clause */
/* Looking up a machine's devices: see devdesc.h. */
#include "arch/devdesc.h"

#include <stddef.h>

const struct devdesc *devlist_find(struct devlist devs, enum dev_kind kind)
{
	for (unsigned i = 0; i < devs.n; i++) {
		if (devs.dev[i].kind == kind)
			return &devs.dev[i];
	}
	return NULL;
}

bool devlist_has_irq(struct devlist devs, unsigned irq)
{
	for (unsigned i = 0; i < devs.n; i++) {
		if (devs.dev[i].irq != DEV_NO_IRQ && (unsigned)devs.dev[i].irq == irq)
			return true;
	}
	return false;
}
