/* SPDX-License-Identifier: BSD-3-Clause */
/* Writes the guest's memory: see load.h. */
#include "vmm/machine/load.h"

#include "vmm/base/file.h"

int load_guest(struct payload *payload, enum boot_proto proto, const struct arch_vm *arch,
	       const struct gmem *mem, struct loaded *loaded, struct err *e)
{
	const struct boot_wish wish = {
		.proto = proto,
		.cmdline = payload->kernel.cmdline,
		.initrd = payload->initramfs.bytes,
		.dtb = payload->dtb,
	};

	if (payload_load(payload, mem, &loaded->image, e))
		return -1;
	return arch_boot_write(arch, mem, &loaded->image, &wish, &loaded->boot, e);
}

int load_dump_dtb(const struct gmem *mem, const struct loaded *loaded, const char *path,
		  struct err *e)
{
	const struct boot *boot = &loaded->boot;
	struct blob dtb = {gmem_at(mem, boot->arg, boot->dtb_bytes), boot->dtb_bytes};

	return file_write(path, dtb, e) ? err_context(e, "--dump-dtb") : 0;
}
