/* SPDX-License-Identifier: BSD-3-Clause */
/* The input is a PE file: its sections, what a boot takes of them, and the kernel in it. */
#include "image_check.h"
#include "loader/uki.h"

enum { CMDLINE_BYTES = 64 };

static void check_inside(struct blob part, struct blob file)
{
	CHECK(!part.data || (part.data >= file.data && part.size <= file.size &&
			     (size_t)(part.data - file.data) <= file.size - part.size));
}

static void check_sections(struct blob file)
{
	struct pe_section s;
	struct err e = {""};
	struct pe pe;

	if (pe_open(file, &pe, &e)) {
		check_error(&e);
		CHECK(!uki_probe(file));
		return;
	}
	CHECK(pe_probe(file));
	for (unsigned i = 0; i < pe.sections; i++) {
		if (pe_section(&pe, i, &s, &e))
			check_error(&e);
		else
			check_inside(s.bytes, file);
		CHECK(strlen(s.name) <= PE_NAME_BYTES);
	}
	CHECK(pe_section(&pe, pe.sections, &s, &e));
}

static void check_cmdline(const struct uki *uki)
{
	struct err e = {""};
	char text[CMDLINE_BYTES];

	if (uki_cmdline(uki, text, sizeof(text), &e)) {
		check_error(&e);
		return;
	}
	CHECK(strlen(text) <= uki->cmdline.size);
	CHECK(!strpbrk(text, "\t\n\v\f\r"));
	CHECK(text[0] != ' ' && (!text[0] || text[strlen(text) - 1] != ' '));
}

static void check_kernel(struct blob file)
{
	const struct gmem *mem = fuzz_memory();
	struct blob packed;
	struct image img;

	for (int machine = 0; machine <= IMAGE_MACHINE_RISCV64; machine++) {
		struct err e = {""};
		if (image_packed(file, (enum image_machine)machine, &packed, &e) == 0)
			check_inside(packed, file);
		if (image_load(file, (enum image_machine)machine, mem, FUZZ_LOWEST, &img, &e))
			check_error(&e);
		else
			check_image(&img, mem);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct blob file = {data, size};
	struct err e = {""};
	struct uki uki;

	check_sections(file);
	if (uki_open(file, &uki, &e)) {
		check_error(&e);
		return 0;
	}
	CHECK(uki_probe(file) && uki.kernel.size);
	check_inside(uki.kernel, file);
	check_inside(uki.cmdline, file);
	check_inside(uki.ucode, file);
	check_inside(uki.initrd, file);
	check_cmdline(&uki);
	check_kernel(file);
	return 0;
}
