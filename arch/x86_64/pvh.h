/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * PVH: hvm_start_info with its module list and memory map.
 * Source: Xen docs/misc/pvh.pandoc, xen/include/public/arch-x86/hvm/start_info.h (version 1).
 */
#ifndef ARCH_X86_64_PVH_H
#define ARCH_X86_64_PVH_H

#include "arch/x86_64/zeropage.h"

MINIVMM_BEGIN

/*
 * Writes start_info at X86_PVH_GPA, its module list (one module when there is an initrd) and its
 * memory map behind it: all of it fits in X86_PVH_BYTES, whatever @info says. Errors: not in RAM.
 */
int pvh_write(const struct gmem *mem, const struct boot_info *info, struct err *e);

MINIVMM_END

#endif
