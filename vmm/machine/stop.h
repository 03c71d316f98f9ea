/* SPDX-License-Identifier: BSD-3-Clause */
/* Why a run ended, and the exit status that says so. */
#ifndef VMM_MACHINE_STOP_H
#define VMM_MACHINE_STOP_H

#include "vmm/base/status.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum stop_kind {
	STOP_NONE,
	STOP_POWER_OFF,
	STOP_RESET,
	STOP_HALT,     /* it says that it halted: it found no power-off */
	STOP_EXIT,     /* value: what the guest wrote to the exit device */
	STOP_PANIC,    /* value: an enum panic_cause (watch/cause.h), once all threads have ended */
	STOP_CRASH,    /* value: an enum crash_cause */
	STOP_SILENT,   /* it reset itself, and nobody knows why */
	STOP_HOST,     /* the host or KVM failed */
	STOP_SIGNAL,   /* value: the signal's number */
	STOP_USER,     /* Ctrl-a x */
	STOP_READER,   /* nobody reads stdout any more */
	STOP_EXPECTED, /* --until-expected: all was seen */
	STOP_MISSING,
	STOP_FAILED,
	STOP_TIMEOUT,
};

enum crash_cause {
	CRASH_OTHER,
	CRASH_NOT_EMULATED, /* an instruction that KVM does not emulate */
};

enum { STOP_TEXT_BYTES = 240 };

struct stop {
	pthread_mutex_t lock;
	enum stop_kind kind;
	uint64_t value;
	int vcpu;                   /* whose last exits tell the story; -1: nobody's */
	char text[STOP_TEXT_BYTES]; /* one line for the user; empty: nothing to say */
	bool panicked;              /* the guest panicked, however it ended afterwards */
	int wake_fd;                /* borrowed eventfd, written when the run must end */
};

/* @wake_fd is borrowed. */
void stop_init(struct stop *s, int wake_fd);
void stop_fini(struct stop *s);

/* Another VM begins: nothing has happened yet. */
void stop_begin(struct stop *s);

/* Ends the run, with a printf-like line for the user. The first caller wins; from any thread. */
void stop_set(struct stop *s, enum stop_kind kind, uint64_t value, int vcpu, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/*
 * The guest panicked: whatever way it ends now by itself is STATUS_PANIC, but for a status other
 * than 0 of its own.
 */
void stop_note_panic(struct stop *s);

/* Makes the loop look at things anew. From any thread. */
void stop_wake(const struct stop *s);

/* True when the run must end. */
bool stop_wanted(struct stop *s);

/* Forgets the reason: the next stop_set() counts. Only when all threads have ended. */
void stop_forget(struct stop *s);

/* Another reason in place of the one that there is. Only when all threads have ended. */
void stop_become(struct stop *s, enum stop_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* True for an end with a status that is the guest's own, or 0. */
bool stop_is_good(const struct stop *s);

/* To be called when all threads have ended: applies stop_note_panic(). */
void stop_settle(struct stop *s);

/* A word for how it ended: "power-off", "panic", ... */
const char *stop_kind_name(enum stop_kind kind);

/* The exit status. */
int stop_status(const struct stop *s);

#endif
