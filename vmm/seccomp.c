/* SPDX-License-Identifier: BSD-3-Clause */
/* The allow-list of system calls: see seccomp.h. */
#include "vmm/seccomp.h"

#include "arch/arch.h"
#include "vmm/thread.h"

#include <asm/ioctls.h>
#include <asm/termbits.h> /* struct termios2, in the numbers of TCGETS2 and TCSETS2 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A call that is allowed when argument @arg, masked, has a value. */
struct rule {
	const char *name;
	unsigned arg;
	uint64_t mask, value;
};

/* What running needs: by name, so that a call that this architecture lacks is simply not there. */
static const char *const always[] = {
	/* the console, the loop */
	"read",
	"write",
	"writev",
	"poll",
	"ppoll",
	"close",
	/* threads and their locks */
	"futex",
	"sched_yield",
	"set_robust_list",
	"rseq",
	"gettid",
	"getpid",
	"getpgrp",
	"getpgid",
	"exit",
	"exit_group",
	"restart_syscall",
	/* signals */
	"rt_sigreturn",
	"rt_sigprocmask",
	"rt_sigaction",
	/* memory that libc frees or wants */
	"munmap",
	"brk",
	"madvise",
	"mremap",
	/* time, where the vDSO cannot tell it */
	"clock_gettime",
	"clock_nanosleep",
	"nanosleep",
	"gettimeofday",
	"time",
	/* stdio asks what stderr is */
	"fstat",
	"lseek",
};

/* What building a VM again needs beyond that. */
static const struct rule rebuild[] = {
	{"clone", 0, CLONE_THREAD, CLONE_THREAD},
	{"getrandom", 2, 0xffffffffu, 0}, /* the device tree's seeds */
};

/* What writing a report needs: no file is opened, but one gets its name. */
static const char *const report[] = {
	"ftruncate", "fsync", "renameat", "renameat2", "unlinkat",
};

/* And what running needs with one argument as it must be. */
static const struct rule conditional[] = {
	/* memory may come, but never memory that can be executed */
	{"mmap", 2, PROT_EXEC, 0},
	{"mprotect", 2, PROT_EXEC, 0},
	/* a descriptor's own status, as fstat() asks for it on some libcs; no path */
	{"newfstatat", 3, AT_EMPTY_PATH, AT_EMPTY_PATH},
	/* musl kicks a thread with it, and blocks SIGSYS meanwhile: it would die without a word */
	{"tkill", 1, 0xffffffffu, THREAD_KICK_SIGNAL},
	/* a thread gives itself a name; it may start before or after the filter */
	{"prctl", 0, 0xffffffffu, PR_SET_NAME},
};

/* What the console's terminal needs, as libcs see fit to ask for it. */
static const unsigned long tty_requests[] = {TCGETS,  TCSETS,    TCGETS2,
					     TCSETS2, TIOCGPGRP, TIOCGWINSZ};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int allow_names(scmp_filter_ctx ctx, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int nr = seccomp_syscall_resolve_name(names[i]);
		if (nr == __NR_SCMP_ERROR || nr < 0) /* not on this architecture */
			continue;
		int error = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, nr, 0);
		if (error)
			return error;
	}
	return 0;
}

static int allow_ioctls(scmp_filter_ctx ctx, const struct kvm_requests *list)
{
	for (unsigned i = 0; i < list->n; i++) {
		/* The kernel looks at 32 bits of the request; so do we. */
		int error = seccomp_rule_add(
			ctx, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
			SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffu, list->request[i]));
		if (error)
			return error;
	}
	return 0;
}

static int allow_rules(scmp_filter_ctx ctx, const struct rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int nr = seccomp_syscall_resolve_name(rules[i].name);
		if (nr == __NR_SCMP_ERROR || nr < 0)
			continue;
		struct scmp_arg_cmp cmp = {rules[i].arg, SCMP_CMP_MASKED_EQ, rules[i].mask,
					   rules[i].value};
		int error = seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, nr, 1, &cmp);
		if (error)
			return error;
	}
	return 0;
}

/* Signals go to this very process: to stop with the terminal restored, to kick a thread. */
static int allow_own_signals(scmp_filter_ctx ctx)
{
	const struct rule rules[] = {
		{"kill", 0, 0xffffffffu, (uint32_t)getpid()},
		{"tgkill", 0, 0xffffffffu, (uint32_t)getpid()},
	};

	return allow_rules(ctx, rules, COUNT(rules));
}

/* glibc falls back to clone(), whose flags a filter can see, when clone3() is not there. */
static int allow_rebuild(scmp_filter_ctx ctx)
{
	int error = allow_rules(ctx, rebuild, COUNT(rebuild));

	if (error)
		return error;
	return seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

static int fill(scmp_filter_ctx ctx, struct seccomp_needs needs)
{
	static const struct kvm_requests tty = {tty_requests, COUNT(tty_requests)};
	const struct kvm_requests *lists[] = {&tty, &kvm_run_requests, &arch_run_requests,
					      &kvm_build_requests, &arch_build_requests};
	size_t n = needs.rebuild ? 5 : 3;
	int error = allow_names(ctx, always, COUNT(always));

	if (!error)
		error = allow_rules(ctx, conditional, COUNT(conditional));
	if (!error)
		error = allow_own_signals(ctx);
	if (!error && needs.rebuild)
		error = allow_rebuild(ctx);
	if (!error && needs.report)
		error = allow_names(ctx, report, COUNT(report));
	for (size_t i = 0; i < n && !error; i++)
		error = allow_ioctls(ctx, lists[i]);
	return error;
}

int seccomp_install(enum seccomp_mode mode, struct seccomp_needs needs, struct err *e)
{
	if (mode == SECCOMP_OFF)
		return 0;
	scmp_filter_ctx ctx = seccomp_init(mode == SECCOMP_LOG ? SCMP_ACT_LOG : SCMP_ACT_TRAP);
	if (!ctx)
		return err_set(e, "seccomp: out of memory");
	int error = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1);
	if (!error)
		error = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (!error)
		error = fill(ctx, needs);
	if (!error) /* KVM_RUN comes with each exit: the filter looks for it first, not last */
		error = seccomp_syscall_priority(ctx, SCMP_SYS(ioctl), UINT8_MAX);
	if (!error)
		error = seccomp_load(ctx);
	seccomp_release(ctx);
	if (error)
		return err_set(
			e, "seccomp: cannot install the filter: %s; --seccomp off runs without it",
			strerror(-error));
	return 0;
}
