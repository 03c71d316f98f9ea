/* SPDX-License-Identifier: BSD-3-Clause */
/* The input is a kernel file: what `minivmm inspect` finds in it, as text and as JSON. */
#include "image_check.h"
#include "vmm/inspect/inspect.h"

static void check_inspection(const struct inspection *in)
{
	CHECK(in->boots >= 2 && in->boots <= INSPECT_BOOTS);
	CHECK(in->headers >= 1 && in->headers <= INSPECT_HEADERS);
	CHECK(in->architecture[0]);
	for (unsigned i = 0; i < in->boots; i++)
		if (!in->boot[i].possible)
			check_error(&in->boot[i].why);
	CHECK(!in->loads || (in->ram_bytes && in->ram_bytes <= FUZZ_LOW_BYTES));
}

/* Everything is one printable line after another. */
static void check_written(const struct inspection *in,
			  void (*write)(const struct inspection *in, const char *path, FILE *f))
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	CHECK(f);
	write(in, "FILE", f);
	CHECK(fclose(f) == 0 && size > 0 && text[size - 1] == '\n');
	for (size_t i = 0; i < size; i++)
		CHECK(text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~'));
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t *scratch;
	static struct inspection in;
	struct err e = {""};

	if (!scratch)
		scratch = malloc(FUZZ_LOW_BYTES);
	CHECK(scratch);
	if (inspect_init(&in, (struct blob){data, size}, scratch, FUZZ_LOW_BYTES, &e)) {
		check_error(&e);
		return 0;
	}
	check_inspection(&in);
	check_written(&in, inspect_text);
	check_written(&in, inspect_json);
	inspect_fini(&in);
	return 0;
}
