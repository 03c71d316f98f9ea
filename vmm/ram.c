/* SPDX-License-Identifier: BSD-3-Clause */
/* Guest RAM: see ram.h. */
#include "vmm/ram.h"

#include "arch/arch.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

static int map_range(struct gmem *mem, gpa_t base, uint64_t size, struct err *e)
{
	void *host = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (host == MAP_FAILED)
		return err_set(e, "--memory: cannot map %llu MiB of guest RAM: %s",
			       (unsigned long long)(size >> 20), strerror(errno));
	if (gmem_add(mem, base, size, host, e)) {
		munmap(host, size);
		return -1;
	}
	return 0;
}

int ram_map(uint64_t bytes, struct gmem *mem, struct err *e)
{
	gpa_t base[GMEM_MAX_RANGES];
	uint64_t size[GMEM_MAX_RANGES];
	unsigned n = arch_mem_layout(bytes, base, size);

	mem->n = 0;
	for (unsigned i = 0; i < n; i++)
		if (map_range(mem, base[i], size[i], e)) {
			ram_unmap(mem);
			return -1;
		}
	return 0;
}

void ram_unmap(struct gmem *mem)
{
	for (unsigned i = 0; i < mem->n; i++)
		munmap(mem->range[i].host, mem->range[i].size);
	mem->n = 0;
}
