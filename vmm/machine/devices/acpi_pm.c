/* SPDX-License-Identifier: BSD-3-Clause */
/* ACPI's fixed hardware: see acpi_pm.h. */
#include "vmm/machine/devices/acpi_pm.h"

enum {
	PM1_STS = 0,
	PM1_EN = 2,
	PM1_CNT = 4,
	PM1_CNT_HIGH = 5,
	PM_RESET = 6,
};

#define SCI_EN (1u << 0)

/* Bits of the high byte of the control register. */
#define SLP_EN       (1u << 5)
#define SLP_TYP(reg) (((reg) >> 2) & 7u)

static uint64_t acpi_pm_read(void *dev, uint64_t offset, unsigned size)
{
	const struct acpi_pm *d = dev;

	(void)size;
	switch (offset) {
	case PM1_EN:
	case PM1_EN + 1:
		return d->enable[offset - PM1_EN];
	case PM1_CNT:
		return SCI_EN;
	default:
		return 0; /* PM1_STS too: there are no events, and the machine never sleeps */
	}
}

static void acpi_pm_write(void *dev, uint64_t offset, unsigned size, uint64_t value)
{
	struct acpi_pm *d = dev;

	(void)size;
	switch (offset) {
	case PM1_EN:
	case PM1_EN + 1:
		d->enable[offset - PM1_EN] = (uint8_t)value;
		break;
	case PM1_CNT_HIGH:
		if ((value & SLP_EN) && SLP_TYP(value) == d->slp_typ_s5)
			d->events.raise(d->events.opaque, EVENT_POWER_OFF, 0);
		break;
	case PM_RESET:
		if (value == d->reset_value)
			d->events.raise(d->events.opaque, EVENT_RESET, 0);
		break;
	default: /* no bit of PM1_STS is ever set, and the low byte of control is constant */
		break;
	}
}

const struct device_ops acpi_pm_ops = {"acpi-pm", 1, acpi_pm_read, acpi_pm_write};

void acpi_pm_init(struct acpi_pm *d, uint8_t slp_typ_s5, uint8_t reset_value,
		  struct event_line events)
{
	*d = (struct acpi_pm){
		.slp_typ_s5 = slp_typ_s5, .reset_value = reset_value, .events = events};
}
