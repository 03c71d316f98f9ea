/* SPDX-License-Identifier: BSD-3-Clause */
/* argv -> struct config: see options.h. */
#include "vmm/cli/options.h"

#include "loader/cmdline.h"
#include "vmm/cli/option_table.h"
#include "vmm/cli/other_tools.h"

#include <getopt.h>
#include <string.h>

/* What getopt_long() returns for the long option of row n is LONG + n; for words, it is WORD. */
enum { WORD = 1, LONG = 256 };

/* The words that are no options: one kernel at most. */
struct words {
	const char *at[2];
	unsigned n; /* how many there were, of which the first two are kept */
};

struct parser {
	const struct option_row *rows;
	struct option longs[OPTION_ROWS_MAX + 1]; /* the rows as getopt_long() takes them */
	char shorts[2 + 2 * OPTION_ROWS_MAX + 1];
	struct words words;
	uint64_t seen; /* a bit for each row */
};

static void parser_init(struct parser *p, const struct option_row *rows)
{
	/* '-': words come in their place among the options; ':': a missing value is told apart. */
	char *letter = stpcpy(p->shorts, "-:");
	int n = 0;

	for (; rows[n].name; n++) {
		const struct option_row *row = &rows[n];
		p->longs[n] = (struct option){
			row->name, row->argument ? required_argument : no_argument, NULL, LONG + n};
		if (row->letter)
			*letter++ = row->letter;
		if (row->letter && row->argument)
			*letter++ = ':';
	}
	p->longs[n] = (struct option){0};
	*letter = '\0';
	p->rows = rows;
	p->words.n = 0;
	p->seen = 0;
	optind = 0; /* GNU: start over, also when this is called again */
	opterr = 0;
}

/* Returns what getopt_long() does; *@word is the argument that it was at. */
static int parser_next(struct parser *p, int argc, char **argv, const char **word)
{
	int at = optind ? optind : 1;
	int opt = getopt_long(argc, argv, p->shorts, p->longs, NULL);

	*word = argv[at < optind ? optind - 1 : at];
	return opt;
}

/* The row that getopt_long() means by @opt, which is neither WORD nor a complaint. */
static const struct option_row *row_of(const struct parser *p, int opt)
{
	const struct option_row *row = p->rows;

	if (opt >= LONG)
		return row + (opt - LONG);
	while (row->letter != opt)
		row++;
	return row;
}

/* One option with its value. */
static int store(const struct option_row *row, const char *value, struct config *cfg, struct err *e)
{
	if (row->store(row, value, (char *)cfg + row->field, e))
		return err_context(e, "--%s", row->name);
	return 0;
}

static int store_presets(const struct option_row *rows, struct config *cfg, struct err *e)
{
	for (const struct option_row *row = rows; row->name; row++)
		if (row->preset && store(row, row->preset, cfg, e))
			return -1;
	return 0;
}

/* getopt's own complaints, as one line of ours. @word is the argument that it was at. */
static int complain(const struct parser *p, int why, const char *word, struct err *e)
{
	if (why == ':')
		return err_set(e, "%s needs a value; try --help", word);
	if (strncmp(word, "--", 2) != 0)
		return err_set(e, "unknown option -%c; try --help", optopt);
	if (optopt) /* a long option that exists, with a value that it does not take */
		return err_set(e, "--%s takes no value; try --help", row_of(p, optopt)->name);
	return err_set(e, "unknown or ambiguous option %s; try --help", word);
}

/* Notes that the option was given. Error: it was before, and is none that makes a list. */
static int mark_seen(struct parser *p, const struct option_row *row, struct err *e)
{
	uint64_t bit = 1ull << (row - p->rows);

	if ((p->seen & bit) && !row->repeatable)
		return err_set(e, "--%s is given twice; try --help", row->name);
	p->seen |= bit;
	return 0;
}

static void words_add(struct words *words, const char *word)
{
	if (words->n < 2)
		words->at[words->n] = word;
	words->n++;
}

static int take_kernel(const struct words *words, struct config *cfg, struct err *e)
{
	if (!words->n)
		return 0;
	if (cfg->payload.kernel)
		return err_set(e, "'%s': the kernel is '%s' already; try --help", words->at[0],
			       cfg->payload.kernel);
	if (words->n > 1)
		return err_set(
			e,
			"'%s': one kernel is enough (is --cmdline's value in quotes?); try --help",
			words->at[1]);
	if (!*words->at[0])
		return err_set(e, "kernel: an empty file name");
	cfg->payload.kernel = words->at[0];
	return 0;
}

/* What follows "--": --init's arguments; without --init, more words. */
static void take_rest(int argc, char **argv, struct words *words, struct config *cfg)
{
	if (cfg->payload.init) {
		cfg->payload.init_args = (const char *const *)argv + optind;
		cfg->payload.n_init_args = (unsigned)(argc - optind);
		return;
	}
	for (int i = optind; i < argc; i++)
		words_add(words, argv[i]);
}

