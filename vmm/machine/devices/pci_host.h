/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A PCI bus with nothing but its host bridge, accessed by configuration mechanism 1. Without such a
 * mechanism, Linux prints an error in every boot.
 * Source: PCI Local Bus Specification 3.0, 3.2.2.3.2 (the mechanism) and 6.1 (the header).
 */
#ifndef VMM_MACHINE_DEVICES_PCI_HOST_H
#define VMM_MACHINE_DEVICES_PCI_HOST_H

#include "vmm/machine/devices/device.h"

struct pci_host {
	uint32_t address; /* CONFIG_ADDRESS */
};

/* Offsets: 0 to 3 CONFIG_ADDRESS, 4 to 7 CONFIG_DATA. */
extern const struct device_ops pci_host_ops;

void pci_host_init(struct pci_host *d);

#endif
