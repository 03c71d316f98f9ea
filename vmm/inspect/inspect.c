/* SPDX-License-Identifier: BSD-3-Clause */
/* Gathers what is to be said of a kernel file: see inspect.h. */
#include "vmm/inspect/inspect.h"

#include "loader/arm64_image.h"
#include "loader/banner.h"
#include "loader/bzimage.h"
#include "loader/ikconfig.h"
#include "loader/uki.h"
#include "loader/zboot.h"

#include <inttypes.h>
#include <string.h>

static const uint64_t unpacked_max_bytes = 1 << 30; /* as image_load() has it */

static const char expected[] = "expected a kernel: an ELF file, a bzImage, an arm64 or riscv64 "
			       "Image, plain, compressed or EFI zboot";

static bool is_kernel(enum image_format format)
{
	return format == IMAGE_ELF || format == IMAGE_BZIMAGE || format == IMAGE_ARM64 ||
	       format == IMAGE_RISCV64;
}

static bool is_packed(enum image_format format)
{
	return format == IMAGE_GZIP || format == IMAGE_ZSTD || format == IMAGE_XZ ||
	       format == IMAGE_LZ4 || format == IMAGE_ZBOOT;
}

/* "gzip file" -> "gzip" */
static void name_compression(struct inspection *in, struct blob stream)
{
	const char *name = image_format_name(image_probe(stream));

	in->packed_bytes = stream.size;
	banner_copy((struct blob){(const uint8_t *)name, strcspn(name, " ")}, in->compression,
		    sizeof(in->compression));
}

static void add_header(struct inspection *in, const struct header *header, struct blob bytes,
		       bool inside)
{
	in->header[in->headers++] = (struct inspect_header){header, bytes, inside};
}

/* Unpacks a compressed file. */
static int unpack_file(struct inspection *in, struct err *e)
{
	struct zboot_header h;
	struct blob stream = in->body;

	if (in->body_format == IMAGE_ZBOOT) {
		if (zboot_unpack(in->body, unpacked_max_bytes, &in->inside, e))
			return -1;
		if (blob_copy(in->body, 0, &h, sizeof(h)))
			(void)blob_sub(in->body, h.payload_offset, h.payload_size, &stream);
		add_header(in, &header_zboot, in->body, false);
	} else if (decompress(in->body, unpacked_max_bytes, &in->inside, e)) {
		return -1;
	}
	name_compression(in, stream);
	in->kernel = (struct blob){in->inside.data, in->inside.size};
	in->inside_format = image_probe(in->kernel);
	if (!is_kernel(in->inside_format) || in->inside_format == IMAGE_BZIMAGE)
		return err_set(e, "inside: %s, %s", image_format_name(in->inside_format), expected);
	return 0;
}

/* A bzImage that its kernel cannot be taken out of is still a bzImage. */
static int open_bzimage(struct inspection *in, struct err *e)
{
	struct blob payload, bytes;
	uint8_t jump = 0;

	/* The header ends where its length byte says. */
	if (!blob_copy(in->body, SETUP_HEADER_OFFSET + offsetof(struct setup_header, jump) + 1,
		       &jump, 1) ||
	    !blob_sub(in->body, SETUP_HEADER_OFFSET, 0x202u + jump - SETUP_HEADER_OFFSET, &bytes))
		return err_set(e,
			       "bzImage: the file has %zu bytes, and ends inside its setup header",
			       in->body.size);
	add_header(in, &header_setup, bytes, false);
	bzimage_version(in->body, in->version, sizeof(in->version));
	if (bzimage_payload(in->body, &payload, &in->inside_error))
		return 0;
	name_compression(in, payload);
	if (decompress(payload, unpacked_max_bytes, &in->inside, &in->inside_error))
		return 0;
	in->kernel = (struct blob){in->inside.data, in->inside.size};
	in->inside_format = image_probe(in->kernel);
	return 0;
}

