/* SPDX-License-Identifier: BSD-3-Clause */
/* Finds which boots of a kernel file are possible, by loading it. */
#include "arch/aarch64/layout.h"
#include "arch/x86_64/place.h"
#include "vmm/inspect/inspect.h"

#include <stdio.h>

static const struct image_placement arm64_place = {.lowest = ARM64_RAM_GPA};

/* The machines of minivmm, with what decides a kernel's place in their RAM. */
static const struct {
	const char *name;
	gpa_t ram_gpa;
	const struct image_placement *place;
	bool pvh;
} machines[] = {
	[IMAGE_MACHINE_X86_64] = {"x86_64", 0, &x86_kernel_place, true},
	[IMAGE_MACHINE_AARCH64] = {"aarch64", ARM64_RAM_GPA, &arm64_place, false},
};

const char *inspect_machine_name(enum image_machine machine)
{
	return machines[machine].name;
}

static struct inspect_boot *add(struct inspection *in, enum image_machine machine,
				const char *protocol, bool inside)
{
	struct inspect_boot *b = &in->boot[in->boots++];

	*b = (struct inspect_boot){.machine = machine, .protocol = protocol, .inside = inside};
	return b;
}

/* Adds one entry: it is possible, or @why says why not. */
static void add_entry(struct inspection *in, enum image_machine machine, const char *protocol,
		      bool inside, bool has, gpa_t entry, const char *why)
{
	struct inspect_boot *b = add(in, machine, protocol, inside);

	b->possible = has;
	b->entry = entry;
	if (!has)
		err_set(&b->why, "%s", why);
}

/* @file is the file itself, or its unpacked content; @inside: it is the kernel of a bzImage. */
static void try_machine(struct inspection *in, struct blob file, bool inside,
			enum image_machine machine, const struct gmem *mem)
{
	struct image img;
	struct err e;

	if (image_load_plain(file, machine, mem, machines[machine].place, &img, &e)) {
		if (image_is_packed(in->body_format))
			(void)image_name_outside(in->body_format, &e);
		add(in, machine, NULL, inside)->why = e;
		return;
	}
	add_entry(in, machine, "linux64", inside, img.has_entry64, img.entry64, img.no_entry64);
	if (machines[machine].pvh)
		add_entry(in, machine, "pvh", inside, img.has_pvh, img.pvh_entry, img.no_pvh);
	if (inside)
		return;
	in->loads = true;
	in->machine = machine;
	in->image = img;
	in->ram_bytes = img.end - machines[machine].ram_gpa;
}

void inspect_boots(struct inspection *in, void *scratch, uint64_t scratch_bytes)
{
	struct blob file = in->bzimage.size ? in->bzimage : in->kernel;

	for (unsigned i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		struct gmem mem = {.n = 0};
		enum image_machine machine = (enum image_machine)i;
		(void)gmem_add(&mem, machines[i].ram_gpa, scratch_bytes, scratch, NULL);
		try_machine(in, file, false, machine, &mem);
		if (machine == IMAGE_MACHINE_X86_64 && in->bzimage.size && in->has_elf)
			try_machine(in, in->kernel, true, machine, &mem);
	}
}
