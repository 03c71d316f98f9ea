/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * When the moments of a run were, for its report. Each is set once, by whatever thread sees it.
 */
#ifndef VMM_BASE_TIMELINE_H
#define VMM_BASE_TIMELINE_H

#include <stdint.h>

enum moment {
	MOMENT_VMM_START,          /* main() */
	MOMENT_KVM_READY,          /* the VM, its RAM, interrupt controller and vCPUs exist */
	MOMENT_KERNEL_LOADED,      /* and all that the boot protocol wants is in guest RAM */
	MOMENT_FIRST_INSTRUCTION,  /* the first KVM_RUN is about to be called */
	MOMENT_FIRST_CONSOLE_BYTE, /* the UART got its first byte */
	MOMENT_END,                /* something ended the run */
	MOMENTS
};

/* All zero: nothing has happened. */
struct timeline {
	uint64_t exec_ns;        /* CLOCK_MONOTONIC: when the process began */
	uint64_t at_ns[MOMENTS]; /* likewise; 0: not yet; atomic */
};

/*
 * To be called first thing in main(). No clock says when exec() was: it is taken to be as long ago
 * as the process has used the processor, which is what the kernel and the dynamic linker took to
 * get here. Waiting in between is not seen; what a shell did before `exec minivmm` is.
 */
void timeline_start(struct timeline *t);

/* It is now; the first time counts. */
void timeline_mark(struct timeline *t, enum moment moment);

/* A time of CLOCK_MONOTONIC as nanoseconds from exec. @at_ns of 0, never, stays 0. */
uint64_t timeline_since_exec_ns(const struct timeline *t, uint64_t at_ns);

#endif
