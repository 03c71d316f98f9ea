/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the guest's /init needs of x86_64: system calls (Linux arch/x86/entry/syscalls/
 * syscall_64.tbl), its entry, the exit device.
 */
#ifndef GUEST_INIT_X86_64_MACHINE_H
#define GUEST_INIT_X86_64_MACHINE_H

#include "arch/x86_64/layout.h"

enum {
	NR_read = 0,
	NR_write = 1,
	NR_close = 3,
	NR_rt_sigprocmask = 14,
	NR_ioctl = 16,
	NR_getpid = 39,
	NR_clone = 56,
	NR_execve = 59,
	NR_exit = 60,
	NR_wait4 = 61,
	NR_setpgid = 109,
	NR_setsid = 112,
	NR_sync = 162,
	NR_mount = 165,
	NR_reboot = 169,
	NR_ioperm = 173,
	NR_openat = 257,
	NR_mkdirat = 258,
	NR_dup3 = 292,
};

static long sys(long nr, long a, long b, long c, long d, long f)
{
	long ret;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = f;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "0"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory");
	return ret;
}

/* Returns only where there is no exit device, or no permission to use it. */
static void exit_device(int status)
{
	if (!sys(NR_ioperm, X86_EXIT_PORT, 1, 1, 0, 0))
		__asm__ volatile("outb %b0, %w1"
				 :
				 : "a"(status), "Nd"((unsigned short)X86_EXIT_PORT));
}

__asm__(".globl _start\n"
	"_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call start_c\n");

#endif
