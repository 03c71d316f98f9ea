/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * argv -> action -> exit status. The stages of a run are in cli/run_guest.c.
 */
#include "vmm/base/message.h"
#include "vmm/base/status.h"
#include "vmm/base/timeline.h"
#include "vmm/cli/check.h"
#include "vmm/cli/distinct.h"
#include "vmm/cli/dry_run.h"
#include "vmm/cli/help.h"
#include "vmm/cli/options.h"
#include "vmm/cli/run_guest.h"
#include "vmm/cli/version.h"
#include "vmm/inspect/inspect.h"
#include "vmm/sandbox/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/*
 * A parent may have closed descriptors 0 to 2. None of the files that we open may get one of them.
 */
static void fill_standard_fds(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static int fail(const struct err *e)
{
	message_error(e);
	return STATUS_OWN;
}

/* stdout is buffered for --help and the like. A write that fails is an error. */
static int finish_stdout(int status)
{
	struct err e;

	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	err_set(&e, "stdout: %s", strerror(errno));
	return fail(&e);
}

/* Does what the command line requests. */
static int act(const struct config *cfg, const struct timeline *start)
{
	struct err e;
	int error = 0;

	switch (cfg->action) {
	case ACTION_RUN:
		return run_guest(cfg, start);
	case ACTION_DRY_RUN:
		error = dry_run(cfg, stdout, &e);
		break;
	case ACTION_INSPECT:
		error = inspect_file(cfg->payload.kernel, cfg->inspect_json, stdout, &e);
		break;
	case ACTION_CHECK:
		return finish_stdout(check_host(stdout) ? STATUS_OK : STATUS_OWN);
	case ACTION_HELP:
		help_print(stdout);
		break;
	case ACTION_VERSION:
		version_print(stdout);
		break;
	}
	return error ? fail(&e) : finish_stdout(STATUS_OK);
}

int main(int argc, char **argv)
{
	struct config cfg;
	struct timeline start = {0};
	struct err e;

	timeline_start(&start);
	guard_setup();
	signal(SIGXFSZ, SIG_IGN); /* then write() fails at a limit of the file size */
	fill_standard_fds();
	if (options_parse(argc, argv, &cfg, &e))
		return fail(&e);
	bool writes = cfg.action == ACTION_RUN || cfg.action == ACTION_DRY_RUN;
	if (writes && distinct_check(&cfg, &e))
		return fail(&e);
	return act(&cfg, &start);
}
