/* SPDX-License-Identifier: BSD-3-Clause */
/* Seccomp filters in classic BPF: see bpf.h. */
#include "vmm/sandbox/bpf.h"

#include <linux/seccomp.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "an argument's low half comes first");

static void emit(struct bpf_program *p, struct sock_filter instruction)
{
	if (p->n < BPF_PROGRAM_MAX)
		p->at[p->n] = instruction;
	p->n++;
}

/* Loads the word at @offset of struct seccomp_data into the accumulator. */
static void load(struct bpf_program *p, size_t offset)
{
	emit(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void load_arg(struct bpf_program *p, unsigned arg)
{
	load(p, offsetof(struct seccomp_data, args) + arg * sizeof(uint64_t));
}

static void give(struct bpf_program *p, uint32_t verdict)
{
	emit(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict));
}

/* Skips @then instructions if the accumulator is @value, else @otherwise. */
static void compare(struct bpf_program *p, uint32_t value, uint8_t then, uint8_t otherwise)
{
	emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, then, otherwise));
}

void bpf_begin(struct bpf_program *p, uint32_t audit_arch, uint32_t fallback)
{
	p->n = 0;
	p->fallback = fallback;
	load(p, offsetof(struct seccomp_data, arch));
	compare(p, audit_arch, 1, 0);
	give(p, SECCOMP_RET_KILL_PROCESS);
	load(p, offsetof(struct seccomp_data, nr));
}

void bpf_allow(struct bpf_program *p, const int *nr, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bpf_value(p, (uint32_t)nr[i]);
}

void bpf_refuse(struct bpf_program *p, int nr, int error)
{
	compare(p, (uint32_t)nr, 0, 1);
	give(p, SECCOMP_RET_ERRNO | (uint32_t)error);
}

struct bpf_block bpf_open(struct bpf_program *p, int nr, unsigned arg)
{
	/* A conditional jump reaches only 255 instructions; the one over the block has no limit. */
	compare(p, (uint32_t)nr, 1, 0);
	struct bpf_block block = {p->n};
	emit(p, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0));
	load_arg(p, arg);
	return block;
}

void bpf_value(struct bpf_program *p, uint32_t value)
{
	compare(p, value, 0, 1);
	give(p, SECCOMP_RET_ALLOW);
}

/* The accumulator holds an argument now, so the call's number is not compared again. */
void bpf_close(struct bpf_program *p, struct bpf_block block)
{
	give(p, p->fallback);
	if (p->n <= BPF_PROGRAM_MAX)
		p->at[block.skip].k = p->n - block.skip - 1;
}

void bpf_allow_rules(struct bpf_program *p, const struct bpf_rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct bpf_block block = bpf_open(p, rules[i].nr, rules[i].arg);
		emit(p, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, rules[i].mask));
		bpf_value(p, rules[i].value);
		bpf_close(p, block);
	}
}

bool bpf_end(struct bpf_program *p)
{
	give(p, p->fallback);
	return p->n <= BPF_PROGRAM_MAX;
}
