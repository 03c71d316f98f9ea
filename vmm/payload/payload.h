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
	struct initramfs initramfs;      /* of these; what the guest gets */
	struct initrd_check initrd_check;
};

/*
 * Opens the files and puts the initramfs together. A file other than the kernel has at most
 * @max_bytes. Errors name the option and the file: kernel_open()'s, infile_read()'s,
 * initramfs_build()'s. payload_close() is called in every case.
 */
int payload_open(struct payload *p, const struct payload_config *cfg, uint64_t max_bytes,
		 struct err *e);

/*
 * Loads the kernel into @mem, and compares the initrds with it and with the RAM. Fills *@img.
 * Errors: kernel_load()'s.
 */
int payload_load(struct payload *p, const struct gmem *mem, struct image *img, struct err *e);

/* What is known to be wrong with an initrd, which is no error: a sentence, or "". */
const char *payload_warning(const struct payload *p);

/* Closes the files, when nothing will be loaded any more; what is known of them stays. Idempotent.
 */
void payload_close(struct payload *p);

#endif
