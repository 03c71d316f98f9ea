/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers with units: see quantity.h. */
#include "vmm/cli/quantity.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#define MAX_DURATION_NS (100ull * 366 * 86400 * 1000000000)

int quantity_number(const char *text, uint64_t *value, const char **rest, struct err *e)
{
	const char *p = text;

	*value = 0;
	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(*value, 10u, value) ||
		    __builtin_add_overflow(*value, (uint64_t)(*p - '0'), value))
			return err_set(e, "'%s' is too large", text);
	if (p == text)
		return err_set(e, "'%s' is not a number", text);
	*rest = p;
	return 0;
}

int quantity_size(const char *text, uint64_t *bytes, struct err *e)
{
	static const char units[] = "KMGT";
	const char *rest = text, *unit = units + 1; /* MiB */
	uint64_t n;

	if (quantity_number(text, &n, &rest, e))
		return -1;
	if (*rest) {
		unit = strchr(units, *rest & ~0x20);
		if (!unit || !*unit ||
		    (rest[1] && strcasecmp(rest + 1, "iB") != 0 && strcasecmp(rest + 1, "B") != 0))
			return err_set(e,
				       "'%s' is not a size: expected a number of MiB, or one "
				       "with K, M, G or T",
				       text);
	}
	unsigned shift = 10 * (unsigned)(unit - units + 1);
	if (!n)
		return err_set(e, "'%s' is no memory at all", text);
	if (n > UINT64_MAX >> shift)
		return err_set(e, "'%s' is too large", text);
	*bytes = n << shift;
	return 0;
}

int quantity_duration(const char *text, uint64_t *ns, struct err *e)
{
	static const struct {
		const char *unit;
		uint64_t ns;
	} units[] = {{"", 1000000000},
		     {"s", 1000000000},
		     {"ms", 1000000},
		     {"m", 60000000000},
		     {"h", 3600000000000}};
	const char *rest = text;
	uint64_t n;

	if (quantity_number(text, &n, &rest, e))
		return -1;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(rest, units[i].unit) != 0)
			continue;
		if (!n)
			return err_set(e, "'%s' is no time at all", text);
		if (n > MAX_DURATION_NS / units[i].ns)
			return err_set(e, "'%s' is too long", text);
		*ns = n * units[i].ns;
		return 0;
	}
	return err_set(e,
		       "'%s' is not a duration: expected a number of seconds, or one with ms, "
		       "s, m or h",
		       text);
}
