/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An ELF32 guest: 32-bit code from its PVH entry to its end. It has no start.S, for that is 64-bit.
 * Sources: Xen docs/misc/pvh.pandoc; xen/include/public/arch-x86/hvm/start_info.h.
 */
#include "guest.inc"

#define START_MAGIC 0x336ec578
#define CMDLINE     24 /* in hvm_start_info */

	.section .note.Xen, "a", @note
	.balign 4
	.long 4, 4, 18 /* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz "Xen"
	.long pvh_start

	.text
	.code32
	.globl _start
_start: /* what an ELF needs; nobody enters here */
	ud2

pvh_start:
	mov $stack_top, %esp
	cmpl $START_MAGIC, (%ebx)
	jne bad
	mov %cr0, %eax
	test $(1 << 31), %eax /* PG */
	jnz bad
	cmpl $0x12345678, data
	jne bad
	cmpl $0, zeros
	jne bad
	mov $success, %esi
	call print
	mov CMDLINE(%ebx), %esi
	call print
	mov $newline, %esi
	call print
	xor %eax, %eax
	jmp end

bad:	mov $failure, %esi
	call print
	mov $1, %eax
end:	out %al, $EXIT_PORT
1:	cli
	hlt
	jmp 1b

/* ESI: a string. Keeps EBX. */
print:	lodsb
	test %al, %al
	jz 2f
	mov %al, %cl
	mov $(COM1 + UART_LSR), %edx
1:	in %dx, %al
	test $LSR_THRE, %al
	jz 1b
	mov %cl, %al
	mov $(COM1 + UART_THR), %edx
	out %al, %dx
	jmp print
2:	ret

	.section .rodata
success:
	.asciz "SUCCESS: "
failure:
	.asciz "FAIL: entry state, data or bss\n"
newline:
	.asciz "\n"

	.data
data:	.long 0x12345678

	.bss
zeros:	.skip 4096
stack_top:

	.section .note.GNU-stack, "", @progbits
