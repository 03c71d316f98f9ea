/* SPDX-License-Identifier: BSD-3-Clause */
/* minivmm inspect --json: see inspect.h and docs/inspect.md. */
#include "vmm/inspect/inspect.h"
#include "vmm/inspect/requirement.h"
#include "vmm/inspect/sections.h"
#include "vmm/report/json.h"

#include <inttypes.h>

/* Addresses may have 64 bits, more than readers of JSON keep of a number, so they are strings. */
static void put_address(struct json *j, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	json_string(j, key, text);
}

static void put_inside(struct json *j, const struct inspection *in)
{
	if (!in->compression[0] && !in->inside_error.text[0]) {
		json_null(j, "inside");
		return;
	}
	json_begin(j, "inside", '{');
	json_text(j, "compression", in->compression);
	json_number(j, "packed_bytes", in->packed_bytes);
	json_number(j, "bytes", in->inside.size);
	json_string(j, "format", in->inside.data ? image_format_name(in->inside_format) : NULL);
	json_text(j, "problem", in->inside_error.text);
	json_end(j, '}');
}

static void put_boots(struct json *j, const struct inspection *in)
{
	json_begin(j, "boots", '[');
	for (unsigned i = 0; i < in->boots; i++) {
		const struct inspect_boot *b = &in->boot[i];
		json_begin(j, NULL, '{');
		json_string(j, "machine", inspect_machine_name(b->machine));
		json_string(j, "protocol", b->protocol);
		json_bool(j, "inside", b->inside);
		json_bool(j, "possible", b->possible);
		if (b->possible)
			put_address(j, "entry", b->entry);
		else
			json_null(j, "entry");
		json_text(j, "why_not", b->why.text);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void put_image(struct json *j, const struct inspection *in)
{
	const struct image *img = &in->image;

	if (!in->loads) {
		json_null(j, "loaded");
		return;
	}
	json_begin(j, "loaded", '{');
	json_string(j, "machine", inspect_machine_name(in->machine));
	put_address(j, "start", img->start);
	put_address(j, "end", img->end);
	json_number(j, "bytes", img->end - img->start);
	json_number(j, "ram_bytes", in->ram_bytes);
	if (img->page_bytes)
		json_number(j, "page_bytes", img->page_bytes);
	else
		json_null(j, "page_bytes");
	json_number(j, "cmdline_max_bytes", img->cmdline_max);
	put_address(j, "initrd_addr_min", img->initrd_addr_min);
	put_address(j, "initrd_addr_max", img->initrd_addr_max);
	json_bool(j, "initrd_above_4g", img->initrd_above_4g);
	json_end(j, '}');
}

/* The sections of a unified image. */
static void put_sections(struct json *j, const struct inspection *in)
{
	uint64_t budget = in->file.size;
	struct section_view s;

	json_begin(j, "sections", '[');
	for (unsigned i = 0; i < in->pe.sections; i++) {
		section_describe(&in->pe, i, &budget, &s);
		json_begin(j, NULL, '{');
		json_string(j, "name", s.name);
		json_number(j, "file_offset", s.offset);
		json_number(j, "bytes", s.bytes);
		json_string(j, "type", s.type);
		json_string(j, "format", s.format);
		json_text(j, "text", s.text);
		json_text(j, "problem", s.problem.text);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void put_fields(struct json *j, const struct inspect_header *h)
{
	char text[FIELD_TEXT_BYTES], meaning[FIELD_TEXT_BYTES];
	uint64_t value;

	json_begin(j, "fields", '[');
	for (unsigned i = 0; i < h->header->n; i++) {
		const struct field *field = &h->header->fields[i];
		if (!field_text(field, h->bytes, text) || !field_value(field, h->bytes, &value))
			break;
		field_meaning(field, value, meaning);
		json_begin(j, NULL, '{');
		json_string(j, "name", field->name);
		json_number(j, "offset", (uint64_t)h->offset + field->offset);
		json_number(j, "bytes", field->bytes);
		json_string(j, "value", text);
		json_text(j, "meaning", meaning);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void put_headers(struct json *j, const struct inspection *in)
{
	json_begin(j, "headers", '[');
	for (unsigned i = 0; i < in->headers; i++) {
		json_begin(j, NULL, '{');
		json_string(j, "name", in->header[i].header->name);
		json_bool(j, "inside", in->header[i].inside);
		put_fields(j, &in->header[i]);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void put_segment(struct json *j, const Elf64_Phdr *ph)
{
	const char flags[] = {ph->p_flags & PF_R ? 'r' : '-', ph->p_flags & PF_W ? 'w' : '-',
			      ph->p_flags & PF_X ? 'x' : '-', '\0'};

	json_begin(j, NULL, '{');
	json_string(j, "type", ph->p_type == PT_LOAD ? "LOAD" : "NOTE");
	json_string(j, "flags", flags);
	put_address(j, "physical", ph->p_paddr);
	put_address(j, "virtual", ph->p_vaddr);
	json_number(j, "memory_bytes", ph->p_memsz);
	json_number(j, "file_bytes", ph->p_filesz);
	json_number(j, "file_offset", ph->p_offset);
	put_address(j, "align", ph->p_align);
	json_end(j, '}');
}

static void put_segments(struct json *j, const struct inspection *in)
{
	json_begin(j, "segments", '[');
	for (unsigned i = 0; in->has_elf && i < in->elf.eh.e_phnum; i++) {
		Elf64_Phdr ph = in->elf.phdr[i];
		if (ph.p_type == PT_LOAD || ph.p_type == PT_NOTE)
			put_segment(j, &ph);
	}
	json_end(j, ']');
}

static void put_config(struct json *j, const struct inspection *in)
{
	struct blob text = {in->config.data, in->config.size};
	enum ikconfig_state state;
	const struct requirement *need;
	unsigned at = 0;

	if (!in->config.data && !in->config_error.text[0]) {
		json_null(j, "config");
		return;
	}
	json_begin(j, "config", '{');
	json_number(j, "bytes", in->config.size);
	json_text(j, "problem", in->config_error.text);
	json_begin(j, "missing", '[');
	while (in->config.data && in->loads &&
	       (need = requirement_next(text, in->machine, &at, &state))) {
		json_begin(j, NULL, '{');
		json_string(j, "option", need->option);
		json_bool(j, "module", state == IKCONFIG_M);
		json_string(j, "lost", need->lost);
		json_end(j, '}');
	}
	json_end(j, ']');
	json_end(j, '}');
}

void inspect_json(const struct inspection *in, const char *path, FILE *f)
{
	struct json j = {.f = f};

	json_begin(&j, NULL, '{');
	json_string(&j, "schema", "minivmm-inspect");
	json_number(&j, "schema_version", INSPECT_SCHEMA_VERSION);
	json_string(&j, "minivmm", MINIVMM_VERSION);
	json_string(&j, "file", path);
	json_number(&j, "bytes", in->file.size);
	json_string(&j, "format", image_format_name(in->format));
	put_inside(&j, in);
	json_string(&j, "architecture", in->architecture);
	json_text(&j, "version", in->version);
	json_text(&j, "banner", in->banner);
	put_boots(&j, in);
	put_image(&j, in);
	put_sections(&j, in);
	put_headers(&j, in);
	put_segments(&j, in);
	put_config(&j, in);
	json_end(&j, '}');
}
