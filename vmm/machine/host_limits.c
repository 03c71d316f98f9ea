/* SPDX-License-Identifier: BSD-3-Clause */
/* What the host can provide: see host_limits.h. */
#include "vmm/machine/host_limits.h"

#include "arch/arch.h"
#include "vmm/machine/ram.h"

#include <inttypes.h>

/* KVM and the host must be able to provide what a guest of this size may use. */
static int check_memory(const struct kvm *kvm, const struct machine_config *cfg, struct err *e)
{
	uint64_t bytes = cfg->memory_bytes, max;
	unsigned bits;

	if (bytes > arch_sure_ram_bytes) {
		if (arch_max_ram(kvm, &max, &bits, e))
			return -1;
		if (bytes > max)
			return err_set(e,
				       "%" PRIu64 " MiB, but guests' addresses have %u bits on "
				       "this host: at most %" PRIu64 " MiB",
				       bytes >> 20, bits, max >> 20);
	}
	return ram_check(bytes, cfg->overcommit, e);
}

int host_limits_open_kvm(struct kvm *kvm, const struct machine_config *cfg, struct err *e)
{
	const char *why;
	unsigned max;

	if (kvm_open(kvm, HOST_LIMITS_FIX, e) || kvm_need(kvm->fd, arch_needs, arch_needs_n, e))
		return -1;
	max = arch_max_cpus(kvm, &why);
	if (cfg->cpus > max)
		return err_set(
			e,
			"--cpus: %u, but this host's KVM and minivmm's machine take at most %u: %s",
			cfg->cpus, max, why);
	return check_memory(kvm, cfg, e) ? err_context(e, "--memory") : 0;
}
