/* SPDX-License-Identifier: BSD-3-Clause */
/* The terminal: see tty.h. */
#include "vmm/console/tty.h"

#include <errno.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

static struct termios saved;
static int saved_fd;
static volatile sig_atomic_t is_raw;

bool tty_may_read(int fd)
{
	if (!isatty(fd))
		return true;
	pid_t foreground = tcgetpgrp(fd);
	/* ENOTTY: it is not our controlling terminal, so job control does not apply. */
	return foreground == getpgrp() || (foreground < 0 && errno == ENOTTY);
}

void tty_raw(int fd)
{
	struct termios raw;

	if (!isatty(fd) || !tty_may_read(fd))
		return;
	/* Even if it was raw before: a shell may have changed it while we were stopped. */
	if (!is_raw && tcgetattr(fd, &saved))
		return;
	raw = saved;
	cfmakeraw(&raw);
	saved_fd = fd;
	is_raw = 1; /* before the change, so that a signal in between also restores it */
	tcsetattr(fd, TCSANOW, &raw);
}

void tty_restore(void)
{
	if (!is_raw)
		return;
	is_raw = 0;
	/* TCSANOW: draining would block on a terminal that is stopped with Ctrl-s. */
	tcsetattr(saved_fd, TCSANOW, &saved);
}
