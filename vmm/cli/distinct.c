/* SPDX-License-Identifier: BSD-3-Clause */
/* Finds options that name the same file: see distinct.h. */
#include "vmm/cli/distinct.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Identifies a file: by its inode or, if it does not exist yet, by its folder and name. */
struct place {
	dev_t device;
	ino_t inode;      /* 0: none, or not a regular file */
	const char *name; /* of a file that does not exist yet, else ""; borrowed */
};

struct use {
	const char *what; /* "--kernel" */
	bool is_written;
	struct place place;
};

enum { USES_MAX = STRINGS_MAX + 10 };

struct uses {
	struct use at[USES_MAX];
	unsigned n;
};

static void place_of_new(const char *path, struct place *p)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	struct stat st;

	if (snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) + 1 : 1,
		     slash ? path : ".") >= (int)sizeof(folder) ||
	    stat(folder, &st))
		return;
	p->name = slash ? slash + 1 : path;
	p->device = st.st_dev;
	p->inode = st.st_ino;
}

static void take(struct uses *u, const char *what, bool is_written, const struct stat *st)
{
	struct use *use = &u->at[u->n++];

	*use = (struct use){.what = what, .is_written = is_written, .place.name = ""};
	if (!S_ISREG(st->st_mode))
		return;
	use->place.device = st->st_dev;
	use->place.inode = st->st_ino;
}

static void add(struct uses *u, const char *what, bool is_written, const char *path)
{
	struct stat st = {.st_mode = 0};
	bool is_new = path && stat(path, &st) != 0;

	if (!path)
		return;
	take(u, what, is_written, &st);
	if (is_new)
		place_of_new(path, &u->at[u->n - 1].place);
}

static void add_open(struct uses *u, const char *what, int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0)
		take(u, what, true, &st);
}

static void list(const struct config *cfg, struct uses *u)
{
	u->n = 0;
	add(u, "--kernel", false, cfg->payload.kernel);
	for (unsigned i = 0; i < cfg->payload.initrd.n; i++)
		add(u, "--initrd", false, cfg->payload.initrd.at[i]);
	add(u, "--init", false, cfg->payload.init);
	add(u, "--dtb", false, cfg->payload.dtb);
	add_open(u, "stdin", STDIN_FILENO);
	if (!cfg->console.quiet)
		add_open(u, "stdout", STDOUT_FILENO);
	add_open(u, "stderr", STDERR_FILENO);
	add(u, "--dump-dtb", true, cfg->dump_dtb);
	add(u, "--log", true, cfg->console.log);
	add(u, "--report", true, cfg->report.json);
	add(u, "--junit", true, cfg->report.junit);
}

static bool is_same(const struct place *a, const struct place *b)
{
	return a->inode && a->device == b->device && a->inode == b->inode &&
	       strcmp(a->name, b->name) == 0;
}

int distinct_check(const struct config *cfg, struct err *e)
{
	struct uses u;

	list(cfg, &u);
	for (unsigned i = 0; i < u.n; i++) {
		const struct use *a = &u.at[i];
		if (!a->is_written ||
		    a->what[0] != '-') /* stdout and stderr may be the same file */
			continue;
		for (unsigned j = 0; j < i; j++)
			if (is_same(&a->place, &u.at[j].place))
				return err_set(e,
					       "%s: this is the file of %s, too; expected another",
					       a->what, u.at[j].what);
	}
	return 0;
}
