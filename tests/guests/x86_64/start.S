/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How every test guest starts, by the PVH entry or the 64-bit Linux entry, and the functions that
 * guest.inc names. guest/hello/x86_64/entry.S is the same without the record of the entry's state,
 * and explains more.
 */
#include "guest.inc"

#define CR0_PG   (1 << 31)
#define CR4_PAE  (1 << 5)
#define MSR_EFER 0xc0000080
#define EFER_LME (1 << 8)

#define PVH_CMDLINE    24 /* in hvm_start_info */
#define LINUX_CMD_LINE 0x228 /* in boot_params */

	.section .note.Xen, "a", @note
	.balign 4
	.long 4, 4, 18 /* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz "Xen"
	.long pvh_start

/* The same instructions in both modes; \a is the accumulator as wide as the control registers. */
.macro save_state a
	mov %cr0, %\a
	mov %eax, entry_state + ENTRY_CR0
	mov %cr3, %\a
	mov %eax, entry_state + ENTRY_CR3
	mov %cr4, %\a
	mov %eax, entry_state + ENTRY_CR4
	mov %cs, %eax
	mov %eax, entry_state + ENTRY_CS
	mov %ds, %eax
	mov %eax, entry_state + ENTRY_DS
	mov %es, %eax
	mov %eax, entry_state + ENTRY_ES
	mov %ss, %eax
	mov %eax, entry_state + ENTRY_SS
	mov $stack_top, %esp
	pushf
	pop %\a
	mov %eax, entry_state + ENTRY_EFLAGS
	mov $MSR_EFER, %ecx
	rdmsr
	mov %eax, entry_state + ENTRY_EFER
.endm

	.text
	.code32
pvh_start:
	save_state eax
	movl $1, entry_state + ENTRY_PVH
	mov %ebx, entry_state + ENTRY_ARG
	mov PVH_CMDLINE(%ebx), %eax
	mov %eax, cmdline

	cld
	mov $page_directories, %edi
	mov $0x83, %eax /* present, writable, 2 MiB */
	mov $2048, %ecx
1:	mov %eax, (%edi)
	add $0x200000, %eax
	add $8, %edi
	dec %ecx
	jnz 1b
	movl $(page_directories + 0x0003), pdpt
	movl $(page_directories + 0x1003), pdpt + 8
	movl $(page_directories + 0x2003), pdpt + 16
	movl $(page_directories + 0x3003), pdpt + 24
	movl $(pdpt + 3), pml4

	mov %cr4, %eax
	or $CR4_PAE, %eax
	mov %eax, %cr4
	mov $pml4, %eax
	mov %eax, %cr3
	mov $MSR_EFER, %ecx
	rdmsr
	or $EFER_LME, %eax
	wrmsr
	mov %cr0, %eax
	or $CR0_PG, %eax
	mov %eax, %cr0
	lgdt gdt_register
	ljmp $8, $1f

	.code64
1:	mov $16, %eax
	mov %eax, %ds
	mov %eax, %es
	mov %eax, %ss
	jmp run

	.globl _start
_start:
	save_state rax
	mov %esi, entry_state + ENTRY_ARG
	mov LINUX_CMD_LINE(%rsi), %eax
	mov %eax, cmdline
	cli
	cld

run:	call guest_main
	say "FAIL: guest_main returned"
	mov $99, %edi

	.globl end
end:	mov %edi, %eax
	out %al, $EXIT_PORT
1:	cli
	hlt
	jmp 1b

	.globl put_char
put_char:
	mov $(COM1 + UART_LSR), %edx
1:	in %dx, %al
	test $LSR_THRE, %al
	jz 1b
	mov $(COM1 + UART_THR), %edx
	mov %edi, %eax
	out %al, %dx
	ret

	.globl put_string
put_string:
	mov %rdi, %rsi
1:	movzbl (%rsi), %edi
	test %edi, %edi
	jz 2f
	inc %rsi
	call put_char
	jmp 1b
2:	ret

	.globl put_decimal
put_decimal:
	push %rbp
	mov %rsp, %rbp
	sub $24, %rsp /* 64 bits have at most 20 digits */
	lea -1(%rbp), %rsi
	movb $0, (%rsi)
	mov %rdi, %rax
	mov $10, %ecx
1:	xor %edx, %edx
	div %rcx
	add $'0', %edx
	dec %rsi
	mov %dl, (%rsi)
	test %rax, %rax
	jnz 1b
	mov %rsi, %rdi
	call put_string
	leave
	ret

	.globl find_number
find_number:
	mov cmdline, %esi
1:	xor %ecx, %ecx /* does the word start here? */
2:	movzbl (%rdi, %rcx), %eax
	test %eax, %eax
	jz 4f
	cmp (%rsi, %rcx), %al
	jne 3f
	inc %ecx
	jmp 2b
3:	cmpb $0, (%rsi)
	lea 1(%rsi), %rsi
	jne 1b
	mov $-1, %rax
	ret
4:	add %rcx, %rsi /* the digits */
	xor %eax, %eax
5:	movzbl (%rsi), %edx
	sub $'0', %edx
	cmp $9, %edx
	ja 6f
	lea (%rax, %rax, 4), %rax
	lea (%rdx, %rax, 2), %rax
	inc %rsi
	jmp 5b
6:	ret

	.section .rodata
	.balign 8
gdt:	.quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff
gdt_register:
	.word gdt_register - gdt - 1
	.long gdt

	.bss
	.balign 4096
pml4:	.skip 4096
pdpt:	.skip 4096
page_directories:
	.skip 4 * 4096
	.skip 4096
stack_top:
	.globl entry_state, cmdline
entry_state:
	.skip ENTRY_BYTES
cmdline:
	.skip 4

	.section .note.GNU-stack, "", @progbits
