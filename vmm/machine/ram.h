/* SPDX-License-Identifier: BSD-3-Clause */
/* The guest's RAM, which is memory of this process. */
#ifndef VMM_MACHINE_RAM_H
#define VMM_MACHINE_RAM_H

#include "loader/err.h"
#include "loader/gmem.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The host's memory (sysinfo(2)); all 0: not known. The limit of a cgroup is not considered: it may
 * be raised while a guest runs, and those of outer containers are not visible.
 */
struct host_memory {
	uint64_t ram_bytes, swap_bytes;
};
struct host_memory ram_of_host(void);

/*
 * Checks a guest RAM of @bytes. Errors: it is larger than the host's RAM and swap together, unless
 * @overcommit allows that; the memory that KVM itself needs for it would endanger the host.
 */
int ram_check(uint64_t bytes, bool overcommit, struct err *e);

/*
 * Maps anonymous memory for @bytes of guest RAM, in the architecture's layout. Pages cost nothing
 * until they are touched; huge pages are requested. Error: no address space or memory.
 */
int ram_map(uint64_t bytes, struct gmem *mem, struct err *e);
void ram_unmap(struct gmem *mem);

#endif