/* @kernel as an ELF file of whatever machine. */
static int open_elf(struct inspection *in, bool inside, struct err *e)
{
	uint16_t machine = EM_NONE;
	struct blob start;
	struct arm64_image_header h;

	(void)blob_copy(in->kernel, offsetof(Elf64_Ehdr, e_machine), &machine, sizeof(machine));
	if (elf_open(in->kernel, machine, &in->elf, e))
		return -1;
	in->has_elf = true;
	add_header(in, &header_elf, in->kernel, inside);
	start = elf_bytes_at_start(&in->elf);
	if (machine == EM_AARCH64 && blob_copy(start, 0, &h, sizeof(h)) &&
	    h.magic == ARM64_IMAGE_MAGIC)
		add_header(in, &header_arm64, start, inside);
	return 0;
}

static void name_architecture(struct inspection *in, enum image_format format)
{
	static const struct {
		uint16_t machine;
		const char *name;
	} machines[] = {{EM_386, "i386"},        {EM_X86_64, "x86_64"}, {EM_ARM, "arm"},
			{EM_AARCH64, "aarch64"}, {EM_RISCV, "riscv64"}, {EM_PPC64, "ppc64"},
			{EM_S390, "s390x"}};
	const char *name = "x86_64";
	struct setup_header h;

	snprintf(in->architecture, sizeof(in->architecture), "e_machine=%u", in->elf.eh.e_machine);
	if (format == IMAGE_ARM64)
		name = "aarch64";
	else if (format == IMAGE_RISCV64)
		name = "riscv64";
	else if (format == IMAGE_BZIMAGE && blob_copy(in->body, SETUP_HEADER_OFFSET, &h, sizeof(h)))
		name = h.xloadflags & SETUP_XLF_KERNEL_64 ? "x86_64" : "i386";
	else if (format == IMAGE_ELF) {
		name = in->architecture;
		for (unsigned i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
			if (machines[i].machine == in->elf.eh.e_machine)
				name = machines[i].name;
	}
	if (name != in->architecture)
		snprintf(in->architecture, sizeof(in->architecture), "%s", name);
}

/* Finds the kernel itself, and reads its headers. */
static int open_kernel(struct inspection *in, struct err *e)
{
	enum image_format format = in->body_format;
	bool inside = is_packed(format);

	if (inside) {
		if (unpack_file(in, e))
			return -1;
		format = in->inside_format;
	} else if (!is_kernel(format)) {
		return err_set(e, "%s, %s", image_format_name(format), expected);
	} else if (format != IMAGE_BZIMAGE) {
		in->kernel = in->body;
	}
	if (format == IMAGE_BZIMAGE) {
		if (open_bzimage(in, e))
			return -1;
		if (in->inside_format == IMAGE_ELF)
			(void)open_elf(in, true, &in->inside_error);
	} else if (format == IMAGE_ELF && open_elf(in, inside, e)) {
		return -1;
	} else if (format == IMAGE_ARM64) {
		add_header(in, &header_arm64, in->kernel, inside);
	} else if (format == IMAGE_RISCV64) {
		add_header(in, &header_riscv64, in->kernel, inside);
	}
	name_architecture(in, format);
	return 0;
}

/* Takes a unified image apart. */
static int open_image(struct inspection *in, struct err *e)
{
	struct uki uki;

	in->body_format = in->format;
	if (in->format != IMAGE_UKI)
		return 0;
	if (pe_open(in->file, &in->pe, e) || uki_open(in->file, &uki, e))
		return -1;
	in->body = uki.kernel;
	in->body_format = image_probe(uki.kernel);
	return 0;
}

int inspect_init(struct inspection *in, struct blob file, void *scratch, uint64_t scratch_bytes,
		 struct err *e)
{
	*in = (struct inspection){.file = file, .format = image_probe(file), .body = file};
	if (open_image(in, e) || open_kernel(in, e)) {
		inspect_fini(in);
		return -1;
	}
	banner_find(in->kernel, in->banner, sizeof(in->banner));
	(void)ikconfig_unpack(in->kernel, &in->config, &in->config_error);
	inspect_boots(in, scratch, scratch_bytes);
	return 0;
}

void inspect_fini(struct inspection *in)
{
	unpacked_free(&in->inside);
	unpacked_free(&in->config);
}
