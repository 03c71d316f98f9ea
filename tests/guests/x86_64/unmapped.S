/* SPDX-License-Identifier: BSD-3-Clause */
/* Addresses without a device read as all ones and ignore writes. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	mov $0xd0000000, %ebx
	cmpb $-1, (%rbx)
	check e, "MMIO, 1 byte"
	cmpw $-1, 2(%rbx)
	check e, "MMIO, 2 bytes"
	cmpl $-1, 4(%rbx)
	check e, "MMIO, 4 bytes"
	cmpq $-1, 8(%rbx)
	check e, "MMIO, 8 bytes"
	movl $0x12345678, (%rbx)
	cmpl $-1, (%rbx)
	check e, "MMIO after a write"

	mov $0x1234, %edx
	xor %eax, %eax
	in %dx, %al
	cmp $0xff, %eax
	check e, "port, 1 byte"
	xor %eax, %eax
	in %dx, %ax
	cmp $0xffff, %eax
	check e, "port, 2 bytes"
	xor %eax, %eax
	in %dx, %eax
	cmp $-1, %eax
	check e, "port, 4 bytes"
	mov $0x5a, %eax
	out %al, %dx
	out %eax, %dx
	in %dx, %al
	cmp $0xff, %al
	check e, "port after a write"
	say "SUCCESS"
	end_with 0

	.section .note.GNU-stack, "", @progbits
