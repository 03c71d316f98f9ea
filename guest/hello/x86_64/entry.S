/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The embedded guest's two entries, as a kernel has them. Both end in guest_main(protocol, arg).
 *
 * PVH (Xen docs/misc/pvh.pandoc): 32-bit protected mode without paging, flat segments, EBX is the
 * physical address of hvm_start_info. The note below tells where it is.
 * 64-bit Linux boot protocol (boot.rst): long mode, identity-mapped, RSI is the physical address
 * of struct boot_params. That is e_entry.
 */
#define XEN_ELFNOTE_PHYS32_ENTRY 18

#define CR0_PG   (1 << 31)
#define CR4_PAE  (1 << 5)
#define MSR_EFER 0xc0000080
#define EFER_LME (1 << 8)

#define PAGE_P_RW    0x03 /* present, writable */
#define PAGE_P_RW_PS 0x83 /* and a large page: 2 MiB */

#define CODE64 0x08 /* selectors of the gdt below */
#define DATA   0x10

	.section .note.Xen, "a", @note
	.balign 4
	.long 2f - 1f /* name's size */
	.long 4f - 3f /* descriptor's size */
	.long XEN_ELFNOTE_PHYS32_ENTRY
1:	.asciz "Xen"
2:	.balign 4
3:	.long pvh_start
4:

	.text
	.code32
pvh_start:
	cld
	mov $stack_top, %esp

	/* 2048 entries in four page directories, 2 MiB each: 4 GiB. The bss is zero. */
	mov $page_directories, %edi
	mov $PAGE_P_RW_PS, %eax
	mov $2048, %ecx
1:	mov %eax, (%edi)
	add $0x200000, %eax
	add $8, %edi
	dec %ecx
	jnz 1b
	movl $(page_directories + 0x0000 + PAGE_P_RW), pdpt
	movl $(page_directories + 0x1000 + PAGE_P_RW), pdpt + 8
	movl $(page_directories + 0x2000 + PAGE_P_RW), pdpt + 16
	movl $(page_directories + 0x3000 + PAGE_P_RW), pdpt + 24
	movl $(pdpt + PAGE_P_RW), pml4

	/* Long mode: PAE, the tables, LME, then paging switches it on (SDM volume 3, 9.8.5). */
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
	ljmp $CODE64, $1f

	.code64
1:	mov $DATA, %eax
	mov %eax, %ds
	mov %eax, %es
	mov %eax, %ss
	xor %edi, %edi /* PROTOCOL_PVH */
	mov %ebx, %esi
	call guest_main

	.globl _start
_start:
	cli
	cld
	mov $stack_top, %esp
	mov $1, %edi /* PROTOCOL_LINUX64; RSI is there already */
	call guest_main

	.section .rodata
	.balign 8
gdt:	.quad 0
	.quad 0x00af9b000000ffff /* CODE64 */
	.quad 0x00cf93000000ffff /* DATA */
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

	.section .note.GNU-stack, "", @progbits
