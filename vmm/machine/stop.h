/* SPDX-License-Identifier: BSD-3-Clause */
/* The reason why a run ended, and its exit status. */
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
	STOP_HALT,     /* it printed that it halted, because it found no power-off */
	STOP_EXIT,     /* value: what the guest wrote to the exit device */
	STOP_PANIC,    /* value: an enum panic_cause (watch/cause.h), once all threads have ended */
	STOP_CRASH,    /* value: an enum crash_cause */
	STOP_SILENT,   /* it reset itself without output, so that the cause is unknown */
	STOP_HOST,     /* the host or KVM failed */
	STOP_SIGNAL,   /* value: the signal's number */
	STOP_USER,     /* Ctrl-a x */
	STOP_READER,   /* nobody reads stdout any more */
	STOP_EXPECTED, /* --until-expected: all patterns were seen */
	STOP_MISSING,  /* an --expect pattern was not seen */
	STOP_FAILED,   /* --fail-on, --fail-on-warning or --ktap */
	STOP_TIMEOUT,  /* --timeout or --idle-timeout */
};

enum crash_cause {
	CRASH_OTHER,
	CRASH_NOT_EMULATED, /* an instruction that KVM does not emulate */
};

/* What the user is told of a panic. */
extern const char stop_panicked[];

enum { STOP_TEXT_BYTES = 240 };

struct stop {
	pthread_mutex_t lock;
	enum stop_kind kind;
	uint64_t value;
	int vcpu;                   /* the vCPU whose last exits explain the end; -1: none */
	char text[STOP_TEXT_BYTES]; /* one line for the user; may be empty */
	bool panicked;              /* the guest panicked, however it ended afterwards */
	int wake_fd;                /* borrowed eventfd, written when the run must end */
};

/* @wake_fd is borrowed. */
void stop_init(struct stop *s, int wake_fd);
void stop_fini(struct stop *s);

/* Clears the reason and the panic before a VM is built. */
void stop_begin(struct stop *s);

/* Ends the run, with a printf-like line for the user. The first call counts. From any thread. */
void stop_set(struct stop *s, enum stop_kind kind, uint64_t value, int vcpu, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/*
 * Notes that the guest panicked: however it ends by itself now, the status is STATUS_PANIC, unless
 * it gives a status of its own that is not 0. From any thread.
 */
void stop_note_panic(struct stop *s);

/* Wakes the event loop, to look for changes. From any thread. */
void stop_wake(const struct stop *s);

/* True when the run must end. */
bool stop_wanted(struct stop *s);

/* Forgets the reason, so that the next stop_set() counts. Only after all threads have ended. */
void stop_forget(struct stop *s);

/* Replaces the reason. Only after all threads have ended. */
void stop_become(struct stop *s, enum stop_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* True when the exit status is 0 or the guest's own. */
bool stop_is_good(const struct stop *s);

/* Applies stop_note_panic(). Only after all threads have ended. */
void stop_settle(struct stop *s);

/* The name of a reason: "power-off", "panic", ... */
const char *stop_kind_name(enum stop_kind kind);

/* The exit status. */
int stop_status(const struct stop *s);

#endif
