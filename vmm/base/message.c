/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages on stderr: see message.h. */
#include "vmm/base/message.h"

#include "vmm/base/file.h"

#include <stdio.h>
#include <unistd.h>

void message_text(struct blob text)
{
	/* An error cannot be reported anywhere else. */
	(void)file_write_patiently(STDERR_FILENO, text);
}

static void put_line(const char *before, const char *text)
{
	char line[ERR_TEXT_BYTES + 32];
	int n = snprintf(line, sizeof(line), "%s%s\n", before, text);

	if (n >= (int)sizeof(line)) {
		n = (int)sizeof(line) - 1;
		line[n - 1] = '\n';
	}
	(void)file_write_all(STDERR_FILENO, (struct blob){(const uint8_t *)line, (size_t)n});
}

void message_error(const struct err *e)
{
	put_line("minivmm: ", e->text);
}

void message_warning(const char *text)
{
	put_line("minivmm: warning: ", text);
}
