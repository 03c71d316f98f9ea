/* SPDX-License-Identifier: BSD-3-Clause */
/* minivmm inspect's text: see inspect.h. */
#include "vmm/inspect/inspect.h"
#include "vmm/inspect/requirement.h"
#include "vmm/inspect/sections.h"

#include <inttypes.h>

static const uint64_t mib = 1 << 20;

static void put_file(const struct inspection *in, const char *path, FILE *f)
{
	fprintf(f, "%-14s %s: %s, %zu bytes\n", "file", path, image_format_name(in->format),
		in->file.size);
	if (in->inside.data)
		fprintf(f, "%-14s %s: %zu bytes unpack to %zu: %s\n", "compression",
			in->compression, in->packed_bytes, in->inside.size,
			image_format_name(in->inside_format));
	if (in->inside_error.text[0])
		fprintf(f, "%-14s not readable: %s\n", "kernel inside", in->inside_error.text);
	fprintf(f, "%-14s %s\n", "architecture", in->architecture);
	if (in->version[0])
		fprintf(f, "%-14s %s\n", "version", in->version);
	if (in->banner[0])
		fprintf(f, "%-14s %s\n", "banner", in->banner);
}

/* The sections of a unified image. */
static void put_sections(const struct inspection *in, FILE *f)
{
	uint64_t budget = in->file.size;
	struct section_view s;

	if (in->pe.sections)
		fprintf(f, "sections\n");
	for (unsigned i = 0; i < in->pe.sections; i++) {
		section_describe(&in->pe, i, &budget, &s);
		fprintf(f, "  %-8s 0x%08" PRIx64 " %10" PRIu64 " bytes: %s", s.name, s.offset,
			s.bytes, s.type);
		if (s.format || s.text[0])
			fprintf(f, ": %s", s.format ? s.format : s.text);
		if (s.problem.text[0])
			fprintf(f, " (%s)", s.problem.text);
		fputc('\n', f);
	}
}

static void put_image(const struct inspection *in, FILE *f)
{
	const struct image *img = &in->image;

	if (!in->loads)
		return;
	fprintf(f,
		"%-14s 0x%" PRIx64 "-0x%" PRIx64 " (%" PRIu64 " bytes), with --memory %" PRIu64
		"M at least\n",
		"memory", img->start, img->end - 1, img->end - img->start,
		(in->ram_bytes + mib - 1) / mib);
	if (img->page_bytes)
		fprintf(f, "%-14s %" PRIu32 " KiB\n", "pages", img->page_bytes >> 10);
	fprintf(f, "%-14s up to %" PRIu64 " characters\n", "command line", img->cmdline_max);
	fprintf(f, "%-14s from 0x%" PRIx64 " to 0x%" PRIx64 "%s\n", "initrd", img->initrd_addr_min,
		img->initrd_addr_max, img->initrd_above_4g ? ", or above 4 GiB" : "");
}

static void put_boots(const struct inspection *in, FILE *f)
{
	fprintf(f, "boots\n");
	for (unsigned i = 0; i < in->boots; i++) {
		const struct inspect_boot *b = &in->boot[i];
		fprintf(f, "  %-8s %-8s %s", inspect_machine_name(b->machine),
			b->protocol ? b->protocol : "", b->inside ? "the ELF inside: " : "");
		if (b->possible)
			fprintf(f, "yes, entry 0x%" PRIx64 "\n", b->entry);
		else
			fprintf(f, "no: %s\n", b->why.text);
	}
}

static void put_header(const struct inspect_header *h, FILE *f)
{
	char text[FIELD_TEXT_BYTES], meaning[FIELD_TEXT_BYTES];
	uint64_t value;

	fprintf(f, "%s%s\n", h->header->name, h->inside ? " (inside)" : "");
	for (unsigned i = 0; i < h->header->n; i++) {
		const struct field *field = &h->header->fields[i];
		if (!field_text(field, h->bytes, text) || !field_value(field, h->bytes, &value))
			break;
		field_meaning(field, value, meaning);
		fprintf(f, "  0x%03x %2u %-21s %s%s%s%s\n", h->offset + field->offset, field->bytes,
			field->name, text, meaning[0] ? " (" : "", meaning, meaning[0] ? ")" : "");
	}
}

static void put_segments(const struct inspection *in, FILE *f)
{
	if (!in->has_elf)
		return;
	fprintf(f, "segments%s\n", in->inside.data ? " (inside)" : "");
	for (unsigned i = 0; i < in->elf.eh.e_phnum; i++) {
		Elf64_Phdr ph = in->elf.phdr[i];
		if (ph.p_type != PT_LOAD && ph.p_type != PT_NOTE)
			continue;
		fprintf(f,
			"  %s %c%c%c 0x%010" PRIx64 " %9" PRIu64 " bytes, %9" PRIu64
			" of them at 0x%" PRIx64 " of the file, aligned to 0x%" PRIx64 "\n",
			ph.p_type == PT_LOAD ? "LOAD" : "NOTE", ph.p_flags & PF_R ? 'r' : '-',
			ph.p_flags & PF_W ? 'w' : '-', ph.p_flags & PF_X ? 'x' : '-', ph.p_paddr,
			ph.p_memsz, ph.p_filesz, ph.p_offset, ph.p_align);
	}
}

static void put_config(const struct inspection *in, FILE *f)
{
	struct blob text = {in->config.data, in->config.size};
	enum ikconfig_state state;
	const struct requirement *need;
	unsigned at = 0;

	fprintf(f, "configuration\n");
	if (in->config_error.text[0]) {
		fprintf(f, "  not readable: %s\n", in->config_error.text);
		return;
	}
	if (!in->config.data) {
		fprintf(f, "  not embedded: CONFIG_IKCONFIG=y would do that\n");
		return;
	}
	fprintf(f, "  embedded, %zu bytes\n", in->config.size);
	while (in->loads && (need = requirement_next(text, in->machine, &at, &state)))
		fprintf(f, "  warning: CONFIG_%s %s: %s\n", need->option,
			state == IKCONFIG_M ? "is a module" : "is not set", need->lost);
}

void inspect_text(const struct inspection *in, const char *path, FILE *f)
{
	put_file(in, path, f);
	put_image(in, f);
	put_boots(in, f);
	put_sections(in, f);
	for (unsigned i = 0; i < in->headers; i++)
		put_header(&in->header[i], f);
	put_segments(in, f);
	put_config(in, f);
}