static int check_alone(const struct parser *p, const struct config *cfg, struct err *e)
{
	for (const struct option_row *row = p->rows; row->name; row++) {
		uint64_t bit = 1ull << (row - p->rows);
		if (row->alone && (p->seen & bit) && (cfg->payload.kernel || p->seen != bit))
			return err_set(e, "--%s takes no other options; try --help", row->name);
	}
	return 0;
}

static int check_dtb(const struct config *cfg, struct err *e)
{
	if (arch_has_dtb || (!cfg->payload.dtb && !cfg->dump_dtb))
		return 0;
	return err_set(e, "--%s: this machine has no device tree: kernels are told by ACPI tables",
		       cfg->payload.dtb ? "dtb" : "dump-dtb");
}

static int check_combination(const struct config *cfg, struct err *e)
{
	if (cfg->payload.init && !cfg->payload.kernel)
		return err_set(e, "--init needs a --kernel: the embedded guest runs nothing");
	if (cfg->payload.init && cfg->payload.cmdline &&
	    cmdline_has(cfg->payload.cmdline, "rdinit"))
		return err_set(e, "--init: the --cmdline's rdinit= would run something else");
	if (check_dtb(cfg, e))
		return -1;
	if (cfg->machine.nested && arch_no_nesting)
		return err_set(e, "--nested: %s", arch_no_nesting);
	if ((cfg->console.expect_ordered || cfg->run.until_expected) && !cfg->console.expect.n)
		return err_set(e, "--%s needs an --expect; try --help",
			       cfg->console.expect_ordered ? "expect-ordered" : "until-expected");
	return 0;
}

static bool ends_parsing(enum action action)
{
	return action == ACTION_HELP || action == ACTION_VERSION;
}

/* The options, up to the first --help or --version, and the words among them. */
static int parse_options(struct parser *p, int argc, char **argv, struct config *cfg, struct err *e)
{
	while (!ends_parsing(cfg->action)) {
		const char *word;
		/* Before getopt, which takes -kernel for -k ernel. */
		if (other_tools_check(argv + (optind ? optind : 1), p->rows, e))
			return -1;
		int opt = parser_next(p, argc, argv, &word);
		if (opt == -1)
			break;
		if (opt == WORD) {
			words_add(&p->words, optarg);
			continue;
		}
		if (opt == '?' || opt == ':')
			return complain(p, opt, word, e);
		const struct option_row *row = row_of(p, opt);
		if (mark_seen(p, row, e) || store(row, optarg, cfg, e))
			return -1;
	}
	return 0;
}

static int parse_run(int argc, char **argv, struct config *cfg, struct err *e)
{
	struct parser p;

	parser_init(&p, option_table);
	if (parse_options(&p, argc, argv, cfg, e))
		return -1;
	if (ends_parsing(cfg->action))
		return 0;
	take_rest(argc, argv, &p.words, cfg);
	if (take_kernel(&p.words, cfg, e) || check_alone(&p, cfg, e))
		return -1;
	return check_combination(cfg, e);
}

/* "inspect" and what follows it. */
static int parse_inspect(int argc, char **argv, struct config *cfg, struct err *e)
{
	struct parser p;
	const char *word;
	int opt;

	cfg->action = ACTION_INSPECT;
	parser_init(&p, option_table_inspect);
	while ((opt = parser_next(&p, argc, argv, &word)) != -1) {
		if (opt == '?')
			return err_set(e, "'%s' is not one of its options; try --help", word);
		if (opt == WORD)
			words_add(&p.words, optarg);
		else if (store(row_of(&p, opt), optarg, cfg, e))
			return -1;
	}
	take_rest(argc, argv, &p.words, cfg);
	if (cfg->action == ACTION_HELP)
		return 0;
	if (p.words.n != 1)
		return err_set(e, "%u files, expected one; try --help", p.words.n);
	if (!*p.words.at[0])
		return err_set(e, "an empty file name");
	cfg->payload.kernel = p.words.at[0];
	return 0;
}

int options_parse(int argc, char **argv, struct config *cfg, struct err *e)
{
	*cfg = (struct config){.action = ACTION_RUN};
	if (store_presets(option_table, cfg, e))
		return -1;
	if (argc > 1 && strcmp(argv[1], "inspect") == 0)
		return parse_inspect(argc - 1, argv + 1, cfg, e) ? err_context(e, "inspect") : 0;
	return parse_run(argc, argv, cfg, e);
}

const char *options_boot_name(enum boot_proto proto)
{
	const struct option_word *w = option_boot_words;

	while (w->word && w->value != proto)
		w++;
	return w->word;
}
