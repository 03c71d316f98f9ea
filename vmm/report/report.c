/* SPDX-License-Identifier: BSD-3-Clause */
/* What both formats share: see report.h. */
#include "vmm/report/report.h"

#include <stdlib.h>

char *report_console(const struct report *r)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	tail_write(r->tail, f);
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}
