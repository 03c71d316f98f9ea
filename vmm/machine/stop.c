/* SPDX-License-Identifier: BSD-3-Clause */
/* Why a run ended: see stop.h. */
#include "vmm/machine/stop.h"

#include "vmm/base/wake.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char stop_panicked[] = "the guest's kernel panicked";

void stop_init(struct stop *s, int wake_fd)
{
	memset(s, 0, sizeof(*s));
	pthread_mutex_init(&s->lock, NULL);
	s->vcpu = -1;
	s->wake_fd = wake_fd;
}

void stop_fini(struct stop *s)
{
	pthread_mutex_destroy(&s->lock);
}

void stop_begin(struct stop *s)
{
	stop_forget(s);
	s->value = 0;
	s->text[0] = '\0';
	s->panicked = false;
}

void stop_wake(const struct stop *s)
{
	wake_set(s->wake_fd);
}

static void put(struct stop *s, enum stop_kind kind, const char *fmt, va_list ap)
{
	vsnprintf(s->text, sizeof(s->text), fmt, ap);
	__atomic_store_n(&s->kind, kind, __ATOMIC_RELEASE);
}

void stop_set(struct stop *s, enum stop_kind kind, uint64_t value, int vcpu, const char *fmt, ...)
{
	pthread_mutex_lock(&s->lock);
	if (s->kind == STOP_NONE) {
		va_list ap;
		s->value = value;
		s->vcpu = vcpu;
		va_start(ap, fmt);
		put(s, kind, fmt, ap);
		va_end(ap);
	}
	pthread_mutex_unlock(&s->lock);
	stop_wake(s);
}

void stop_note_panic(struct stop *s)
{
	__atomic_store_n(&s->panicked, true, __ATOMIC_RELEASE);
}

bool stop_wanted(struct stop *s)
{
	return __atomic_load_n(&s->kind, __ATOMIC_ACQUIRE) != STOP_NONE;
}

void stop_forget(struct stop *s)
{
	s->kind = STOP_NONE;
	s->vcpu = -1;
}

void stop_become(struct stop *s, enum stop_kind kind, const char *fmt, ...)
{
	va_list ap;

	stop_forget(s);
	va_start(ap, fmt);
	put(s, kind, fmt, ap);
	va_end(ap);
}

bool stop_is_good(const struct stop *s)
{
	return stop_status(s) <= STATUS_GUEST_MAX;
}

void stop_settle(struct stop *s)
{
	if (!s->panicked)
		return;
	switch (s->kind) {
	case STOP_EXIT:
		if (s->value)
			break; /* the guest's own status is more specific */
		__attribute__((fallthrough));
	case STOP_POWER_OFF:
	case STOP_RESET:
	case STOP_HALT:
	case STOP_CRASH:
	case STOP_TIMEOUT:
		s->kind = STOP_PANIC;
		snprintf(s->text, sizeof(s->text), "%s", stop_panicked);
		break;
	default:
		break;
	}
}

const char *stop_kind_name(enum stop_kind kind)
{
	static const char *const names[] = {
		[STOP_NONE] = "none",         [STOP_POWER_OFF] = "power-off",
		[STOP_RESET] = "reboot",      [STOP_EXIT] = "exit",
		[STOP_PANIC] = "panic",       [STOP_CRASH] = "crash",
		[STOP_HOST] = "error",        [STOP_SIGNAL] = "signal",
		[STOP_USER] = "user",         [STOP_READER] = "reader-lost",
		[STOP_EXPECTED] = "expected", [STOP_MISSING] = "missing",
		[STOP_FAILED] = "failed",     [STOP_TIMEOUT] = "timeout",
		[STOP_HALT] = "halt",         [STOP_SILENT] = "silent-reboot",
	};

	return names[kind];
}

int stop_status(const struct stop *s)
{
	switch (s->kind) {
	case STOP_EXIT:
		return s->value < STATUS_GUEST_MAX ? (int)s->value : STATUS_GUEST_MAX;
	case STOP_PANIC:
		return STATUS_PANIC;
	case STOP_CRASH:
		return STATUS_CRASH;
	case STOP_SILENT:
		return STATUS_SILENT;
	case STOP_HOST:
		return STATUS_OWN;
	case STOP_SIGNAL:
		return STATUS_SIGNAL + (int)s->value;
	case STOP_READER:
		return STATUS_SIGNAL + SIGPIPE;
	case STOP_MISSING:
		return STATUS_MISSING;
	case STOP_FAILED:
		return STATUS_FAILED;
	case STOP_TIMEOUT:
		return STATUS_TIMEOUT;
	case STOP_NONE:
	case STOP_EXPECTED:
	case STOP_POWER_OFF:
	case STOP_RESET:
	case STOP_HALT:
	case STOP_USER:
		break;
	}
	return STATUS_OK;
}
