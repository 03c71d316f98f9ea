/* SPDX-License-Identifier: BSD-3-Clause */
/* minivmm --dry-run: see dryrun.h. */
#include "vmm/dryrun.h"

#include "vmm/ram.h"
#include "vmm/vm.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void print_range(FILE *f, const char *what, gpa_t start, uint64_t size)
{
	fprintf(f, "%-10s 0x%012" PRIx64 "-0x%012" PRIx64 "\n", what, start, start + size - 1);
}

/* How kernel_facts' word reads. */
static const char *unpacker(const char *word)
{
	if (strcmp(word, "cache") == 0)
		return "from the cache";
	return strcmp(word, "host") == 0 ? "by minivmm" : "in the guest, by itself";
}

static void print_kernel(const struct vm *vm, FILE *f)
{
	const struct kernel_facts *k = &vm->host->reporter.kernel;
	const char *file = vm->host->cfg->kernel;

	fprintf(f, "%-10s %s: %s, %" PRIu64 " bytes%s%s\n", "kernel",
		file ? file : "embedded guest", k->format, k->bytes, k->version[0] ? ", " : "",
		k->version);
	if (k->linux_format)
		fprintf(f, "%-10s %s, with an initrd of %" PRIu64 " bytes\n", "  .linux",
			k->linux_format, k->initrd_bytes);
	print_range(f, "  occupies", vm->image.start, vm->image.end - vm->image.start);
	fprintf(f, "%-10s %s, at 0x%" PRIx64 "\n", "  entry", k->boot, vm->boot.entry);
	if (k->unpacked)
		fprintf(f, "%-10s %s%s%s\n", "  unpacked", unpacker(k->unpacked),
			k->why.text[0] ? ": " : "", k->why.text);
	if (vm->host->kernel.no_cache.text[0])
		fprintf(f, "%-10s none: %s\n", "  cache", vm->host->kernel.no_cache.text);
	if (k->kaslr.virtual_on)
		fprintf(f, "%-10s 1 of %" PRIu64 " physical places, 1 of %" PRIu64 " virtual\n",
			"  kaslr", k->kaslr.physical_places, k->kaslr.virtual_places);
}

/* A line of text that may be a file's: a unified image's command line. */
static void put_plain(const char *text, FILE *f)
{
	for (; *text; text++)
		fputc(*text >= ' ' && *text <= '~' ? *text : '?', f);
	fputc('\n', f);
}

static void print_machine(const struct vm *vm, FILE *f)
{
	const struct config *cfg = vm->host->cfg;

	for (unsigned i = 0; i < vm->mem.n; i++)
		print_range(f, "RAM", vm->mem.range[i].base, vm->mem.range[i].size);
	fprintf(f, "%-10s %u\n", "CPUs", cfg->cpus);
	fprintf(f, "%-10s %zu bytes\n", "initrd", vm->host->initramfs.bytes.size);
	if (vm->host->initrd_check.problem.text[0])
		fprintf(f, "%-10s %s\n", "  warning", vm->host->initrd_check.problem.text);
	fprintf(f, "%-10s ", "cmdline");
	put_plain(vm->host->kernel.cmdline, f);
}

/* What the guest would find in its memory. */
static int load(struct vm *vm, struct err *e)
{
	const char *dump = vm->host->cfg->dump_dtb;

	if (vm_load(vm, board_native->irqchip, e))
		return -1;
	return dump ? vm_dump_dtb(vm, dump, e) : 0;
}

static int try_host(struct host *host, FILE *f, struct err *e)
{
	struct vm vm = {.host = host};

	if (host_open_files(host, e) || host_add_patterns(host, e) ||
	    ram_map(host->cfg->memory_bytes, &vm.mem, e))
		return -1;
	int error = load(&vm, e);
	if (!error) {
		print_kernel(&vm, f);
		print_machine(&vm, f);
	}
	ram_unmap(&vm.mem);
	return error;
}

int dry_run(const struct config *cfg, FILE *f, struct err *e)
{
	struct host *host = calloc(1, sizeof(*host));

	if (!host)
		return err_set(e, "out of memory");
	host->cfg = cfg;
	int error = try_host(host, f, e);
	host_free_patterns(host);
	host_close_files(host);
	free(host);
	return error;
}
