/* SPDX-License-Identifier: BSD-3-Clause */
/* What every suite of unit tests shares. */
#ifndef TESTS_UNIT_SUITE_H
#define TESTS_UNIT_SUITE_H

#include <check.h>
#include <signal.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

/* Whoever starts the tests may ignore signals: a shell does with SIGINT for `test &`. */
static inline void suite_ignore_no_signal(void)
{
	struct sigaction sa;

	for (int sig = 1; sig < NSIG; sig++)
		if (sigaction(sig, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN)
			signal(sig, SIG_DFL);
}

/* Runs one suite. Returns what main() is to return. */
static inline int run_suite(Suite *s)
{
	SRunner *r = srunner_create(s);
	suite_ignore_no_signal();
	srunner_run_all(r, CK_NORMAL);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}

#endif
