/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The entry of the tests' guests: an arm64 Image's header, then a stack and guest_main. What the
 * boot protocol speaks of is kept in `entry_state`, struct entry_state of guest.h. Other CPUs come
 * in at cpu_start, which leaves their MPIDR in `cpu_seen`.
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
	adrp x9, entry_state
	add x9, x9, :lo12:entry_state
	stp x0, x1, [x9]
	stp x2, x3, [x9, #16]
	mrs x0, CurrentEL
	mrs x1, SCTLR_EL1
	stp x0, x1, [x9, #32]
	mrs x0, DAIF
	mrs x1, MPIDR_EL1
	stp x0, x1, [x9, #48]
	adrp x9, stack_top
	add x9, x9, :lo12:stack_top
	mov sp, x9
	bl guest_main
	mov w0, #99 /* a guest that returns is wrong */
	b end

/* x0: the CPU's number, PSCI's context_id. */
	.globl cpu_start
cpu_start:
	adrp x9, cpu_seen
	add x9, x9, :lo12:cpu_seen
	mrs x1, MPIDR_EL1
	str x1, [x9, x0, lsl #3]
	dsb sy
1:	wfi
	b 1b

	.bss
	.balign 16
	.skip 4096
stack_top:

	.section .note.GNU-stack, "", %progbits
