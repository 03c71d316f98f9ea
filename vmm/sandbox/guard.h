/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The last resort: signals that mean a bug in minivmm, a file that shrank under it, a stack that is
 * full, or a system call that seccomp refused; and the end where nothing else may be waited for.
 * Each restores the terminal and writes one line.
 */
#ifndef VMM_SANDBOX_GUARD_H
#define VMM_SANDBOX_GUARD_H

/*
 * Installs the handlers. SIGSYS, SIGBUS and a full stack end with status 125, the others by their
 * signal. They run on an alternate stack: the main thread's is made here, another thread has its
 * own.
 */
void guard_setup(void);

/*
 * Called, perhaps in a signal handler, before the process dies: with a word for how (as a report's
 * "ending"), the status that its parent will see, and why. Must be async-signal-safe.
 */
typedef void guard_last_words_fn(void *opaque, const char *ending, int status, const char *why);
void guard_on_death(guard_last_words_fn *last_words, void *opaque);

/* Ends the process. Async-signal-safe. */
_Noreturn void guard_end(const char *ending, int status, const char *why);

/* The same, with the status and the line for a signal that ends a run. */
_Noreturn void guard_end_by_signal(int sig);

#endif
