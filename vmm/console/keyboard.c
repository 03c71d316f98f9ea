/* SPDX-License-Identifier: BSD-3-Clause */
/* stdin: see keyboard.h. */
#include "vmm/console/keyboard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Another reader of the same pipe or terminal may be faster, and read() would then block. So these
 * are opened again, with O_NONBLOCK; the flags of the shared descriptor are not changed.
 */
static int open_stdin(void)
{
	int flags = fcntl(STDIN_FILENO, F_GETFL), fd = -1;
	char name[64];
	struct stat st;

	if (flags < 0 || (flags & O_ACCMODE) == O_WRONLY || fstat(STDIN_FILENO, &st))
		return STDIN_FILENO;
	/* Opening the master side of a pseudo-terminal again would create another terminal. */
	bool is_terminal = isatty(STDIN_FILENO) && ptsname_r(STDIN_FILENO, name, sizeof(name));
	if (S_ISFIFO(st.st_mode) || is_terminal)
		fd = open("/proc/self/fd/0", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd >= 0 ? fd : STDIN_FILENO;
}

void keyboard_open(struct keyboard *k)
{
	struct stat st;

	*k = (struct keyboard){.fd = open_stdin(), .is_open = true};
	k->is_socket = fstat(k->fd, &st) == 0 && S_ISSOCK(st.st_mode);
}

void keyboard_close(struct keyboard *k)
{
	if (k->fd != STDIN_FILENO)
		close(k->fd);
}

size_t keyboard_read(struct keyboard *k, uint8_t bytes[KEYBOARD_READ_BYTES])
{
	ssize_t n = k->is_socket ? recv(k->fd, bytes, KEYBOARD_READ_BYTES, MSG_DONTWAIT)
				 : read(k->fd, bytes, KEYBOARD_READ_BYTES);

	if (n > 0)
		return (size_t)n;
	if (n == 0 || (errno != EINTR && errno != EAGAIN))
		k->is_open = false;
	return 0;
}
