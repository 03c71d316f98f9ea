/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The silence after a guest's last words: a kernel that has panicked, or has printed "Power down",
 * counts as ended when nothing follows for a while. The vCPU's thread that prints and the main
 * thread both use it.
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

/* The guest printed @after: waits for @enough_ns of silence from now on. MARK_NONE: for none. */
void silence_await(struct silence *s, enum mark after, uint64_t enough_ns);

/* The guest printed @byte. */
void silence_break(struct silence *s, uint8_t byte);

/* The process was stopped for @stopped_ns until @now_ns; this time does not count as silence. */
void silence_was_stopped(struct silence *s, uint64_t stopped_ns, uint64_t now_ns);

/* Returns the last words, or MARK_NONE; *@deadline_ns: when the silence will be long enough. */
enum mark silence_awaited(struct silence *s, uint64_t *deadline_ns);

#endif
