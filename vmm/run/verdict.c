/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether a run ended well: see verdict.h. */
#include "vmm/run/verdict.h"

#include "vmm/watch/cause.h"
#include "vmm/watch/ending.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

void verdict_while_running(struct stop *stop, struct console *c, const struct run_config *cfg)
{
	int error = output_error(&c->out);

	if (error == EPIPE)
		stop_set(stop, STOP_READER, 0, -1, "stdout was closed by its reader");
	else if (error)
		stop_set(stop, STOP_HOST, 0, -1, "stdout: %s", strerror(error));
	if (__atomic_load_n(&c->failed, __ATOMIC_ACQUIRE))
		stop_set(stop, STOP_FAILED, 0, -1, "--fail-on '%s' was seen: %s",
			 c->watch.expect.failed_on, c->failed_line);
	else if (__atomic_load_n(&c->all_seen, __ATOMIC_ACQUIRE) && cfg->until_expected)
		stop_set(stop, STOP_EXPECTED, 0, -1, "%s", "");
}

/* A triple fault is Linux's last way to reboot, and the first with reboot=triple. */
static bool was_meant(const struct stop *stop, const struct verdict_facts *facts,
		      const struct ending *ending)
{
	return stop->kind == STOP_CRASH && facts->triple_fault && ending->restarting;
}

static bool is_silent(const struct verdict_facts *facts, const struct ending *ending)
{
	return ending->starting || facts->console->tail.n == facts->printed_before;
}

/* A guest that ended by itself without having announced it. */
static void doubt(struct stop *stop, const struct ending *ending, bool silent_is_bad)
{
	const char *did = stop->kind == STOP_RESET ? "reset itself" : "powered off";

	if (ending->trouble[0]) {
		stop_become(stop, STOP_PANIC, "the guest %s after an oops: %s", did,
			    ending->trouble);
	} else if (stop->kind == STOP_RESET && silent_is_bad) {
		stop_become(stop, STOP_SILENT,
			    "the guest reset itself without having printed anything%s",
			    ending->starting ? " after kexec" : "");
	}
}

void verdict_on_guest(struct stop *stop, const struct verdict_facts *facts,
		      const struct run_config *cfg)
{
	const struct console *c = facts->console;
	struct ending ending;

	ending_read(&c->tail, facts->printed_before, &c->watch.known, &ending);
	if (was_meant(stop, facts, &ending))
		stop_become(stop, STOP_RESET, "%s", "");
	stop_settle(stop);
	if (stop->kind == STOP_RESET || stop->kind == STOP_POWER_OFF)
		doubt(stop, &ending, is_silent(facts, &ending) && !cfg->allow_silent_reboot);
	if (stop->kind == STOP_PANIC)
		stop->value = panic_cause(c->marks.reason);
}

/* True when lost output may have had something that must not be seen. */
static bool may_miss(const struct console *c, const struct run_config *cfg)
{
	return c->watch.expect.fail_on.n || cfg->fail_on_warning || c->watch.want_ktap;
}

void verdict_on_console(struct stop *stop, const struct console *c, const struct run_config *cfg)
{
	const char *missing = expect_missing(&c->watch.expect);
	char problem[STOP_TEXT_BYTES - sizeof("--ktap: ")];

	if (stop->kind == STOP_USER || !stop_is_good(stop))
		return;
	if (c->log.error) {
		stop_become(stop, STOP_HOST, "--log: %s: %s", c->log.path, strerror(c->log.error));
	} else if (missing) {
		stop_become(stop, STOP_MISSING, "--expect '%s' was never seen (%u of %u were)",
			    missing, c->watch.expect.seen, c->watch.expect.want.n);
	} else if (cfg->fail_on_warning && kernel_events_total(&c->watch.events)) {
		stop_become(stop, STOP_FAILED, "--fail-on-warning: %s",
			    kernel_events_first(&c->watch.events));
	} else if (c->watch.want_ktap && ktap_problem(&c->watch.ktap, problem, sizeof(problem))) {
		stop_become(stop, STOP_FAILED, "--ktap: %s", problem);
	} else if (c->out.dropped && may_miss(c, cfg)) {
		stop_become(stop, STOP_HOST,
			    "%" PRIu64
			    " bytes of console output were lost, and nobody knows whether "
			    "what must not be seen was in them",
			    c->out.dropped);
	}
}
