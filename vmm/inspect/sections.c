/* SPDX-License-Identifier: BSD-3-Clause */
/* The sections of a unified kernel image: see sections.h. Source: systemd-stub(7). */
#include "vmm/inspect/sections.h"

#include "loader/banner.h"
#include "loader/image.h"
#include "loader/initrd_scan.h"

static const struct {
	const char *name, *type;
	bool is_text;
} known[] = {
	{".linux", "kernel", false},
	{".initrd", "initrd", false},
	{".ucode", "initrd with microcode", false},
	{".cmdline", "command line", true},
	{".uname", "kernel release", true},
	{".osrel", "os-release", true},
	{".profile", "profile", true},
	{".sbat", "revocation data", true},
	{".sdmagic", "version of the stub", true},
	{".pcrsig", "signature of PCR values", true},
	{".pcrpkey", "public key", true},
	{".splash", "picture", false},
	{".dtb", "device tree", false},
	{".dtbauto", "device tree for some hardware", false},
	{".hwids", "hardware ids", false},
	{".efifw", "firmware", false},
	{".text", "code of the stub", false},
};

static void describe_initrd(struct blob initrd, struct section_view *view)
{
	struct initrd_scan scan;

	initrd_scan(initrd, &scan);
	view->format = scan.format;
	view->problem = scan.problem;
}

void section_describe(const struct pe *pe, unsigned i, uint64_t *budget, struct section_view *view)
{
	struct pe_section s;

	*view = (struct section_view){.type = "data of the stub"};
	(void)pe_section(pe, i, &s, &view->problem);
	banner_copy((struct blob){(const uint8_t *)s.name, strlen(s.name)}, view->name,
		    sizeof(view->name));
	view->offset = s.offset;
	view->bytes = s.bytes.size;
	for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
		if (strcmp(s.name, known[k].name) != 0)
			continue;
		view->type = known[k].type;
		if (known[k].is_text)
			banner_copy(s.bytes, view->text, sizeof(view->text));
	}
	if (!s.bytes.size || s.bytes.size > *budget)
		return;
	*budget -= s.bytes.size;
	if (strcmp(s.name, ".linux") == 0)
		view->format = image_format_name(image_probe(s.bytes));
	else if (strcmp(s.name, ".initrd") == 0 || strcmp(s.name, ".ucode") == 0)
		describe_initrd(s.bytes, view);
}
