/* SPDX-License-Identifier: BSD-3-Clause */
/* Unified kernel images: see uki.h. */
#include "loader/uki.h"

static const struct {
	const char *name;
	size_t field; /* of struct uki, a blob */
} wanted[] = {
	{".linux", offsetof(struct uki, kernel)},
	{".cmdline", offsetof(struct uki, cmdline)},
	{".ucode", offsetof(struct uki, ucode)},
	{".initrd", offsetof(struct uki, initrd)},
};
enum { WANTED = sizeof(wanted) / sizeof(wanted[0]) };

/* A walk through the sections of the base and of the first profile. */
struct walk {
	struct pe pe;
	unsigned at;       /* the next section */
	unsigned profiles; /* 1: we are inside the first one */
	unsigned i;        /* the section that was found, */
	unsigned which;    /* and its row of wanted[] */
};

static bool section_has_name(const struct walk *w, unsigned i, const char *name)
{
	char bytes[PE_NAME_BYTES] = "";

	memcpy(bytes, name, strlen(name));
	return blob_has(w->pe.table, (uint64_t)i * sizeof(struct pe_section_header), bytes,
			sizeof(bytes));
}

/* Finds the next section that is in the table above. */
static bool next_wanted(struct walk *w)
{
	while (w->at < w->pe.sections) {
		w->i = w->at++;
		if (section_has_name(w, w->i, ".profile") && ++w->profiles > 1)
			return false;
		for (w->which = 0; w->which < WANTED; w->which++)
			if (section_has_name(w, w->i, wanted[w->which].name))
				return true;
	}
	return false;
}

bool uki_probe(struct blob file)
{
	struct walk w = {.at = 0};

	if (pe_open(file, &w.pe, NULL))
		return false;
	while (next_wanted(&w))
		if (wanted[w.which].field == offsetof(struct uki, kernel))
			return true;
	return false;
}

/*
 * Of several sections with one name the first one counts, and one of the profile before one of the
 * base.
 */
int uki_open(struct blob file, struct uki *uki, struct err *e)
{
	struct walk w = {.at = 0};
	struct pe_section section;
	bool of_profile[WANTED] = {false};

	*uki = (struct uki){.kernel = {NULL, 0}};
	if (pe_open(file, &w.pe, e))
		return err_context(e, "unified kernel image");
	while (next_wanted(&w)) {
		struct blob *to = (struct blob *)((char *)uki + wanted[w.which].field);
		if (to->data && (of_profile[w.which] || !w.profiles))
			continue;
		if (pe_section(&w.pe, w.i, &section, e))
			return err_context(e, "unified kernel image");
		/* An empty section is not a missing one. */
		*to = section.bytes.size ? section.bytes : (struct blob){file.data, 0};
		of_profile[w.which] = w.profiles;
	}
	if (!uki->kernel.size)
		return err_set(e, "unified kernel image: its .linux %s",
			       uki->kernel.data ? "is empty" : "is missing");
	return 0;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

int uki_cmdline(const struct uki *uki, char *text, size_t size, struct err *e)
{
	struct blob line = uki->cmdline;
	size_t start = 0, end = 0;

	while (start < line.size && is_blank(line.data[start]))
		start++;
	for (size_t i = start; i < line.size && line.data[i]; i++)
		if (!is_blank(line.data[i]))
			end = i + 1;
	size_t n = end > start ? end - start : 0;
	if (n >= size)
		return err_set(e,
			       "unified kernel image: its .cmdline has %zu characters, expected at "
			       "most %zu",
			       n, size - 1);
	for (size_t i = 0; i < n; i++) {
		uint8_t c = line.data[start + i];
		text[i] = (char)(is_blank(c) ? ' ' : c);
	}
	text[n] = '\0';
	return 0;
}
