/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which sizes of pages a CPU can translate.
 * Source: Arm ARM (DDI 0487), ID_AA64MMFR0_EL1: TGran4, TGran64, TGran16.
 */
#ifndef ARCH_AARCH64_GRANULE_H
#define ARCH_AARCH64_GRANULE_H

#include <stdbool.h>
#include <stdint.h>

/* @page_bytes: 4096, 16384 or 65536. */
static inline bool granule_is_there(uint64_t id_aa64mmfr0, uint32_t page_bytes)
{
	unsigned tgran4 = id_aa64mmfr0 >> 28 & 0xf, tgran64 = id_aa64mmfr0 >> 24 & 0xf;
	unsigned tgran16 = id_aa64mmfr0 >> 20 & 0xf;

	if (page_bytes == 16384)
		return tgran16 != 0; /* an unsigned field: 0 is "not supported" */
	/* Signed fields: negative is "not supported". */
	return page_bytes == 4096 ? tgran4 < 8 : tgran64 < 8;
}

#endif
