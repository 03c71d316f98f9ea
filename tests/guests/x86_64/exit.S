/* SPDX-License-Identifier: BSD-3-Clause */
/* `exit=N` on the command line: ends with N by the exit port; without it, 0. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	mov $word, %edi
	call find_number
	cmp $-1, %rax
	jne 1f
	xor %eax, %eax
1:	mov %rax, %rbx
	put "exit "
	mov %rbx, %rdi
	call put_decimal
	mov $'\n', %edi
	call put_char
	mov %ebx, %edi
	jmp end

	.section .rodata
word:	.asciz "exit="

	.section .note.GNU-stack, "", @progbits
