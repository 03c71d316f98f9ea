/* SPDX-License-Identifier: BSD-3-Clause */
/* Code at the legacy reset vector: see firmware.h. */
#include "arch/x86_64/firmware.h"

#include "arch/acpi_pm.h"
#include "arch/x86_64/layout.h"

int firmware_write(const struct gmem *mem, struct devlist devs, struct err *e)
{
	const struct devdesc *pm = devlist_find(devs, DEV_ACPI_PM);

	if (!pm || pm->space != DEV_PIO || pm->base > 0xffff - ACPI_PM_RESET)
		return err_set(e, "reset vector: the machine has no ACPI PM ports");
	uint16_t port = (uint16_t)(pm->base + ACPI_PM_RESET);
	const uint8_t low = (uint8_t)port, high = (uint8_t)(port >> 8);
	/* clang-format off */
	const uint8_t code[] = {
		0xba, low, high,          /* mov dx, port */
		0xb0, ACPI_PM_RESET_VALUE, /* mov al, value */
		0xee,                     /* out dx, al */
		0xf4,                     /* hlt */
		0xeb, 0xfd,               /* jmp to the hlt */
	};
	/* clang-format on */
	_Static_assert(sizeof(code) <= X86_RESET_VECTOR_BYTES, "it ends where the first MiB does");
	return gmem_write(mem, X86_RESET_VECTOR_GPA, code, sizeof(code), "reset vector", e);
}
