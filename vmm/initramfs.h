/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the guest gets as initrd: the files of --initrd one after another, and --init's program.
 */
#ifndef VMM_INITRAMFS_H
#define VMM_INITRAMFS_H

#include "loader/blob.h"
#include "loader/err.h"

#include <stdbool.h>

/* What --init says. Borrowed. */
struct init_program {
	struct blob file; /* size 0: none */
	const char *const *args;
	unsigned n_args;
};

enum { INIT_ARGS_MAX = 512, INIT_ARGS_BYTES = 32 << 10 }; /* arch/init/init.c takes no more */

struct initramfs {
	struct blob bytes; /* size 0: none */
	bool mapped;       /* memory of its own; else @bytes is the one initrd, borrowed */
};

/*
 * Puts together @n initrds (each an uncompressed cpio, or a compressed one) and, unless @init has
 * no file, an archive with dev/console, that file as minivmm/init, its arguments, each with its
 * NUL, as minivmm/args and embedded_init() as init. What comes later replaces files of the
 * same name: this /init wins. One initrd alone stays where it is. @out is to be freed in every case
 * of success, while the initrds exist. Errors: @init is neither an ELF file nor starts with #!; it
 * is larger than cpio's 4 GiB - 1; more than INIT_ARGS_MAX arguments or INIT_ARGS_BYTES of them; no
 * memory.
 */
int initramfs_build(const struct blob *initrds, unsigned n, const struct init_program *init,
		    struct initramfs *out, struct err *e);
void initramfs_free(struct initramfs *fs);

#endif
