/* SPDX-License-Identifier: BSD-3-Clause */
/* The process that names files: see namer.h. */
#include "vmm/report/namer.h"

#include "vmm/seccomp.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct request {
	uint8_t verb, file;
};

static uint8_t obey(struct request r, struct outfile *file, unsigned n)
{
	if (r.file >= n || !file[r.file].path)
		return EBADF;
	int error = r.verb == NAMER_NAME ? outfile_name(&file[r.file]) : 0;
	if (r.verb == NAMER_REMOVE)
		outfile_remove(&file[r.file]);
	if (!error)
		outfile_close(&file[r.file]); /* it is done with */
	return (uint8_t)error;
}

/* Until the other end is closed, by whatever ended that process. */
static void serve(int fd, struct outfile *file, unsigned n)
{
	struct request r;

	while (read(fd, &r, sizeof(r)) == sizeof(r)) {
		uint8_t error = obey(r, file, n);
		if (write(fd, &error, sizeof(error)) != sizeof(error))
			break;
	}
	for (unsigned i = 0; i < n; i++)
		outfile_remove(&file[i]);
}

static void be_namer(int fd, enum seccomp_mode mode, struct outfile *file, unsigned n)
{
	prctl(PR_SET_NAME, "minivmm-namer");
	setsid(); /* a SIGKILL to the process group of the run is not for this */
	/* Where there are no filters, the process that runs the guest says so, and ends. */
	(void)seccomp_install_for_naming(mode, NULL);
	serve(fd, file, n);
	_exit(0);
}

int namer_start(struct namer *namer, enum seccomp_mode mode, struct outfile *file, unsigned n,
		struct err *e)
{
	sigset_t all, old;
	int fds[2];

	/* Packets: a request is never half a request. */
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds))
		return err_set(e, "socketpair: %s", strerror(errno));
	sigfillset(&all); /* what ends a run by a signal to its group must not end this first */
	sigprocmask(SIG_SETMASK, &all, &old);
	pid_t pid = fork();
	int error = errno;
	if (pid == 0) {
		close(fds[0]);
		be_namer(fds[1], mode, file, n);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		return err_set(e, "fork: %s", strerror(error));
	}
	*namer = (struct namer){pid, fds[0]};
	return 0;
}

int namer_ask(const struct namer *namer, enum namer_verb verb, unsigned i)
{
	const struct request r = {(uint8_t)verb, (uint8_t)i};
	uint8_t error;
	ssize_t n;

	do
		n = write(namer->fd, &r, sizeof(r));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno;
	do
		n = read(namer->fd, &error, sizeof(error));
	while (n < 0 && errno == EINTR);
	return n == sizeof(error) ? error : EPIPE; /* somebody killed it */
}

void namer_end(struct namer *namer)
{
	if (!namer->pid)
		return;
	close(namer->fd);
	while (waitpid(namer->pid, NULL, 0) < 0 && errno == EINTR)
		;
	namer->pid = 0;
}
