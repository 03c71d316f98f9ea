/* SPDX-License-Identifier: BSD-3-Clause */
/* vmexit's part for x86_64 (Linux arch/x86/entry/syscalls/syscall_64.tbl). */
#ifndef VMEXIT_X86_64_H
#define VMEXIT_X86_64_H

#include "arch/x86_64/layout.h"

#define NR_ioctl  16
#define NR_exit   60
#define NR_ioperm 173

static long sys(long nr, long a, long b, long c)
{
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "0"(nr), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return ret;
}

/* Returns where nothing listens. */
static void exit_device_write(int status)
{
	if (sys(NR_ioperm, X86_EXIT_PORT, 1, 1))
		return;
	__asm__ volatile("outb %b0, %w1" : : "a"(status), "Nd"((unsigned short)X86_EXIT_PORT));
}

__asm__(".globl _start\n"
	"_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call start_c\n");

#endif
