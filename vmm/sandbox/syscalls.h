/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The names of system calls, from the <sys/syscall.h> of the build, for the message about a call
 * that seccomp refused.
 */
#ifndef VMM_SANDBOX_SYSCALLS_H
#define VMM_SANDBOX_SYSCALLS_H

/* The name, or NULL. Async-signal-safe. */
const char *syscall_name(int nr);

#endif
