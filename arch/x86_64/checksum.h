/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The checksum of firmware tables: all bytes add up to 0 modulo 256.
 * Source: ACPI 6.5, 5.2.6; MultiProcessor Specification 1.4, 4.1.
 */
#ifndef ARCH_X86_64_CHECKSUM_H
#define ARCH_X86_64_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* What the checksum field, still 0 in @data, must become. */
static inline uint8_t table_checksum(const void *data, size_t len)
{
	const uint8_t *bytes = data;
	uint8_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum = (uint8_t)(sum + bytes[i]);
	return (uint8_t)-sum;
}

#endif
