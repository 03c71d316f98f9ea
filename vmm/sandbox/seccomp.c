/* SPDX-License-Identifier: BSD-3-Clause */
/* The allow-lists of system calls: see seccomp.h. */
#include "vmm/sandbox/seccomp.h"

#include "arch/arch.h"
#include "vmm/base/thread.h"
#include "vmm/sandbox/bpf.h"

#include <asm/ioctls.h>
#include <asm/termbits.h> /* struct termios2, in the numbers of TCGETS2 and TCSETS2 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __x86_64__
#define OWN_AUDIT_ARCH AUDIT_ARCH_X86_64
#else
#define OWN_AUDIT_ARCH AUDIT_ARCH_AARCH64
#endif

/* What running needs. */
static const int always[] = {
	/* the console, the loop */
	SYS_read,
	SYS_write,
	SYS_writev,
	SYS_recvfrom, /* stdin, where it is a socket */
#ifdef SYS_poll       /* newer architectures have ppoll() alone */
	SYS_poll,
#endif
	SYS_ppoll,
	SYS_close,
	/* threads and their locks */
	SYS_futex,
	SYS_sched_yield,
	SYS_set_robust_list,
	SYS_rseq,
	SYS_gettid,
	SYS_getpid,
#ifdef SYS_getpgrp
	SYS_getpgrp,
#endif
	SYS_getpgid,
	SYS_exit,
	SYS_exit_group,
	SYS_restart_syscall,
	/* signals */
	SYS_rt_sigreturn,
	SYS_rt_sigprocmask,
	SYS_rt_sigaction,
	SYS_sigaltstack,
	/* memory that libc frees or allocates */
	SYS_munmap,
	SYS_brk,
	SYS_madvise,
	SYS_mremap,
	/* time, if the vDSO cannot read the clock */
	SYS_clock_gettime,
	SYS_clock_nanosleep,
	SYS_nanosleep,
	SYS_gettimeofday,
#ifdef SYS_time
	SYS_time,
#endif
	/* stdio looks at stderr */
	SYS_fstat,
	SYS_lseek,
};

/* What running needs only with a certain argument. */
static const struct bpf_rule conditional[] = {
	/* new memory, but never executable memory */
	{SYS_mmap, 2, PROT_EXEC, 0},
	{SYS_mprotect, 2, PROT_EXEC, 0},
	/* a thread sets its own name, perhaps after the filter is installed */
	{SYS_prctl, 0, UINT32_MAX, PR_SET_NAME},
};

/* What building a VM again needs in addition. */
static const struct bpf_rule rebuild[] = {
	{SYS_clone, 0, CLONE_THREAD, CLONE_THREAD},
	{SYS_getrandom, 2, UINT32_MAX, 0}, /* the guest's seeds */
};

/* What writing a report needs: no file is opened, and none is named. */
static const int report[] = {SYS_ftruncate, SYS_fsync, SYS_wait4};

/* What the process needs that renames the reports' files; see report/namer.h. */
static const int naming[] = {
	SYS_read,      SYS_write,    SYS_close,      SYS_fsync,
#ifdef SYS_renameat
	SYS_renameat,
#endif
	SYS_renameat2, SYS_unlinkat, SYS_exit_group, SYS_rt_sigreturn, SYS_restart_syscall,
};

/* What the terminal needs; libcs differ in the requests that they use. */
static const unsigned long tty_requests[] = {TCGETS,  TCSETS,    TCGETS2,
					     TCSETS2, TIOCGPGRP, TIOCGWINSZ};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Allows ioctl() by its request, of which the kernel, like this filter, compares only 32 bits. */
static void allow_ioctls(struct bpf_program *p, bool may_rebuild)
{
	static const struct kvm_requests tty = {tty_requests, COUNT(tty_requests)};
	const struct kvm_requests *lists[] = {&kvm_run_requests, &arch_run_requests, &tty,
					      &kvm_build_requests, &arch_build_requests};
	size_t n = may_rebuild ? 5 : 3;
	struct bpf_block block = bpf_open(p, SYS_ioctl, 1);

	for (size_t i = 0; i < n; i++)
		for (unsigned j = 0; j < lists[i]->n; j++)
			bpf_value(p, (uint32_t)lists[i]->request[j]);
	bpf_close(p, block);
}

/* Signals may go only to this process: to stop with the terminal restored, to kick a thread. */
static void allow_own_signals(struct bpf_program *p)
{
	const struct bpf_rule rules[] = {
		{SYS_kill, 0, UINT32_MAX, (uint32_t)getpid()},
		{SYS_tgkill, 0, UINT32_MAX, (uint32_t)getpid()},
	};

	bpf_allow_rules(p, rules, COUNT(rules));
#ifdef SYS_tkill
	/*
	 * tkill() can reach any process. musl's abort() calls it with SIGSYS blocked, so a trap
	 * would end the process without a message. It fails instead, and musl then provokes a fault
	 * that guard.c reports.
	 */
	bpf_refuse(p, SYS_tkill, EPERM);
#endif
}

static void fill(struct bpf_program *p, struct seccomp_extras extras)
{
	/* KVM_RUN is called for each exit, so the filter compares it first. */
	allow_ioctls(p, extras.rebuild);
	bpf_allow(p, always, COUNT(always));
	bpf_allow_rules(p, conditional, COUNT(conditional));
	allow_own_signals(p);
	if (extras.report)
		bpf_allow(p, report, COUNT(report));
	if (!extras.rebuild)
		return;
	bpf_allow_rules(p, rebuild, COUNT(rebuild));
	/* Without clone3(), libcs fall back to clone(), whose flags a filter can see. */
	bpf_refuse(p, SYS_clone3, ENOSYS);
}

static uint32_t fallback(enum seccomp_mode mode)
{
	return mode == SECCOMP_LOG ? SECCOMP_RET_LOG : SECCOMP_RET_TRAP;
}

/* Installs the filter in every thread of the process, or in none. */
static int install(struct bpf_program *p, struct err *e)
{
	if (!bpf_end(p))
		return err_set(e, "seccomp: the filter has %u instructions, expected at most %d",
			       p->n, BPF_PROGRAM_MAX);
	struct sock_fprog program = {(unsigned short)p->n, p->at};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return err_set(e, "seccomp: PR_SET_NO_NEW_PRIVS: %s", strerror(errno));
	long r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
	if (r == 0)
		return 0;
	return err_set(e, "seccomp: cannot install the filter: %s; --seccomp off runs without it",
		       r > 0 ? "a thread has another one" : strerror(errno));
}

int seccomp_install(enum seccomp_mode mode, struct seccomp_extras extras, struct err *e)
{
	struct bpf_program p;

	if (mode == SECCOMP_OFF)
		return 0;
	bpf_begin(&p, OWN_AUDIT_ARCH, fallback(mode));
	fill(&p, extras);
	return install(&p, e);
}

int seccomp_install_for_naming(enum seccomp_mode mode, struct err *e)
{
	struct bpf_program p;

	if (mode == SECCOMP_OFF)
		return 0;
	bpf_begin(&p, OWN_AUDIT_ARCH, fallback(mode));
	bpf_allow(&p, naming, COUNT(naming));
	return install(&p, e);
}
