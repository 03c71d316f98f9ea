/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Turns the kernel's words for the cause of a failure into an enum, so that no other file compares
 * texts. Source: Linux init/do_mounts.c, init/main.c, mm/oom_kill.c, init/initramfs.c,
 * lib/decompress*.c.
 */
#ifndef VMM_WATCH_CAUSE_H
#define VMM_WATCH_CAUSE_H

/* Why it panicked. */
enum panic_cause {
	PANIC_OTHER,
	PANIC_NO_ROOT,   /* it found no root file system */
	PANIC_NO_INIT,   /* none of the default init programs exists */
	PANIC_BAD_INIT,  /* the init that the command line names does not run */
	PANIC_NO_MEMORY, /* out of memory, and no process is left to kill */
};

/* @reason: the text after "Kernel panic - not syncing: ". */
enum panic_cause panic_cause(const char *reason);

/* Why it could not unpack its initrd. */
enum unpack_cause {
	UNPACK_OTHER,
	UNPACK_NO_ROOM,        /* the files did not fit into the root file system */
	UNPACK_NO_MEMORY,      /* the decompressor ran out of memory */
	UNPACK_NOT_CONFIGURED, /* the kernel does not support this compression */
};

/* @said: the kernel's words, from boot_watch.initrd_said. */
enum unpack_cause unpack_cause(const char *said);

#endif
