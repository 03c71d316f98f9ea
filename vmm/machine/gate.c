/* SPDX-License-Identifier: BSD-3-Clause */
/* Where vCPU threads wait: see gate.h. */
#include "vmm/machine/gate.h"

void gate_init(struct gate *g)
{
	g->state = GATE_CLOSED;
	pthread_mutex_init(&g->lock, NULL);
	pthread_cond_init(&g->changed, NULL);
}

void gate_fini(struct gate *g)
{
	pthread_cond_destroy(&g->changed);
	pthread_mutex_destroy(&g->lock);
}

void gate_set(struct gate *g, enum gate_state state)
{
	pthread_mutex_lock(&g->lock);
	g->state = state;
	pthread_cond_broadcast(&g->changed);
	pthread_mutex_unlock(&g->lock);
}

bool gate_wait(struct gate *g)
{
	pthread_mutex_lock(&g->lock);
	while (g->state == GATE_CLOSED)
		pthread_cond_wait(&g->changed, &g->lock);
	bool open = g->state == GATE_OPEN;
	pthread_mutex_unlock(&g->lock);
	return open;
}
