/* SPDX-License-Identifier: BSD-3-Clause */
/* argv -> struct config: see options.h. */
#include "vmm/cli/options.h"

#include "arch/board.h"
#include "loader/cmdline.h"
#include "vmm/cli/option_table.h"
#include "vmm/cli/other_tools.h"

#include <getopt.h>
#include <string.h>

/* What getopt_long() returns: OPERAND for an operand, LONG + n for the long option of row n. */
enum { OPERAND = 1, LONG = 256 };

/* The arguments that are not options: at most a kernel. */
struct operands {
	const char *at[2];
	unsigned n; /* how many there were; only the first two are kept */
};

struct parser {
	const struct option_row *rows;
	struct option longs[OPTION_ROWS_MAX + 1]; /* the rows as getopt_long() takes them */
	char shorts[2 + 2 * OPTION_ROWS_MAX + 1];
	struct operands operands;
	uint64_t seen; /* a bit for each row */
};

static void parser_init(struct parser *p, const struct option_row *rows)
{
	/* '-': operands are returned in their place; ':': a missing value is ':', not '?'. */
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
	p->operands.n = 0;
	p->seen = 0;
	optind = 0; /* GNU: start over, whatever an earlier call has left */
	opterr = 0;
}

/* Returns what getopt_long() returns; *@arg is the argument that it took. */
static int parser_next(struct parser *p, int argc, char **argv, const char **arg)
{
	int at = optind ? optind : 1;
	int opt = getopt_long(argc, argv, p->shorts, p->longs, NULL);

	*arg = argv[at < optind ? optind - 1 : at];
	return opt;
}

/* The row of the option that getopt_long() returned as @opt. */
static const struct option_row *row_of(const struct parser *p, int opt)
{
	const struct option_row *row = p->rows;

	if (opt >= LONG)
		return row + (opt - LONG);
	while (row->letter != opt)
		row++;
	return row;
}

/* Stores the value of one option; NULL: it has none. */
static int store(const struct option_row *row, const char *value, struct config *cfg, struct err *e)
{
	if (row->store(row, value, (char *)cfg + row->field, e))
		return err_context(e, "--%s", row->name);
	return 0;
}

static int store_defaults(const struct option_row *rows, struct config *cfg, struct err *e)
{
	for (const struct option_row *row = rows; row->name; row++)
		if (row->default_value && store(row, row->default_value, cfg, e))
			return -1;
	return 0;
}

/* Says what getopt_long() found wrong with @arg: it returned @why. */
static int usage_error(const struct parser *p, int why, const char *arg, struct err *e)
{
	if (why == ':')
		return err_set(e, "%s needs a value; try --help", arg);
	if (strncmp(arg, "--", 2) != 0)
		return err_set(e, "unknown option -%c; try --help", optopt);
	if (optopt) /* a known long option, given a value that it does not take */
		return err_set(e, "--%s takes no value; try --help", row_of(p, optopt)->name);
	return err_set(e, "unknown or ambiguous option %s; try --help", arg);
}

/* Notes that an option was given. Error: it was given before and is not repeatable. */
static int mark_seen(struct parser *p, const struct option_row *row, struct err *e)
{
	uint64_t bit = 1ull << (row - p->rows);

	if ((p->seen & bit) && !row->repeatable)
		return err_set(e, "--%s is given twice; try --help", row->name);
	p->seen |= bit;
	return 0;
}

static void operands_add(struct operands *operands, const char *arg)
{
	if (operands->n < 2)
		operands->at[operands->n] = arg;
	operands->n++;
}

static int take_kernel(const struct operands *operands, struct config *cfg, struct err *e)
{
	if (!operands->n)
		return 0;
	if (cfg->payload.kernel)
		return err_set(e, "'%s': the kernel is '%s' already; try --help", operands->at[0],
			       cfg->payload.kernel);
	if (operands->n > 1)
		return err_set(
			e,
			"'%s': one kernel is enough (is --cmdline's value in quotes?); try --help",
			operands->at[1]);
	if (!*operands->at[0])
		return err_set(e, "kernel: an empty file name");
	cfg->payload.kernel = operands->at[0];
	return 0;
}

/* Takes what follows "--": the arguments of --init or, without --init, more operands. */
static void take_rest(int argc, char **argv, struct operands *operands, struct config *cfg)
{
	if (cfg->payload.init) {
		cfg->payload.init_args = (const char *const *)argv + optind;
		cfg->payload.n_init_args = (unsigned)(argc - optind);
		return;
	}
	for (int i = optind; i < argc; i++)
		operands_add(operands, argv[i]);
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
	if (board_native->has_dtb || (!cfg->payload.dtb && !cfg->dump_dtb))
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
	if (cfg->machine.nested && board_native->no_nesting)
		return err_set(e, "--nested: %s", board_native->no_nesting);
	if ((cfg->console.expect_ordered || cfg->run.until_expected) && !cfg->console.expect.n)
		return err_set(e, "--%s needs an --expect; try --help",
			       cfg->console.expect_ordered ? "expect-ordered" : "until-expected");
	return 0;
}

static bool ends_parsing(enum action action)
{
	return action == ACTION_HELP || action == ACTION_VERSION;
}

/* Parses options and operands, up to the first --help or --version. */
static int parse_options(struct parser *p, int argc, char **argv, struct config *cfg, struct err *e)
{
	while (!ends_parsing(cfg->action)) {
		const char *arg;
		/* This comes first because getopt reads -kernel as -k ernel. */
		if (other_tools_check(argv + (optind ? optind : 1), p->rows, e))
			return -1;
		int opt = parser_next(p, argc, argv, &arg);
		if (opt == -1)
			break;
		if (opt == OPERAND) {
			operands_add(&p->operands, optarg);
			continue;
		}
		if (opt == '?' || opt == ':')
			return usage_error(p, opt, arg, e);
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
	take_rest(argc, argv, &p.operands, cfg);
	if (take_kernel(&p.operands, cfg, e) || check_alone(&p, cfg, e))
		return -1;
	return check_combination(cfg, e);
}

/* Parses `minivmm inspect`; argv[0] is "inspect". */
static int parse_inspect(int argc, char **argv, struct config *cfg, struct err *e)
{
	struct parser p;
	const char *arg;
	int opt;

	cfg->action = ACTION_INSPECT;
	parser_init(&p, option_table_inspect);
	while ((opt = parser_next(&p, argc, argv, &arg)) != -1) {
		if (opt == '?' || opt == ':')
			return err_set(e, "'%s' is not one of its options; try --help", arg);
		if (opt == OPERAND)
			operands_add(&p.operands, optarg);
		else if (store(row_of(&p, opt), optarg, cfg, e))
			return -1;
	}
	take_rest(argc, argv, &p.operands, cfg);
	if (cfg->action == ACTION_HELP)
		return 0;
	if (p.operands.n != 1)
		return err_set(e, "%u files, expected one; try --help", p.operands.n);
	if (!*p.operands.at[0])
		return err_set(e, "an empty file name");
	cfg->payload.kernel = p.operands.at[0];
	return 0;
}

int options_parse(int argc, char **argv, struct config *cfg, struct err *e)
{
	*cfg = (struct config){.action = ACTION_RUN};
	if (store_defaults(option_table, cfg, e))
		return -1;
	if (argc > 1 && strcmp(argv[1], "inspect") == 0)
		return parse_inspect(argc - 1, argv + 1, cfg, e) ? err_context(e, "inspect") : 0;
	return parse_run(argc, argv, cfg, e);
}
