/* SPDX-License-Identifier: BSD-3-Clause */
/* Gathers the facts about a kernel file: see inspect.h. */
#include "vmm/inspect/inspect.h"

#include "loader/arm64_image.h"
#include "loader/banner.h"
#include "loader/bzimage.h"
#include "loader/elf_machine.h"
#include "loader/ikconfig.h"
#include "loader/multiboot.h"
#include "loader/unwrap.h"
#include "loader/zboot.h"

#include <inttypes.h>
#include <string.h>

static const char expected[] = "expected a kernel: an ELF file, a bzImage, an arm64 or riscv64 "
			       "Image, a multiboot kernel; plain, compressed, EFI zboot or in "
			       "a unified kernel image";

static bool is_kernel(enum image_format format)
{
	return format == IMAGE_ELF || format == IMAGE_BZIMAGE || format == IMAGE_ARM64 ||
	       format == IMAGE_RISCV64 || format == IMAGE_MULTIBOOT;
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
	in->header[in->headers++] = (struct inspect_header){header, bytes, inside, header->offset};
}

/* Adds the headers of @in->kernel. A file may have several, for different loaders. */
static void add_multiboot(struct inspection *in, bool inside)
{
	static const struct {
		const struct header *header;
		bool (*find)(struct blob file, struct blob *header);
	} kinds[] = {{&header_multiboot, multiboot_find}, {&header_multiboot2, multiboot2_find}};

	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct blob bytes;
		if (!kinds[i].find(in->kernel, &bytes))
			continue;
		add_header(in, kinds[i].header, bytes, inside);
		in->header[in->headers - 1].offset = (uint32_t)(bytes.data - in->kernel.data);
	}
}

/* Unpacks @image. For unwrap_packed(), x86_64 is the machine of bzImages. */
static int unpack(struct inspection *in, struct blob image, struct err *e)
{
	struct unwrap u;

	if (unwrap_open(image, &u, e) || unwrap_packed(&u, IMAGE_MACHINE_X86_64, e))
		return -1;
	name_compression(in, u.packed);
	if (unwrap_unpack(&u, &in->inside, e))
		return -1;
	in->kernel = (struct blob){in->inside.data, in->inside.size};
	in->inside_format = image_probe(in->kernel);
	return 0;
}

/* A compressed file, or an EFI zboot image. */
static int open_packed(struct inspection *in, struct err *e)
{
	if (unpack(in, in->body, e))
		return -1;
	if (in->body_format == IMAGE_ZBOOT)
		add_header(in, &header_zboot, in->body, false);
	if (!is_kernel(in->inside_format))
		return err_set(e, "inside: %s, %s", image_format_name(in->inside_format), expected);
	return 0;
}

/* Sets the kernel to the file, or to the content of a compressed one (@inside). */
static int open_bzimage(struct inspection *in, bool inside, struct err *e)
{
	struct blob bytes;
	uint8_t jump = 0;

	in->bzimage = inside ? in->kernel : in->body;
	in->outer = in->inside;
	in->inside = (struct unpacked){0};
	in->inside_format = IMAGE_UNKNOWN;
	in->compression[0] = '\0';
	in->kernel = (struct blob){NULL, 0};
	/* The length byte of the header says where it ends. */
	if (!blob_copy(in->bzimage, SETUP_HEADER_OFFSET + offsetof(struct setup_header, jump) + 1,
		       &jump, 1) ||
	    !blob_sub(in->bzimage, SETUP_HEADER_OFFSET,
		      (uint64_t)SETUP_HEADER_JUMP_BASE + jump - SETUP_HEADER_OFFSET, &bytes))
		return err_set(e,
			       "bzImage: the file has %zu bytes, and ends inside its setup header",
			       in->bzimage.size);
	add_header(in, &header_setup, bytes, inside);
	bzimage_version(in->bzimage, in->version, sizeof(in->version));
	/* One that cannot be unpacked here is a bzImage all the same. */
	(void)unpack(in, in->bzimage, &in->inside_error);
	return 0;
}

