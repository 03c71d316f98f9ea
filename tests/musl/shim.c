/* SPDX-License-Identifier: BSD-3-Clause */
/* What libnettle.a and libtre.a, compiled with glibc's fortified headers, want of their libc. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <wchar.h>

int __fprintf_chk(FILE *f, int flag, const char *fmt, ...);
int __snprintf_chk(char *text, size_t size, int flag, size_t room, const char *fmt, ...);
wchar_t *__wcsncpy_chk(wchar_t *to, const wchar_t *from, size_t n, size_t room);

int __fprintf_chk(FILE *f, int flag, const char *fmt, ...)
{
	va_list ap;

	(void)flag;
	va_start(ap, fmt);
	int n = vfprintf(f, fmt, ap);
	va_end(ap);
	return n;
}

int __snprintf_chk(char *text, size_t size, int flag, size_t room, const char *fmt, ...)
{
	va_list ap;

	(void)flag, (void)room;
	va_start(ap, fmt);
	int n = vsnprintf(text, size, fmt, ap);
	va_end(ap);
	return n;
}

wchar_t *__wcsncpy_chk(wchar_t *to, const wchar_t *from, size_t n, size_t room)
{
	(void)room;
	return wcsncpy(to, from, n);
}
