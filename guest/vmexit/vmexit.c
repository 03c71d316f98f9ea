/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vmexit [STATUS]: waits until the console on stdout has sent all it holds, then
 * ends the virtual machine with STATUS by one byte to its exit device. With no
 * STATUS it only waits.
 *
 * The guest's init needs a program for it because Debian's cloud kernels have no
 * /dev/port. It runs before anything else is sure to work and is built without a
 * libc, so that the initramfs needs no more than a compiler: the architecture's
 * header has Linux system calls by number, the way to the exit device
 * (docs/devices.md), and _start, which calls start_c() with the stack's address.
 *
 * Status 1 when STATUS is no number, 2 when there is no exit device.
 */

#ifdef __aarch64__
#include "vmexit_aarch64.h"
#else
#include "vmexit_x86_64.h"
#endif

#define STATUS_MAX 99     /* the statuses above are minivmm's own */
#define TCSBRK     0x5409 /* with argument 1: tcdrain() */

/* Decimal to 0..STATUS_MAX, larger ones to STATUS_MAX; -1 for anything else. */
static int parse_status(const char *s)
{
	int n = 0;

	if (!*s)
		return -1;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return -1;
		n = n * 10 + (*s - '0');
		if (n > STATUS_MAX)
			n = STATUS_MAX;
	}
	return n;
}

static int run(int argc, char **argv)
{
	int status = argc > 1 ? parse_status(argv[1]) : 0;

	if (status < 0)
		return 1;
	sys(NR_ioctl, 1, TCSBRK, 1);
	if (argc < 2)
		return 0;
	exit_device_write(status);
	return 2;
}

/* sp: the stack as the kernel leaves it, argc and then argv. */
__attribute__((noreturn, used)) void start_c(long *sp)
{
	sys(NR_exit, run((int)sp[0], (char **)(sp + 1)), 0, 0);
	__builtin_unreachable();
}
