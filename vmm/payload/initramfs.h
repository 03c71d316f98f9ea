/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The guest's initrd: the files of --initrd one after another, then the program of --init.
 */
#ifndef VMM_PAYLOAD_INITRAMFS_H
#define VMM_PAYLOAD_INITRAMFS_H

#include "loader/blob.h"
#include "loader/err.h"

#include <stdbool.h>

/* The program of --init, and its arguments. Borrowed. */
struct init_program {
	struct blob file; /* size 0: none */
	const char *const *args;
	unsigned n_args;
};

enum { INIT_ARGS_MAX = 512, INIT_ARGS_BYTES = 32 << 10 }; /* guest/init/init.c takes no more */

struct initramfs {
	struct blob bytes; /* size 0: none */
	bool mapped;       /* @bytes is memory of its own; else it is the only initrd, borrowed */
};

/*
 * Concatenates @n initrds, each a cpio archive, compressed or not. If @init has a file, one more
 * archive follows: dev/console, the file as minivmm/init, its arguments (each with its NUL) as
 * minivmm/args, and guest_init() as init. Linux lets later files replace earlier ones of the same
 * name, so this /init wins. A single initrd is borrowed, not copied. After success, the caller
 * frees
 * @out while the initrds still exist. Errors: @init is neither an ELF file nor begins with #!; it
 * is larger than cpio's 4 GiB - 1; more than INIT_ARGS_MAX arguments, or more than INIT_ARGS_BYTES
 * bytes of them; no memory.
 */
int initramfs_build(const struct blob *initrds, unsigned n, const struct init_program *init,
		    struct initramfs *out, struct err *e);
void initramfs_free(struct initramfs *fs);

#endif
