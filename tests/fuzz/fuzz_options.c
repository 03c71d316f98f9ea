/* SPDX-License-Identifier: BSD-3-Clause */
/* The input is a command line: words, each ended by a NUL. */
#include "image_check.h"
#include "vmm/cli/options.h"

enum { MAX_WORDS = 200 };

/* What the architecture says, here fixed. */
static const struct board board = {.min_ram_bytes = 2 << 20, .has_dtb = true};
const struct board *const board_native = &board;

/* One of the input's words, which lie in [text, end). */
static void check_word(const char *word, const char *text, const char *end)
{
	CHECK(!word || (word >= text && word < end));
}

static void check_config(const struct config *cfg, const char *text, const char *end)
{
	const char *const words[] = {cfg->payload.kernel, cfg->payload.init, cfg->payload.cmdline,
				     cfg->payload.dtb,    cfg->dump_dtb,     cfg->console.log,
				     cfg->report.json,    cfg->report.junit};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		check_word(words[i], text, end);
	for (unsigned i = 0; i < cfg->payload.n_init_args; i++)
		check_word(cfg->payload.init_args[i], text, end);
	CHECK(cfg->payload.initrd.n <= STRINGS_MAX && cfg->console.expect.n <= STRINGS_MAX &&
	      cfg->console.fail_on.n <= STRINGS_MAX);
	CHECK(cfg->machine.cpus >= 1 && cfg->machine.memory_bytes >= board.min_ram_bytes &&
	      cfg->machine.memory_bytes % 4096 == 0);
	CHECK(cfg->machine.boot <= BOOT_PVH);
}

/* The words' own bytes come back in errors, whatever they are: only the text's end is sure. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char name[] = "minivmm";
	char *argv[MAX_WORDS + 2] = {name};
	int argc = 1;
	struct config cfg;
	struct err e = {""};
	char *text = malloc(size + 1);

	CHECK(text);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	for (char *word = text; word < text + size && argc <= MAX_WORDS; word += strlen(word) + 1)
		argv[argc++] = word;
	if (options_parse(argc, argv, &cfg, &e))
		CHECK(e.text[0] && strnlen(e.text, sizeof(e.text)) < sizeof(e.text));
	else
		check_config(&cfg, text, text + size + 1);
	free(text);
	return 0;
}
