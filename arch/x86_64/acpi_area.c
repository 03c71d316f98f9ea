/* SPDX-License-Identifier: BSD-3-Clause */
/* Where ACPI tables are put: see acpi_area.h. */
#include "arch/x86_64/acpi_area.h"

#include "arch/x86_64/checksum.h"

#include <string.h>

size_t acpi_area_next(struct acpi_area *area)
{
	area->used = (area->used + ACPI_TABLE_ALIGNMENT - 1) & ~(size_t)(ACPI_TABLE_ALIGNMENT - 1);
	return area->used;
}

void acpi_area_put(struct acpi_area *area, const void *src, size_t len)
{
	if (area->overflow || len > acpi_area_room(area)) {
		area->overflow = true;
		return;
	}
	memcpy(area->bytes + area->used, src, len);
	area->used += len;
}

struct acpi_header acpi_area_header(const char *signature, uint8_t revision)
{
	struct acpi_header h = {
		.revision = revision,
		.oem_id = {'M', 'I', 'N', 'I', 'V', 'M'},
		.oem_table_id = {'M', 'I', 'C', 'R', 'O', '-', 'V', 'M'},
		.oem_revision = 1,
		.creator_id = {'M', 'V', 'M', 'M'},
		.creator_revision = 1,
	};
	memcpy(h.signature, signature, sizeof(h.signature));
	return h;
}

gpa_t acpi_area_finish(struct acpi_area *area, size_t start)
{
	struct acpi_header h;
	uint8_t *table = area->bytes + start;

	if (area->overflow)
		return 0;
	memcpy(&h, table, sizeof(h));
	h.length = (uint32_t)(area->used - start);
	memcpy(table, &h, sizeof(h));
	h.checksum = table_checksum(table, h.length);
	memcpy(table, &h, sizeof(h));
	return X86_ACPI_GPA + start;
}
