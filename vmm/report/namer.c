/* SPDX-License-Identifier: BSD-3-Clause */
/* The process that renames files: see namer.h. */
#include "vmm/report/namer.h"

#include "vmm/sandbox/seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 1000 };

struct request {
	uint8_t verb, file;
};

static uint8_t obey(struct request r, struct outfile *file, unsigned n)
{
	if (r.file >= n || !file[r.file].path)
		return EBADF;
	if (r.verb == NAMER_NAME)
		return (uint8_t)outfile_name(&file[r.file]);
	outfile_remove(&file[r.file]);
	return 0;
}

/* Serves requests until the other end is closed, by whatever ended that process. */
static void serve(int fd, struct outfile *file, unsigned n)
{
	struct request r;

	while (read(fd, &r, sizeof(r)) == sizeof(r)) {
		uint8_t error = obey(r, file, n);
		if (write(fd, &error, sizeof(error)) != sizeof(error))
			break;
		if (error)
			continue;
		outfile_sync_folder(
			&file[r.file]); /* after the answer, so that nobody waits for the disk */
		outfile_close(&file[r.file]); /* it is done with */
	}
	for (unsigned i = 0; i < n; i++)
		outfile_remove(&file[i]);
}

/* Lets go of stdio, so that readers of the run's output see its end even if this one is delayed. */
static void drop_standard_fds(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
}

static void be_namer(int fd, enum seccomp_mode mode, struct outfile *file, unsigned n)
{
	const uint8_t ready = 0;

	prctl(PR_SET_NAME, "minivmm-namer");
	setsid(); /* a SIGKILL to the process group of the run must not end this process */
	drop_standard_fds();
	/* Without filters in the kernel, the process that runs the guest reports that, and ends. */
	(void)seccomp_install_for_naming(mode, NULL);
	if (write(fd, &ready, sizeof(ready)) == sizeof(ready))
		serve(fd, file, n);
	_exit(0);
}

/* Receives the answer: 0 or an errno. */
static int hear(const struct namer *namer)
{
	struct pollfd answer = {.fd = namer->fd, .events = POLLIN};
	uint8_t error;
	int n;

	while ((n = poll(&answer, 1, PATIENCE_MS)) < 0 && errno == EINTR)
		;
	if (n <= 0)
		return ETIMEDOUT; /* the process was stopped */
	if (read(namer->fd, &error, sizeof(error)) != sizeof(error))
		return EPIPE; /* the process was killed */
	return error;
}

int namer_start(struct namer *namer, enum seccomp_mode mode, struct outfile *file, unsigned n,
		struct err *e)
{
	sigset_t all, old;
	int fds[2];

	/* SOCK_SEQPACKET: a request is received whole or not at all. */
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds))
		return err_set(e, "socketpair: %s", strerror(errno));
	sigfillset(&all); /* a signal to the process group must not end this first */
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
	error = hear(namer);
	if (!error)
		return 0;
	namer_end(namer);
	return err_set(e, "the process that names files does not begin: %s", strerror(error));
}

int namer_ask(const struct namer *namer, enum namer_verb verb, unsigned i)
{
	const struct request r = {(uint8_t)verb, (uint8_t)i};
	ssize_t n;

	do
		n = write(namer->fd, &r, sizeof(r));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno;
	return hear(namer);
}

void namer_end(struct namer *namer)
{
	static const struct timespec a_while = {.tv_nsec = 1000000};

	if (!namer->pid)
		return;
	close(namer->fd);
	for (int ms = 0; ms < PATIENCE_MS && waitpid(namer->pid, NULL, WNOHANG) == 0; ms++)
		nanosleep(&a_while, NULL);
	namer->pid = 0;
}
