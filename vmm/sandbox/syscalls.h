/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names of the build machine's system calls, from its <sys/syscall.h>: for the line that says what
 * seccomp refused.
 */
#ifndef VMM_SANDBOX_SYSCALLS_H
#define VMM_SANDBOX_SYSCALLS_H

/* The name, or NULL. Async-signal-safe. */
const char *syscall_name(int nr);

#endif
