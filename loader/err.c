/* SPDX-License-Identifier: BSD-3-Clause */
/* The error value: see err.h. */
#include "loader/err.h"

#include <stdarg.h>
#include <stdio.h>

int err_set(struct err *e, const char *fmt, ...)
{
	if (!e)
		return -1;
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return -1;
}

int err_context(struct err *e, const char *fmt, ...)
{
	if (!e)
		return -1;
	struct err fact = *e;
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(e->text) - 2)
		return -1;
	size_t room = sizeof(e->text) - (size_t)n;
	snprintf(e->text + n, room, ": %.*s", (int)room - 3, fact.text);
	return -1;
}
