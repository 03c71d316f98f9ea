/* SPDX-License-Identifier: BSD-3-Clause */
/* Echoes what comes in on COM1, without interrupts, until a q. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	mov $(COM1 + UART_MCR), %edx
	mov $MCR_DTR_RTS, %eax /* with RTS raised, the other side may send */
	out %al, %dx
	say "echo: type, q ends"
1:	mov $(COM1 + UART_LSR), %edx
	in %dx, %al
	test $LSR_DR, %al
	jz 1b
	mov $(COM1 + UART_RBR), %edx
	in %dx, %al
	movzbl %al, %ebx
	mov %ebx, %edi
	call put_char
	cmp $'q', %ebx
	jne 1b
	mov $'\n', %edi
	call put_char
	end_with 0

	.section .note.GNU-stack, "", @progbits
