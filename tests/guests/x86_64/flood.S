/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbered lines: `lines=N` of them, else for ever. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	mov $word, %edi
	call find_number
	mov %rax, %r12 /* -1: so many that it is for ever */
	xor %ebx, %ebx
1:	cmp %r12, %rbx
	je 2f
	put "flood "
	mov %rbx, %rdi
	call put_decimal
	say " abcdefghijklmnopqrstuvwxyz0123456789"
	inc %rbx
	jmp 1b
2:	end_with 0

	.section .rodata
word:	.asciz "lines="

	.section .note.GNU-stack, "", @progbits
