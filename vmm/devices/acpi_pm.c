/* SPDX-License-Identifier: BSD-3-Clause */
/* ACPI sleep and reset registers: see acpi_pm.h. */
#include "vmm/devices/acpi_pm.h"

enum { PM_SLEEP_CONTROL = 0, PM_SLEEP_STATUS = 1, PM_RESET = 2 };

#define SLP_EN       (1u << 5)
#define SLP_TYP(reg) (((reg) >> 2) & 7u)

static uint64_t acpi_pm_read(void *dev, uint64_t offset, unsigned size)
{
	(void)dev;
	(void)offset;
	(void)size;
	return 0; /* WAK_STS is never set: nothing here sleeps and wakes */
}

static void acpi_pm_write(void *dev, uint64_t offset, unsigned size, uint64_t value)
{
	struct acpi_pm *d = dev;

	(void)size;
	if (offset == PM_SLEEP_CONTROL && (value & SLP_EN) && SLP_TYP(value) == d->slp_typ_s5)
		d->events.raise(d->events.opaque, EVENT_POWER_OFF, 0);
	else if (offset == PM_RESET && value == d->reset_value)
		d->events.raise(d->events.opaque, EVENT_RESET, 0);
}

const struct device_ops acpi_pm_ops = {"acpi-pm", 1, acpi_pm_read, acpi_pm_write};

void acpi_pm_init(struct acpi_pm *d, uint8_t slp_typ_s5, uint8_t reset_value,
		  struct event_line events)
{
	d->slp_typ_s5 = slp_typ_s5;
	d->reset_value = reset_value;
	d->events = events;
}
