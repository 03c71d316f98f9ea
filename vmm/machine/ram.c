/* SPDX-License-Identifier: BSD-3-Clause */
/* Guest RAM: see ram.h. */
#include "vmm/machine/ram.h"

#include "arch/arch.h"
#include "arch/board.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>

static const uint64_t huge_bytes = 2 << 20;

#define PAGE_BYTES 4096u

struct host_memory ram_of_host(void)
{
	struct sysinfo info;

	if (sysinfo(&info))
		return (struct host_memory){0};
	return (struct host_memory){(uint64_t)info.totalram * info.mem_unit,
				    (uint64_t)info.totalswap * info.mem_unit};
}

static void *map_anonymous(uint64_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		    -1, 0);
}

/*
 * Maps at a multiple of huge_bytes, as the guest addresses are. Only then can KVM map a huge page
 * of the host as one page of the guest. Linux aligns large mappings by itself since 6.7.
 */
static void *map_aligned(uint64_t size)
{
	uint8_t *host = map_anonymous(size);
	uint64_t over = (uintptr_t)host & (huge_bytes - 1);

	if (host == MAP_FAILED || !over || size < huge_bytes)
		return host;
	munmap(host, size);
	host = map_anonymous(size + huge_bytes);
	if (host == MAP_FAILED)
		return host;
	over = -(uintptr_t)host & (huge_bytes - 1);
	if (over)
		munmap(host, over);
	munmap(host + over + size, huge_bytes - over);
	return host + over;
}

int ram_check(uint64_t bytes, bool overcommit, struct err *e)
{
	struct host_memory host = ram_of_host();
	uint64_t tables = bytes / PAGE_BYTES * arch_kvm_bytes_per_page;

	if (!host.ram_bytes)
		return 0;
	if (!overcommit && bytes > host.ram_bytes + host.swap_bytes)
		return err_set(e,
			       "%" PRIu64 " MiB, but this host has %" PRIu64
			       " MiB of RAM and swap; "
			       "--overcommit lets it be more",
			       bytes >> 20, (host.ram_bytes + host.swap_bytes) >> 20);
	if (tables > host.ram_bytes / 4)
		return err_set(e,
			       "%" PRIu64 " MiB, for which KVM may need %" PRIu64
			       " MiB of its own, "
			       "more than a quarter of this host's RAM (%" PRIu64 " MiB)",
			       bytes >> 20, tables >> 20, host.ram_bytes >> 20);
	return 0;
}

static int map_range(struct gmem *mem, gpa_t base, uint64_t size, struct err *e)
{
	void *host = map_aligned(size);

	if (host == MAP_FAILED)
		return err_set(e, "--memory: cannot map %llu MiB of guest RAM: %s",
			       (unsigned long long)(size >> 20), strerror(errno));
	if (gmem_add(mem, base, size, host, e)) {
		munmap(host, size);
		return -1;
	}
	/* A hint: without huge pages, everything works with some hundred times more page faults. */
	(void)madvise(host, size, MADV_HUGEPAGE);
	return 0;
}

int ram_map(uint64_t bytes, struct gmem *mem, struct err *e)
{
	gpa_t base[GMEM_MAX_RANGES];
	uint64_t size[GMEM_MAX_RANGES];
	unsigned n = board_native->ram_layout(bytes, base, size);

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
