/* SPDX-License-Identifier: BSD-3-Clause */
/* Where vCPU threads wait until the whole machine is ready. */
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

/* Lets the waiting threads go: to run, or (GATE_CANCELLED) to end. */
void gate_set(struct gate *g, enum gate_state state);

/* Waits. False: the machine will never run. */
bool gate_wait(struct gate *g);

#endif
