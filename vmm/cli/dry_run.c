/* SPDX-License-Identifier: BSD-3-Clause */
/* minivmm --dry-run: see dry_run.h. */
#include "vmm/cli/dry_run.h"

#include "arch/board.h"
#include "vmm/console/patterns.h"
#include "vmm/machine/load.h"
#include "vmm/machine/ram.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void print_range(FILE *f, const char *what, gpa_t start, uint64_t size)
{
	fprintf(f, "%-10s 0x%012" PRIx64 "-0x%012" PRIx64 "\n", what, start, start + size - 1);
}

static const char *const unpackers[] = {
	[UNPACKED_BY_HOST] = "by minivmm",
	[UNPACKED_BY_CACHE] = "from the cache",
	[UNPACKED_BY_GUEST] = "in the guest, by itself",
};

static void print_kernel(const struct kernel *kernel, const struct loaded *loaded, FILE *f)
{
	const struct kernel_facts *k = &kernel->facts;
	const struct image *img = &loaded->image;
	const char *file = kernel->cfg->kernel;

	fprintf(f, "%-10s %s: %s, %" PRIu64 " bytes%s%s\n", "kernel",
		file ? file : "embedded guest", image_format_name(k->format), k->bytes,
		k->version[0] ? ", " : "", k->version);
	if (k->is_uki)
		fprintf(f, "%-10s %s, with an initrd of %" PRIu64 " bytes\n", "  .linux",
			image_format_name(k->linux_format), k->initrd_bytes);
	print_range(f, "  occupies", img->start, img->end - img->start);
	fprintf(f, "%-10s %s, at 0x%" PRIx64 "\n", "  entry", machine_boot_name(loaded->boot.proto),
		loaded->boot.entry);
	if (k->unpacked_by)
		fprintf(f, "%-10s %s%s%s\n", "  unpacked", unpackers[k->unpacked_by],
			k->why.text[0] ? ": " : "", k->why.text);
	if (kernel->no_cache.text[0])
		fprintf(f, "%-10s none: %s\n", "  cache", kernel->no_cache.text);
	if (k->kaslr.virtual_on)
		fprintf(f, "%-10s 1 of %" PRIu64 " physical places, 1 of %" PRIu64 " virtual\n",
			"  kaslr", k->kaslr.physical_places, k->kaslr.virtual_places);
}

/* Prints a line whose text may come from a file: the command line of a unified image. */
static void put_plain(const char *text, FILE *f)
{
	for (; *text; text++)
		fputc(*text >= ' ' && *text <= '~' ? *text : '?', f);
	fputc('\n', f);
}

static void print_machine(const struct config *cfg, const struct payload *payload,
			  const struct gmem *mem, FILE *f)
{
	const char *warning = payload_warning(payload);

	for (unsigned i = 0; i < mem->n; i++)
		print_range(f, "RAM", mem->range[i].base, mem->range[i].size);
	fprintf(f, "%-10s %u\n", "CPUs", cfg->machine.cpus);
	fprintf(f, "%-10s %zu bytes\n", "initrd", payload->initramfs.bytes.size);
	if (warning[0])
		fprintf(f, "%-10s %s\n", "  warning", warning);
	fprintf(f, "%-10s ", "cmdline");
	put_plain(payload->kernel.cmdline, f);
}

/* Fills the guest's memory, and describes it. */
static int load(const struct config *cfg, struct payload *payload, FILE *f, struct err *e)
{
	struct loaded loaded;
	struct gmem mem;

	if (ram_map(cfg->machine.memory_bytes, &mem, e))
		return -1;
	int error = payload_load(payload, &mem, &loaded.image, e);
	if (!error)
		error = load_boot(payload, &cfg->machine, board_native->irqchip, &mem, &loaded, e);
	if (!error && cfg->dump_dtb)
		error = load_dump_dtb(&mem, &loaded, cfg->dump_dtb, e);
	if (!error) {
		print_kernel(&payload->kernel, &loaded, f);
		print_machine(cfg, payload, &mem, f);
	}
	ram_unmap(&mem);
	return error;
}

/* Compiles the patterns, because a run would refuse an invalid one. */
static int try_patterns(const struct console_config *cfg, struct err *e)
{
	struct watch *w = calloc(1, sizeof(*w));

	if (!w)
		return err_set(e, "out of memory");
	int error = patterns_compile(cfg, w, e);
	patterns_free(w);
	free(w);
	return error;
}

int dry_run(const struct config *cfg, FILE *f, struct err *e)
{
	struct payload *payload = calloc(1, sizeof(*payload));

	if (!payload)
		return err_set(e, "out of memory");
	int error = payload_open(payload, &cfg->payload, cfg->machine.memory_bytes, e);
	if (!error)
		error = try_patterns(&cfg->console, e);
	if (!error)
		error = load(cfg, payload, f, e);
	payload_close(payload);
	free(payload);
	return error;
}
