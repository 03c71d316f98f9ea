/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Builds a seccomp filter: a classic BPF program over struct seccomp_data, in a buffer of fixed
 * size. Nothing here allocates, so that nothing can fail half-way.
 *
 * Source: Linux Documentation/userspace-api/seccomp_filter.rst and <linux/filter.h>.
 */
#ifndef VMM_SANDBOX_BPF_H
#define VMM_SANDBOX_BPF_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BPF_PROGRAM_MAX = 512 }; /* instructions; the filter of a run has some 250 */

struct bpf_program {
	struct sock_filter at[BPF_PROGRAM_MAX];
	unsigned n;        /* more than BPF_PROGRAM_MAX: it did not fit */
	uint32_t fallback; /* SECCOMP_RET_*, for a call that no rule allows */
};

/* Allows a system call if the low 32 bits of argument @arg, masked by @mask, are @value. */
struct bpf_rule {
	int nr;
	unsigned arg;
	uint32_t mask, value;
};

/*
 * Begins a program that kills the process at a system call of any other architecture than
 * @audit_arch (an AUDIT_ARCH_*). The following functions append rules, which the kernel compares in
 * this order. A system call may be in only one rule.
 */
void bpf_begin(struct bpf_program *p, uint32_t audit_arch, uint32_t fallback);

/* Allows each of the @n system calls in @nr, with any arguments. */
void bpf_allow(struct bpf_program *p, const int *nr, size_t n);

void bpf_allow_rules(struct bpf_program *p, const struct bpf_rule *rules, size_t n);

/* Makes system call @nr do nothing but fail with the errno @error. */
void bpf_refuse(struct bpf_program *p, int nr, int error);

/*
 * Allows a system call if the low 32 bits of argument @arg are one of several values: first
 * bpf_open(), then bpf_value() for each value, then bpf_close().
 */
struct bpf_block {
	unsigned skip; /* index of the jump over the block */
};
struct bpf_block bpf_open(struct bpf_program *p, int nr, unsigned arg);
void bpf_value(struct bpf_program *p, uint32_t value);
void bpf_close(struct bpf_program *p, struct bpf_block block);

/* Ends the program. False: it did not fit. */
bool bpf_end(struct bpf_program *p);

#endif
