/* SPDX-License-Identifier: BSD-3-Clause */
/* A guest, a kernel and what became of them, for tests of one kernel format. */
#ifndef TESTS_UNIT_LOADING_H
#define TESTS_UNIT_LOADING_H

#include "kernels.h"
#include "suite.h"

#define MIB (1ULL << 20)

static struct guest guest;
static struct kernel k;
static struct image img;
static struct err e;

/* A guest with 4 MiB of RAM and the kernel that @make makes. */
static inline void setup_with(void (*make)(struct kernel *))
{
	guest_init(&guest, 4 * MIB);
	make(&k);
	e.text[0] = '\0';
}

static inline void teardown(void)
{
	guest_fini(&guest);
}

static const struct image_placement from_1_mib = {.lowest = MIB};

static inline int load(gpa_t lowest)
{
	return kernel_load(&k, k.size, &guest.mem, lowest, &img, &e);
}

static inline int load_at(const struct image_placement *where)
{
	return kernel_load_at(&k, k.size, &guest.mem, where, &img, &e);
}

/* With one field changed the kernel is refused with exactly that error, and nothing is written. */
static inline void expect_refused(const struct patch *p)
{
	kernel_put(&k, p->offset, p->width, p->value);
	ck_assert_int_eq(load(MIB), -1);
	ck_assert_str_eq(e.text, p->text);
	ck_assert(guest_untouched(&guest));
}

#endif
