/* SPDX-License-Identifier: BSD-3-Clause */
/* Host memory that is the guest's RAM. */
#ifndef VMM_RAM_H
#define VMM_RAM_H

#include "loader/err.h"
#include "loader/gmem.h"

/*
 * Maps anonymous memory for @bytes of guest RAM, laid out by the architecture. Pages cost nothing
 * until they are touched; the host is asked for huge ones. Error: no address space or memory.
 */
int ram_map(uint64_t bytes, struct gmem *mem, struct err *e);
void ram_unmap(struct gmem *mem);

#endif
