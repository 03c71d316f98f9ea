/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program for the guest as read-only data of the executable: EMBED_FILE, a string, lies from
 * EMBED_START to EMBED_END; the build defines the three.
 */
	.section .rodata
	.balign 16
	.globl EMBED_START, EMBED_END
EMBED_START:
	.incbin EMBED_FILE
EMBED_END:

	.section .note.GNU-stack, "", %progbits
