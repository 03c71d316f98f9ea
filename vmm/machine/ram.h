/* SPDX-License-Identifier: BSD-3-Clause */
/* Host memory that is the guest's RAM. */
#ifndef VMM_MACHINE_RAM_H
#define VMM_MACHINE_RAM_H

#include "loader/err.h"
#include "loader/gmem.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * What the host has (sysinfo(2)); all 0: it does not say. A cgroup's limit is not in it: it may be
 * raised while a guest runs, and those of outer containers cannot be seen.
 */
struct host_memory {
	uint64_t ram_bytes, swap_bytes;
};
struct host_memory ram_of_host(void);

/*
 * Errors: @bytes of guest RAM are more than the host could ever give, unless that is allowed by
 * @overcommit; what KVM itself needs for them would put the host in danger.
 */
int ram_check(uint64_t bytes, bool overcommit, struct err *e);

/*
 * Maps anonymous memory for @bytes of guest RAM, laid out by the architecture. Pages cost nothing
 * until they are touched; the host is asked for huge ones. Error: no address space or memory.
 */
int ram_map(uint64_t bytes, struct gmem *mem, struct err *e);
void ram_unmap(struct gmem *mem);

#endif
