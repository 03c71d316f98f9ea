/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vmexit [STATUS]: waits until the console on stdout has sent all it holds, then
 * ends the virtual machine with STATUS by one byte to its exit device. With no
 * STATUS it only waits.
 *
 * The guest's init needs a program for it because Debian's cloud kernels have no
 * /dev/port. It runs before anything else is sure to work and is built without a
 * libc, so that the initramfs needs no more than a compiler: Linux system calls
 * by number (arch/x86/entry/syscalls/syscall_64.tbl).
 *
 * Status 1 when STATUS is no number, 2 when there is no exit device.
 */

#define EXIT_PORT  0xf4 /* docs/devices.md */
#define STATUS_MAX 99   /* the statuses above are minivmm's own */

#define NR_ioctl  16
#define NR_exit   60
#define NR_ioperm 173
#define TCSBRK    0x5409 /* with argument 1: tcdrain() */

static long sys(long nr, long a, long b, long c)
{
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "0"(nr), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return ret;
}

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
	if (sys(NR_ioperm, EXIT_PORT, 1, 1))
		return 2;
	__asm__ volatile("outb %b0, %w1" : : "a"(status), "Nd"(EXIT_PORT));
	return 2;
}

/* sp: the stack as the kernel leaves it, argc and then argv. */
__attribute__((noreturn, used)) void start_c(long *sp)
{
	sys(NR_exit, run((int)sp[0], (char **)(sp + 1)), 0, 0);
	__builtin_unreachable();
}

__asm__(".globl _start\n"
	"_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call start_c\n");
