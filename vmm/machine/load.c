/* SPDX-License-Identifier: BSD-3-Clause */
/* Writes the boot structures: see load.h. */
#include "vmm/machine/load.h"

#include "vmm/base/file.h"
#include "vmm/machine/refusal.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

int load_boot(const struct payload *payload, const struct machine_config *cfg, enum irqchip irqchip,
	      const struct gmem *mem, struct loaded *loaded, struct err *e)
{
	struct boot *boot = &loaded->boot;
	struct boot_seeds seeds;
	enum refusal refusal;
	const struct boot_request request = {
		.proto = cfg->boot,
		.cmdline = payload->kernel.cmdline,
		.initrd = payload->initramfs.bytes,
		.dtb = payload->dtb,
		.cpus = machine_cpus(cfg),
		.irqchip = irqchip,
		.seeds = &seeds,
	};

	if (getrandom(&seeds, sizeof(seeds), 0) != (ssize_t)sizeof(seeds))
		return err_set(e, "getrandom: %s", strerror(errno));
	if (board_native->boot_write(mem, &loaded->image, &request, boot, &refusal, e))
		return refusal_name_option(refusal, machine_boot_name(boot->proto), e);
	return 0;
}

int load_dump_dtb(const struct gmem *mem, const struct loaded *loaded, const char *path,
		  struct err *e)
{
	const struct boot *boot = &loaded->boot;
	struct blob dtb = {gmem_at(mem, boot->arg, boot->dtb_bytes), boot->dtb_bytes};

	return file_write(path, dtb, e) ? err_context(e, "--dump-dtb") : 0;
}
