/* SPDX-License-Identifier: BSD-3-Clause */
/* A PCI bus with nothing but its host bridge: see pci_host.h. */
#include "vmm/machine/devices/pci_host.h"

enum {
	CONFIG_ADDRESS = 0,
	CONFIG_DATA = 4,
};

#define ADDRESS_ENABLE   (1u << 31)
#define ADDRESS_FUNCTION 0x00ffff00u /* bus, device, function: 0 is the bridge */
#define ADDRESS_REGISTER 0x000000fcu

/* The bridge's configuration header in doublewords; the others are 0. */
static const uint32_t header[64] = {
	[0x00 / 4] =
		0x00081b36, /* device, vendor: QEMU's generic host bridge, which needs no quirk */
	[0x08 / 4] = 0x06000000, /* class: host bridge */
};

/* CONFIG_ADDRESS takes doublewords only: other accesses belong to other devices. */
static uint64_t pci_host_read(void *dev, uint64_t offset, unsigned size)
{
	const struct pci_host *d = dev;
	const uint64_t nothing = ~0ull;

	if (offset < CONFIG_DATA)
		return size == sizeof(d->address) ? d->address : nothing;
	if (!(d->address & ADDRESS_ENABLE) || d->address & ADDRESS_FUNCTION)
		return nothing;
	return header[(d->address & ADDRESS_REGISTER) / 4] >> (offset - CONFIG_DATA) * 8;
}

/* The header is read-only. */
static void pci_host_write(void *dev, uint64_t offset, unsigned size, uint64_t value)
{
	struct pci_host *d = dev;

	if (offset == CONFIG_ADDRESS && size == sizeof(d->address))
		d->address =
			(uint32_t)value & (ADDRESS_ENABLE | ADDRESS_FUNCTION | ADDRESS_REGISTER);
}

const struct device_ops pci_host_ops = {"pci-host", 4, pci_host_read, pci_host_write};

void pci_host_init(struct pci_host *d)
{
	d->address = 0;
}