/* Reads @kernel as an ELF file for any machine. */
static int open_elf(struct inspection *in, bool inside, struct err *e)
{
	uint16_t machine = EM_NONE;
	struct blob start;
	struct arm64_image_header h;

	(void)blob_copy(in->kernel, offsetof(Elf64_Ehdr, e_machine), &machine, sizeof(machine));
	if (elf_open(in->kernel, machine, &in->elf, e))
		return -1;
	in->has_elf = true;
	add_header(in, elf_is_32(&in->elf) ? &header_elf32 : &header_elf, in->kernel, inside);
	start = elf_bytes_at_start(&in->elf);
	if (machine == EM_AARCH64 && blob_copy(start, 0, &h, sizeof(h)) &&
	    h.magic == ARM64_IMAGE_MAGIC)
		add_header(in, &header_arm64, start, inside);
	add_multiboot(in, inside);
	return 0;
}

/* The architecture of an ELF file; NULL: not known. */
static const char *elf_architecture(const struct elf *elf)
{
	const struct elf_machine *machine = elf_machine_find(elf->eh.e_machine);

	if (elf->eh.e_machine == EM_RISCV && elf_is_32(elf))
		return "riscv32";
	return machine ? machine->architecture : NULL;
}

static void name_architecture(struct inspection *in, enum image_format format)
{
	const char *name = "x86_64";
	struct setup_header h;

	if (format == IMAGE_ARM64)
		name = "aarch64";
	else if (format == IMAGE_RISCV64)
		name = "riscv64";
	else if (format == IMAGE_MULTIBOOT)
		name = "i386"; /* multiboot2 also has MIPS, which is in its header */
	else if (format == IMAGE_BZIMAGE &&
		 blob_copy(in->bzimage, SETUP_HEADER_OFFSET, &h, sizeof(h)))
		name = h.xloadflags & SETUP_XLF_KERNEL_64 ? "x86_64" : "i386";
	else if (format == IMAGE_ELF)
		name = elf_architecture(&in->elf);
	if (name)
		snprintf(in->architecture, sizeof(in->architecture), "%s", name);
	else
		snprintf(in->architecture, sizeof(in->architecture), "e_machine=%u",
			 in->elf.eh.e_machine);
}

/* Finds the kernel itself, and reads its headers. */
static int open_kernel(struct inspection *in, struct err *e)
{
	enum image_format format = in->body_format;
	bool inside = image_is_packed(format);

	if (inside) {
		if (open_packed(in, e))
			return -1;
		format = in->inside_format;
	} else if (!is_kernel(format)) {
		return err_set(e, "%s, %s", image_format_name(format), expected);
	} else if (format != IMAGE_BZIMAGE) {
		in->kernel = in->body;
	}
	if (format == IMAGE_BZIMAGE) {
		if (open_bzimage(in, inside, e))
			return -1;
		if (in->inside_format == IMAGE_ELF)
			(void)open_elf(in, true, &in->inside_error);
	} else if (format == IMAGE_ELF && open_elf(in, inside, e)) {
		return -1;
	} else if (format == IMAGE_ARM64) {
		add_header(in, &header_arm64, in->kernel, inside);
	} else if (format == IMAGE_RISCV64) {
		add_header(in, &header_riscv64, in->kernel, inside);
	} else if (format == IMAGE_MULTIBOOT) {
		add_multiboot(in, inside);
	}
	name_architecture(in, format);
	return 0;
}

/* Finds the body, and the sections of a unified image. */
static int open_image(struct inspection *in, struct err *e)
{
	struct unwrap u;

	if (unwrap_open(in->file, &u, e))
		return -1;
	in->format = u.file_format;
	in->body = u.image;
	in->body_format = u.format;
	return u.file_format == IMAGE_UKI ? pe_open(in->file, &in->pe, e) : 0;
}

int inspect_init(struct inspection *in, struct blob file, void *scratch, uint64_t scratch_bytes,
		 struct err *e)
{
	*in = (struct inspection){.file = file};
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
	unpacked_free(&in->outer);
	unpacked_free(&in->inside);
	unpacked_free(&in->config);
}
