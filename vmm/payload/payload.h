/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The user's files, opened and unwrapped: the kernel, its initramfs, its device tree, and what is
 * known about them before the guest runs. This is the front door of payload/: later stages see no
 * files.
 */
#ifndef VMM_PAYLOAD_PAYLOAD_H
#define VMM_PAYLOAD_PAYLOAD_H

#include "vmm/payload/initramfs.h"
#include "vmm/payload/initrd_check.h"
#include "vmm/payload/kernel.h"
#include "vmm/payload/payload_config.h"

/* All zero: nothing is open. */
struct payload {
	const struct payload_config *cfg; /* borrowed */
	struct kernel kernel;
	struct blob initrd[STRINGS_MAX]; /* the files of --initrd */
	struct blob init;                /* size 0: none */
	struct blob dtb;                 /* size 0: none */
	struct initramfs initramfs;      /* the guest's initrd, made of these files */
	struct initrd_check initrd_check;
};

/*
 * Opens the files and builds the initramfs. A file other than the kernel may have at most
 * @max_bytes. Errors name the option and the file: those of kernel_open(), infile_read() and
 * initramfs_build(). The caller calls payload_close() in every case.
 */
int payload_open(struct payload *p, const struct payload_config *cfg, uint64_t max_bytes,
		 struct err *e);

/*
 * Loads the kernel into @mem, and checks that the initrds suit the kernel and the RAM. Fills *@img.
 * Errors: those of kernel_load().
 */
int payload_load(struct payload *p, const struct gmem *mem, struct image *img, struct err *e);

/* A warning about an initrd that the guest will not be able to unpack: a sentence, or "". */
const char *payload_warning(const struct payload *p);

/*
 * Closes the files when nothing more will be loaded; what is known about them stays valid.
 * Idempotent.
 */
void payload_close(struct payload *p);

#endif
