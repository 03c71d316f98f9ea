/* SPDX-License-Identifier: BSD-3-Clause */
/* The gate at which vCPU threads wait until the whole machine is ready. */
#ifndef VMM_MACHINE_GATE_H
#define VMM_MACHINE_GATE_H

#include <pthread.h>
#include <stdbool.h>

enum gate_state { GATE_CLOSED, GATE_OPEN, GATE_CANCELLED };

struct gate {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	enum gate_state state;
};

void gate_init(struct gate *g);
void gate_fini(struct gate *g);

/* Releases the waiting threads: to run, or to end (GATE_CANCELLED). */
void gate_set(struct gate *g, enum gate_state state);

/* Waits until the gate is set. False: the machine will never run. */
bool gate_wait(struct gate *g);

#endif
