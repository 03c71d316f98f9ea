/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Loads a crash kernel: KERNEL, INITRD and a command line. The system call finds room for them in
 * what crashkernel= keeps.
 * Source: kexec_file_load(2).
 */
#include <fcntl.h>
#include <linux/kexec.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int kernel, initrd;

	if (argc != 4)
		return 1;
	kernel = open(argv[1], O_RDONLY);
	initrd = open(argv[2], O_RDONLY);
	if (syscall(SYS_kexec_file_load, kernel, initrd, strlen(argv[3]) + 1, argv[3],
		    KEXEC_FILE_ON_CRASH)) {
		perror("kexec_file_load");
		return 1;
	}
	printf("crash kernel loaded\n");
	return 0;
}
