/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The progress of the boot, from what the kernel and minivmm's own /init print on the console.
 * Source: Linux init/version-timestamp.c (linux_banner), init/main.c (run_init_process),
 * init/initramfs.c (do_populate_rootfs, unpack_to_rootfs).
 */
#ifndef VMM_WATCH_BOOT_H
#define VMM_WATCH_BOOT_H

#include <stdint.h>

enum { BOOT_LINE_BYTES = 256 };

/* All zero: nothing was seen. */
struct boot_watch {
	uint64_t version_ns, init_ns; /* when, CLOCK_MONOTONIC; 0: not seen */
	char banner[BOOT_LINE_BYTES]; /* "Linux version ...", printable ASCII, cut; "": not seen */
	char initrd_said[BOOT_LINE_BYTES]; /* why the kernel could not unpack its initrd; "" */
	char init_said[BOOT_LINE_BYTES];   /* the last message of --init's PID 1; "": none */
};

/* Takes a whole line, which came at @now_ns. */
void boot_watch_line(struct boot_watch *b, const char *line, uint64_t now_ns);

#endif
