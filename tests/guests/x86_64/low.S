/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Linked by `ld -Ttext=0x100000` without a script: the file's headers lie in a segment of their own
 * below 1 MiB, or in one with the text. All that is there is the file's; the last bytes below
 * 1 MiB, too, where a reset vector would be.
 */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	cmpl $0x464c457f, X86_FREE_GPA
	check e, "no ELF header at 0xff000"
	cmpq $0, X86_RESET_VECTOR_GPA
	check e, "not the file's zeros at 0xffff0"
	cmpl $0x12345678, data
	check e, "data"
	cmpl $0, zeros
	check e, "bss"
	say "SUCCESS"
	end_with 0

	.data
data:	.long 0x12345678
	.bss
zeros:	.skip 8192

	.section .note.GNU-stack, "", @progbits
