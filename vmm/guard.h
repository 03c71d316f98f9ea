/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The last resort: signals that mean a bug in minivmm, a file that shrank under it, or a system
 * call that seccomp refused. Each restores the terminal and writes one line.
 */
#ifndef VMM_GUARD_H
#define VMM_GUARD_H

/* Installs the handlers. SIGSYS and SIGBUS end with status 125, the others by their signal. */
void guard_setup(void);

/*
 * Has @last_words called, in the signal handler, before the process dies of one of these: with the
 * status that its parent will see, and why. It must be async-signal-safe.
 */
void guard_on_death(void (*last_words)(void *opaque, int status, const char *why), void *opaque);

#endif
