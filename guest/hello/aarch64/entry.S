/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The embedded guest's header and entry, as an arm64 kernel has them (Linux Documentation/arch/
 * arm64/booting.rst): MMU off, x0 is the physical address of the device tree.
 */
	.section .head, "ax"
	.globl _start
_start:
	b enter
	.long 0
	.quad 0          /* text_offset */
	.quad image_size /* from the linker script */
	.quad 1 << 3     /* flags: little-endian, any place in memory */
	.quad 0, 0, 0
	.ascii "ARM\x64"
	.long 0

enter:
	adrp x1, stack_top
	add x1, x1, :lo12:stack_top
	mov sp, x1
	bl guest_main

	.bss
	.balign 16
	.skip 4096
stack_top:

	.section .note.GNU-stack, "", %progbits
