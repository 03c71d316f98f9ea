/* SPDX-License-Identifier: BSD-3-Clause */
/* A test's own stdin, stdout or stderr, in place of the suite's. */
#ifndef TESTS_UNIT_STDFD_H
#define TESTS_UNIT_STDFD_H

#include <check.h>
#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

struct stdfd {
	int fd;    /* 0, 1 or 2 */
	int saved; /* the suite's */
	int other; /* a pipe's other end; -1: none */
};

/* @file becomes descriptor @fd, and is closed. */
static inline void stdfd_take(struct stdfd *s, int fd, int file)
{
	*s = (struct stdfd){.fd = fd, .saved = fcntl(fd, F_DUPFD_CLOEXEC, 3), .other = -1};
	ck_assert_int_eq(dup2(file, fd), fd);
	close(file);
}

/* A pipe becomes descriptor @fd, as far as the program uses it; the test has the other end. */
static inline void stdfd_pipe(struct stdfd *s, int fd)
{
	int ends[2];

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	stdfd_take(s, fd, ends[fd != STDIN_FILENO]);
	s->other = ends[fd == STDIN_FILENO];
}

/* Nothing is descriptor @fd: what is opened next takes its number. */
static inline void stdfd_close(struct stdfd *s, int fd)
{
	*s = (struct stdfd){.fd = fd, .saved = fcntl(fd, F_DUPFD_CLOEXEC, 3), .other = -1};
	close(fd);
}

static inline void stdfd_close_other(struct stdfd *s)
{
	if (s->other >= 0)
		close(s->other);
	s->other = -1;
}

static inline void stdfd_restore(struct stdfd *s)
{
	dup2(s->saved, s->fd);
	close(s->saved);
	stdfd_close_other(s);
}

/* What was written to it until now, as a string; returns how many of @size - 1 bytes it was. */
static inline size_t stdfd_read(struct stdfd *s, char *text, size_t size)
{
	fcntl(s->other, F_SETFL, O_NONBLOCK);
	ssize_t n = read(s->other, text, size - 1);
	size_t length = n > 0 ? (size_t)n : 0;
	text[length] = '\0';
	fcntl(s->other, F_SETFL, 0);
	return length;
}

#endif
