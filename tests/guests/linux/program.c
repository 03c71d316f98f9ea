/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program for --init: prints its arguments and what it finds, and ends with the status that its
 * first argument is, or as that says: "abort", "term".
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		printf("argument %d: %s\n", i, argv[i]);
	printf("pid %d, proc %d, sys %d, dev %d\n", getpid() != 1, !access("/proc/1/status", F_OK),
	       !access("/sys/kernel", F_OK), !access("/dev/null", F_OK));
	printf("last line without its end");
	fflush(stdout);
	if (argc > 1 && !strcmp(argv[1], "abort"))
		abort();
	if (argc > 1 && !strcmp(argv[1], "term"))
		kill(getpid(), SIGTERM);
	return argc > 1 ? atoi(argv[1]) : 7;
}
