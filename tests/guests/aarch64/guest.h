/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the tests' guests share. A guest is one file with guest_main: EL1, MMU off, interrupts
 * masked. Each prints at least one line and ends by the exit device, unless its purpose is not to.
 */
#ifndef TESTS_GUESTS_AARCH64_GUEST_H
#define TESTS_GUESTS_AARCH64_GUEST_H

#include "arch/aarch64/layout.h"

#include <stdbool.h>
#include <stdint.h>

/* The state at the entry. */
struct entry_state {
	uint64_t x[4], current_el, sctlr, daif, mpidr;
};
extern struct entry_state entry_state;

/* Where CPUs start, and what each wrote there. */
enum { CPUS_MAX = 512 };
extern const char cpu_start[];
extern volatile uint64_t cpu_seen[CPUS_MAX];

#define PSCI_SYSTEM_OFF    0x84000008u
#define PSCI_SYSTEM_RESET  0x84000009u
#define PSCI_SYSTEM_RESET2 0xc4000012u
#define PSCI_CPU_ON        0xc4000003u

#define PSCI_INVALID_PARAMETERS (-2)

int64_t psci(uint64_t function, uint64_t a, uint64_t b, uint64_t c);

void put(const char *text);
void put_char(char c);
void put_decimal(uint64_t n);
/* A line. */
void say(const char *text);
/* A character that was typed; waits for it. */
char get_char(void);

/* What follows @word in the command line, or NULL. */
const char *find_word(const char *word);

/* The number after @word in the command line, or -1. */
int64_t find_number(const char *word);

/* Ends with that status by the exit device. */
_Noreturn void end(unsigned status);

/* Prints "FAIL: what" and ends with status 1 unless @ok. */
void check(bool ok, const char *what);

/*
 * A device's registers. Plain loads and stores: a compiler may choose one with write-back, which
 * KVM cannot decode.
 */
#define MMIO(bits, form, suffix)                                                                   \
	static inline uint##bits##_t read##bits(uint64_t gpa)                                      \
	{                                                                                          \
		uint##bits##_t value;                                                              \
		__asm__ volatile("ldr" suffix " %" form "0, [%1]" : "=r"(value) : "r"(gpa));       \
		return value;                                                                      \
	}                                                                                          \
	static inline void write##bits(uint64_t gpa, uint##bits##_t value)                         \
	{                                                                                          \
		__asm__ volatile("str" suffix " %" form "0, [%1]" : : "r"(value), "r"(gpa));       \
	}
MMIO(8, "w", "b")
MMIO(16, "w", "h")
MMIO(32, "w", "")
MMIO(64, "x", "")
#undef MMIO

void guest_main(void);

#endif
