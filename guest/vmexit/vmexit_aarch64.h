/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vmexit's part for aarch64 (Linux include/uapi/asm-generic/unistd.h). The device is
 * reached through /dev/mem: kernels with STRICT_DEVMEM and IO_STRICT_DEVMEM, such as
 * Debian's, still let root map what is neither RAM nor a driver's.
 */
#ifndef VMEXIT_AARCH64_H
#define VMEXIT_AARCH64_H

#include "arch/aarch64/layout.h"

#define NR_ioctl  29
#define NR_openat 56
#define NR_exit   93
#define NR_mmap   222

#define AT_FDCWD   (-100)
#define O_RDWR     2
#define O_SYNC     04010000
#define PROT_WRITE 2
#define MAP_SHARED 1

static long sys6(long nr, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc #0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}

static long sys(long nr, long a, long b, long c)
{
	return sys6(nr, a, b, c, 0, 0, 0);
}

/* Returns where nothing listens, or the kernel keeps us out. */
static void exit_device_write(int status)
{
	long fd = sys(NR_openat, AT_FDCWD, (long)"/dev/mem", O_RDWR | O_SYNC);
	long at;

	if (fd < 0)
		return;
	at = sys6(NR_mmap, 0, ARM64_EXIT_BYTES, PROT_WRITE, MAP_SHARED, fd, ARM64_EXIT_GPA);
	if (at < 0 && at > -4096)
		return;
	__asm__ volatile("str %w0, [%1]" : : "r"(status), "r"(at) : "memory");
}

__asm__(".globl _start\n"
	"_start:\n"
	"	mov x29, #0\n"
	"	mov x0, sp\n"
	"	bl start_c\n");

#endif
