/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A seccomp filter as the kernel takes it: classic BPF over struct seccomp_data, put together in a
 * buffer of fixed size. Nothing here allocates, so nothing can fail half-way.
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
	uint32_t fallback; /* SECCOMP_RET_*: what becomes of a call that no rule allows */
};

/* A system call that is allowed when the low 32 bits of argument @arg, masked, have a value. */
struct bpf_rule {
	int nr;
	unsigned arg;
	uint32_t mask, value;
};

/*
 * Begins a program: system calls of another architecture's numbers (@audit_arch is an AUDIT_ARCH_*)
 * end the process. All the others add to it, in the order in which the kernel compares; a system
 * call may be in one of them only.
 */
void bpf_begin(struct bpf_program *p, uint32_t audit_arch, uint32_t fallback);

/* Each of @nr, @n of them, with any arguments. */
void bpf_allow(struct bpf_program *p, const int *nr, size_t n);

void bpf_allow_rules(struct bpf_program *p, const struct bpf_rule *rules, size_t n);

/* System call @nr does nothing, and returns the error @error to its caller. */
void bpf_refuse(struct bpf_program *p, int nr, int error);

/*
 * A system call that is allowed when the low 32 bits of argument @arg are one of some values: first
 * bpf_open(), then bpf_value() for each, then bpf_close().
 */
struct bpf_block {
	unsigned skip; /* where the jump over the block is */
};
struct bpf_block bpf_open(struct bpf_program *p, int nr, unsigned arg);
void bpf_value(struct bpf_program *p, uint32_t value);
void bpf_close(struct bpf_program *p, struct bpf_block block);

/* Ends the program. False: it did not fit. */
bool bpf_end(struct bpf_program *p);

#endif
