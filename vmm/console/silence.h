/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The silence after a guest's last words: a kernel that has panicked, or that said "Power down",
 * counts as gone when nothing follows for a while. Written by the thread that prints, read by the
 * loop.
 */
#ifndef VMM_CONSOLE_SILENCE_H
#define VMM_CONSOLE_SILENCE_H

#include "vmm/watch/mark.h"

#include <pthread.h>
#include <stdint.h>

struct silence {
	pthread_mutex_t lock;
	enum mark after; /* the last words; MARK_NONE: there were none; atomic */
	uint64_t enough_ns;
	uint64_t since_ns; /* CLOCK_MONOTONIC */
};

void silence_init(struct silence *s);
void silence_fini(struct silence *s);

/* The guest said @after: that long a silence counts, from now on. MARK_NONE: none does any more. */
void silence_await(struct silence *s, enum mark after, uint64_t enough_ns);

/* The guest printed @byte. */
void silence_break(struct silence *s, uint8_t byte);

/* The process was stopped for @stopped_ns until @now_ns, which is no silence of the guest's. */
void silence_was_stopped(struct silence *s, uint64_t stopped_ns, uint64_t now_ns);

/* The last words after which a silence is waited for; *@deadline_ns: when it is long enough. */
enum mark silence_awaited(struct silence *s, uint64_t *deadline_ns);

#endif
