/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the kernel gives as the cause of a failure, as data: what follows from it is decided
 * elsewhere, and no text is looked at twice. Source: Linux init/do_mounts.c, init/main.c,
 * mm/oom_kill.c, init/initramfs.c, lib/decompress*.c.
 */
#ifndef VMM_WATCH_CAUSE_H
#define VMM_WATCH_CAUSE_H

/* Why it panicked. */
enum panic_cause {
	PANIC_OTHER,
	PANIC_NO_ROOT,   /* it found no root file system */
	PANIC_NO_INIT,   /* there is none of the programs that are an init by default */
	PANIC_BAD_INIT,  /* the init that its command line names does not run */
	PANIC_NO_MEMORY, /* no process is left that could be killed for its memory */
};

/* @reason: what follows "Kernel panic - not syncing: ". */
enum panic_cause panic_cause(const char *reason);

/* Why it could not unpack its initrd. */
enum unpack_cause {
	UNPACK_OTHER,
	UNPACK_NO_ROOM,        /* the files did not fit into the root file system */
	UNPACK_NO_MEMORY,      /* the unpacker had not enough */
	UNPACK_NOT_CONFIGURED, /* it does not know this compression */
};

/* @said: the kernel's words, as boot_watch has them. */
enum unpack_cause unpack_cause(const char *said);

#endif
