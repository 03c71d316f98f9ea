/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The times at which a run reached certain points, for its report. Any thread may set one; each is
 * set once.
 */
#ifndef VMM_BASE_TIMELINE_H
#define VMM_BASE_TIMELINE_H

#include <stdint.h>

enum moment {
	MOMENT_VMM_START,          /* main() */
	MOMENT_KVM_READY,          /* the VM, its RAM, interrupt controller and vCPUs exist */
	MOMENT_KERNEL_LOADED,      /* and all that the boot protocol requires is in guest RAM */
	MOMENT_FIRST_INSTRUCTION,  /* the first KVM_RUN is about to be called */
	MOMENT_FIRST_CONSOLE_BYTE, /* the guest wrote its first byte to the UART */
	MOMENT_END,                /* something ended the run */
	MOMENTS
};

/* All zero: nothing has happened. */
struct timeline {
	uint64_t exec_ns;        /* when the process began; CLOCK_MONOTONIC */
	uint64_t at_ns[MOMENTS]; /* CLOCK_MONOTONIC; 0: not reached yet; atomic */
};

/*
 * To be called first in main(). No clock tells when exec() was called. It is assumed to be as long
 * ago as the CPU time that the process has used, which the kernel and the dynamic linker spent.
 * Waiting in between is missed; what a shell did before `exec minivmm` is counted.
 */
void timeline_start(struct timeline *t);

/* The point is reached now. The first call counts. */
void timeline_mark(struct timeline *t, enum moment moment);

/* Converts CLOCK_MONOTONIC to nanoseconds since exec. 0 (not reached) stays 0. */
uint64_t timeline_since_exec_ns(const struct timeline *t, uint64_t at_ns);

#endif
