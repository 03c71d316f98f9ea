/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fatal signals: a bug in minivmm, a mapped file that shrank, a full stack, or a system call that
 * seccomp refused; and the end of the process when it must not wait for anything. Each case
 * restores the terminal and writes one line.
 */
#ifndef VMM_SANDBOX_GUARD_H
#define VMM_SANDBOX_GUARD_H

/*
 * Installs the handlers. SIGSYS, SIGBUS and a full stack end the process with status 125, the
 * others by their signal. They run on an alternate stack; that of the main thread is set up here,
 * other threads set up their own.
 */
void guard_setup(void);

/*
 * A function that is called, perhaps in a signal handler, before the process dies: with the kind of
 * end (as in a report's "ending"), the status that the parent will see, and the reason. Must be
 * async-signal-safe.
 */
typedef void guard_last_words_fn(void *opaque, const char *ending, int status, const char *why);
void guard_on_death(guard_last_words_fn *last_words, void *opaque);

/* Ends the process. Async-signal-safe. */
_Noreturn void guard_end(const char *ending, int status, const char *why);

/* The same, with the status and the line of a signal that ends a run. */
_Noreturn void guard_end_by_signal(int sig);

#endif
