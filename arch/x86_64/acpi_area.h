/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The guest memory that ACPI tables fill, one after the other.
 * Source: ACPI 6.5, 5.2.6 (the header that tables start with).
 */
#ifndef ARCH_X86_64_ACPI_AREA_H
#define ARCH_X86_64_ACPI_AREA_H

#include "arch/x86_64/acpi_tables.h"
#include "arch/x86_64/layout.h"
#include "loader/gmem.h"

#include <stdbool.h>

enum { ACPI_TABLE_ALIGNMENT = 16 };

struct acpi_area {
	uint8_t *bytes; /* X86_ACPI_BYTES at X86_ACPI_GPA, the guest's */
	size_t used;
	bool overflow; /* something did not fit: the contents are useless */
};

/* Where the next table goes, as an offset. */
size_t acpi_area_next(struct acpi_area *area);

/* Bytes that are left. */
static inline size_t acpi_area_room(const struct acpi_area *area)
{
	return X86_ACPI_BYTES - area->used;
}

/* Adds @len bytes, or sets @overflow. */
void acpi_area_put(struct acpi_area *area, const void *src, size_t len);

/* A table's header but for length and checksum. @signature: 4 characters. */
struct acpi_header acpi_area_header(const char *signature, uint8_t revision);

/*
 * Completes the table that begins at @start and ends where the area is filled to: sets its length
 * and checksum. Returns its address; 0 after an overflow.
 */
gpa_t acpi_area_finish(struct acpi_area *area, size_t start);

#endif
