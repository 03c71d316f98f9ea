/* SPDX-License-Identifier: BSD-3-Clause */
/* Prints what came in on COM1 up to a q, without interrupts: a break as "<break>". */
#include "guest.inc"

#define MAX   64
#define BREAK 0x80

	.text
	.globl guest_main
guest_main:
	say "break: type, q ends"
	mov $(COM1 + UART_MCR), %edx
	mov $MCR_DTR_RTS, %eax /* with RTS raised, the other side may send */
	out %al, %dx

	/* Nothing is printed before the end: put_char reads LSR, which clears LSR.BI. */
	mov $got, %ebx
1:	mov $(COM1 + UART_LSR), %edx
	in %dx, %al
	test $LSR_DR, %al
	jz 1b
	mov %eax, %r12d
	mov $(COM1 + UART_RBR), %edx
	in %dx, %al
	test $LSR_BI, %r12b
	jz 2f
	test %al, %al
	check z, "a break came with a character"
	mov $BREAK, %al
2:	mov %al, (%rbx)
	inc %ebx
	cmp $'q', %al
	je 3f
	cmp $(got + MAX), %ebx
	jne 1b

3:	mov $got, %ebp
4:	movzbl (%rbp), %edi
	cmp $BREAK, %edi
	je 5f
	call put_char
	jmp 6f
5:	put "<break>"
6:	inc %ebp
	cmp %ebx, %ebp
	jne 4b
	mov $'\n', %edi
	call put_char
	end_with 0

	.bss
got:	.skip MAX

	.section .note.GNU-stack, "", @progbits
