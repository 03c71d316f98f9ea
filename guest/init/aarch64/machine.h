/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the guest's /init needs of aarch64: system calls (Linux include/uapi/asm-generic/unistd.h),
 * its entry, the exit device.
 */
#ifndef GUEST_INIT_AARCH64_MACHINE_H
#define GUEST_INIT_AARCH64_MACHINE_H

#include "arch/aarch64/layout.h"

enum {
	NR_dup3 = 24,
	NR_ioctl = 29,
	NR_mknodat = 33,
	NR_mkdirat = 34,
	NR_mount = 40,
	NR_openat = 56,
	NR_close = 57,
	NR_read = 63,
	NR_write = 64,
	NR_sync = 81,
	NR_exit = 93,
	NR_rt_sigprocmask = 135,
	NR_reboot = 142,
	NR_setpgid = 154,
	NR_setsid = 157,
	NR_getpid = 172,
	NR_clone = 220,
	NR_execve = 221,
	NR_mmap = 222,
	NR_wait4 = 260,
};

static long sys6(long nr, long a, long b, long c, long d, long f, long g)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = f;
	register long x5 __asm__("x5") = g;

	__asm__ volatile("svc #0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}

static long sys(long nr, long a, long b, long c, long d, long f)
{
	return sys6(nr, a, b, c, d, f, 0);
}

/*
 * The exit device's registers, through /dev/mem: no driver claims them, so that a kernel with
 * CONFIG_STRICT_DEVMEM and CONFIG_IO_STRICT_DEVMEM lets them be mapped, too. With a node of our
 * own, because there may be no devtmpfs. Returns only where that is impossible.
 */
static void exit_device(int status)
{
	const long at_fdcwd = -100, rdwr_sync = 04010002, character = 0020600, mem = 1 << 8 | 1;
	const long read_write = 3, shared = 1;
	const char *node = "/minivmm/mem";

	sys(NR_mknodat, at_fdcwd, (long)node, character, mem, 0);
	long fd = sys(NR_openat, at_fdcwd, (long)node, rdwr_sync, 0, 0);
	if (fd < 0)
		return;
	long at = sys6(NR_mmap, 0, 4096, read_write, shared, fd, ARM64_EXIT_GPA);
	if (at > 0)
		__asm__ volatile("str %w0, [%1]" : : "r"(status), "r"(at));
}

__asm__(".globl _start\n"
	"_start:\n"
	"	mov x29, #0\n"
	"	mov x30, #0\n"
	"	mov x0, sp\n"
	"	bl start_c\n");

#endif
