/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a kernel may lie on minivmm's x86_64 board: where nothing else is written for a boot. */
#ifndef ARCH_X86_64_PLACE_H
#define ARCH_X86_64_PLACE_H

#include "loader/image.h"

MINIVMM_BEGIN

/*
 * For image_load_at(): a kernel whose place can be chosen lies at X86_HIGH_MEMORY_GPA or above. An
 * ELF may also lie lower, where no builder writes, under either protocol, and the memory map has
 * RAM; or in [X86_FREE_GPA, X86_HIGH_MEMORY_GPA), for a linker that is told to put the text at 1
 * MiB puts the ELF headers there.
 */
extern const struct image_placement x86_kernel_place;

MINIVMM_END

#endif
