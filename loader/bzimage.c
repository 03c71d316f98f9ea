/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * bzImage for the 64-bit entry: see bzimage.h. Field names and rules are those of Linux
 * Documentation/arch/x86/boot.rst ("boot.rst" below).
 */
#include "loader/bzimage.h"

#include "loader/banner.h"

#include <inttypes.h>

enum {
	VERSION_MIN = 0x20c, /* the first with xloadflags */
	SECTOR_BYTES = 512,
	SETUP_SECTS_DEFAULT = 4, /* what setup_sects=0 means, "for backwards compatibility" */
	PARAGRAPH_BYTES = 16,    /* the unit of syssize */
	ENTRY64_OFFSET = 0x200,  /* boot.rst, "64-bit Boot Protocol" */
	VERSION_BASE = 0x200,    /* what kernel_version counts from */
	/* The last field that is read here: the header must reach to its end. */
	HEADER_MIN_END = SETUP_HEADER_OFFSET + (int)offsetof(struct setup_header, init_size) +
			 (int)sizeof(uint32_t),
};

static const gpa_t load_lowest = 0x100000;  /* LOADED_HIGH: "the protected-mode code is at 1 MiB" */
static const gpa_t load_end = 0x100000000u; /* see bzimage.h */

/*
 * Reads the header and checks what it says about itself. All of it is copied at once, so that *@h
 * and the copy in @img agree.
 */
static int read_header(struct blob file, struct setup_header *h, struct image *img, struct err *e)
{
	size_t there = file.size < SETUP_HEADER_END ? file.size : SETUP_HEADER_END;
	uint8_t bytes[SETUP_HEADER_MAX_BYTES] = {0};

	if (there < HEADER_MIN_END ||
	    !blob_copy(file, SETUP_HEADER_OFFSET, bytes, there - SETUP_HEADER_OFFSET))
		return err_set(e, "bzImage: the file has %zu bytes, its setup header needs %d",
			       file.size, HEADER_MIN_END);
	memcpy(h, bytes, HEADER_MIN_END - SETUP_HEADER_OFFSET);
	if (h->boot_flag != SETUP_BOOT_FLAG)
		return err_set(e, "bzImage: boot_flag=0x%04x, expected 0x%04x", h->boot_flag,
			       SETUP_BOOT_FLAG);
	if (h->header != SETUP_HEADER_MAGIC)
		return err_set(e, "bzImage: header=0x%08" PRIx32 ", expected 0x%08x (\"HdrS\")",
			       h->header, SETUP_HEADER_MAGIC);
	if (h->version < VERSION_MIN)
		return err_set(e, "bzImage: boot protocol version %d.%02d, expected 2.12 or later",
			       h->version >> 8, h->version & 0xff);
	uint32_t end = (uint32_t)SETUP_HEADER_JUMP_BASE + h->jump[1];
	if (end < HEADER_MIN_END || end > SETUP_HEADER_END)
		return err_set(
			e, "bzImage: the setup header ends at 0x%" PRIx32 ", expected 0x%x to 0x%x",
			end, HEADER_MIN_END, SETUP_HEADER_END);
	if (end > there)
		return err_set(e,
			       "bzImage: the file has %zu bytes, its setup header needs %" PRIu32,
			       file.size, end);
	img->setup_header_bytes = end - SETUP_HEADER_OFFSET;
	memcpy(img->setup_header, bytes, img->setup_header_bytes);
	return 0;
}

/* Checks that the kernel can be entered in 64-bit mode, at an address that can be chosen. */
static int check_header(const struct setup_header *h, struct err *e)
{
	if (!(h->loadflags & SETUP_LOADED_HIGH))
		return err_set(e, "bzImage: loadflags=0x%02x, expected LOADED_HIGH (bit 0) set",
			       h->loadflags);
	if (!(h->xloadflags & SETUP_XLF_KERNEL_64))
		return err_set(e,
			       "bzImage: xloadflags=0x%04x, expected XLF_KERNEL_64 (bit 0) set: "
			       "this kernel has no 64-bit entry",
			       h->xloadflags);
	uint32_t align = h->kernel_alignment;
	if (align == 0 || (align & (align - 1)))
		return err_set(e,
			       "bzImage: kernel_alignment=0x%" PRIx32 ", expected a power of two",
			       align);
	return 0;
}

/*
 * Finds the protected-mode code, which follows the setup sectors and is syssize long. The file may
 * go on after it (a signature for Secure Boot); that is not part of the kernel. The file may also
 * end within the last paragraph: syssize counts whole ones, and not every linker pads the file
 * (memtest86+).
 */
static int find_code(struct blob file, const struct setup_header *h, struct blob *code,
		     struct err *e)
{
	unsigned sects = h->setup_sects ? h->setup_sects : SETUP_SECTS_DEFAULT;
	uint64_t off = (sects + 1u) * SECTOR_BYTES; /* setup_sects leaves out the boot sector */
	uint64_t len = (uint64_t)h->syssize * PARAGRAPH_BYTES;

	if (off >= file.size)
		return err_set(e,
			       "bzImage: setup_sects=%d puts the kernel at byte %" PRIu64
			       ", but the file has %zu",
			       h->setup_sects, off, file.size);
	if (len <= ENTRY64_OFFSET)
		return err_set(e,
			       "bzImage: syssize=%" PRIu32 " is %" PRIu64
			       " bytes of code, but its 64-bit entry is at %d",
			       h->syssize, len, ENTRY64_OFFSET);
	uint64_t there = file.size - off < len ? file.size - off : len;
	if (len - there >= PARAGRAPH_BYTES || !blob_sub(file, off, there, code))
		return err_set(e,
			       "bzImage: syssize=%" PRIu32 " is %" PRIu64
			       " bytes of code at byte %" PRIu64
			       ", but the file has %zu: it is cut short",
			       h->syssize, len, off, file.size);
	if (h->init_size < len)
		return err_set(e,
			       "bzImage: init_size=%" PRIu32 " is smaller than the %" PRIu64
			       " bytes of code",
			       h->init_size, len);
	return 0;
}

/*
 * Where code at @at unpacks the kernel to (boot.rst, init_size): a relocatable kernel to an aligned
 * address, not below @at and pref_address; any other to pref_address.
 */
static gpa_t runtime_start(const struct setup_header *h, gpa_t at)
{
	gpa_t align = h->kernel_alignment;

	if (!h->relocatable_kernel || at < h->pref_address)
		at = h->pref_address;
	return h->relocatable_kernel ? (at + align - 1) & ~(align - 1) : at;
}

/*
 * True when code at @at and the kernel that it unpacks, which ends at *@end, lie in RAM below
 * load_end.
 */
static bool fits(const struct gmem *mem, const struct setup_header *h, gpa_t at, gpa_t *end)
{
	gpa_t run = runtime_start(h, at);

	*end = run + h->init_size;
	return at <= run && run < load_end && h->init_size <= load_end - run &&
	       gmem_at(mem, at, *end - at);
}

static int no_place(const struct gmem *mem, const struct setup_header *h, gpa_t lowest, gpa_t from,
		    struct err *e)
{
	if (h->relocatable_kernel)
		return err_set(e,
			       "bzImage: init_size=%" PRIu32
			       " bytes fit nowhere in RAM from 0x%" PRIx64
			       " on and below 4 GiB (RAM has %" PRIu64 " bytes)",
			       h->init_size, from, gmem_total(mem));
	if (h->pref_address < lowest)
		return err_set(e,
			       "bzImage: pref_address=0x%" PRIx64 " is below 0x%" PRIx64
			       ", and the kernel is not relocatable",
			       h->pref_address, lowest);
	return err_set(e,
		       "bzImage: init_size=%" PRIu32 " bytes at pref_address=0x%" PRIx64
		       " do not lie in RAM below 4 GiB (RAM has %" PRIu64
		       " bytes), and the kernel is not relocatable",
		       h->init_size, h->pref_address, gmem_total(mem));
}

int bzimage_describe(struct blob file, struct setup_header *h, struct image *img, struct err *e)
{
	*h = (struct setup_header){0};
	*img = (struct image){.format = IMAGE_BZIMAGE};
	if (read_header(file, h, img, e) || check_header(h, e))
		return -1;
	img->no_pvh = "a bzImage has no PVH entry: only the vmlinux inside has";
	img->cmdline_max = h->cmdline_size;
	img->initrd_addr_max = h->initrd_addr_max;
	img->initrd_above_4g = h->xloadflags & SETUP_XLF_CAN_BE_LOADED_ABOVE_4G;
	return 0;
}

/* Chooses the load address, and with it where the kernel ends. */
static int choose_place(const struct gmem *mem, const struct setup_header *h, gpa_t lowest,
			gpa_t *at, gpa_t *end, struct err *e)
{
	*at = h->pref_address;
	if (*at >= lowest && fits(mem, h, *at, end))
		return 0;
	/* An address below pref_address would not help: the kernel moves up to pref_address. */
	gpa_t from = lowest > load_lowest ? lowest : load_lowest;
	from = from > h->pref_address ? from : h->pref_address;
	if (!h->relocatable_kernel ||
	    !gmem_find(mem, from, h->kernel_alignment, h->init_size, load_end, at))
		return no_place(mem, h, lowest, from, e);
	*end = *at + h->init_size;
	return 0;
}

/* Checks the load address @at that the caller asked for; messages call it @name. */
static int check_place(const struct gmem *mem, const struct setup_header *h, gpa_t lowest,
		       const char *name, gpa_t at, gpa_t *end, struct err *e)
{
	if (at < lowest)
		return err_set(e,
			       "bzImage: %s=0x%" PRIx64 " is below 0x%" PRIx64
			       ", the lowest for a kernel",
			       name, at, lowest);
	if (!fits(mem, h, at, end))
		return err_set(e,
			       "bzImage: %s=0x%" PRIx64 ", pref_address=0x%" PRIx64
			       ": code and kernel (init_size=%" PRIu32
			       ") do not lie in RAM below 4 GiB (RAM has %" PRIu64 " bytes)%s",
			       name, at, h->pref_address, h->init_size, gmem_total(mem),
			       h->relocatable_kernel ? "" : ", and the kernel is not relocatable");
	return 0;
}

static int place(const struct gmem *mem, const struct setup_header *h,
		 const struct image_placement *where, gpa_t *at, gpa_t *end, struct err *e)
{
	const char *name = "code32_start";

	*at = h->code32_start;
	if (where->bzimage_address) {
		name = "address";
		*at = where->bzimage_address;
	} else if (!where->bzimage_code32_start) {
		return choose_place(mem, h, where->lowest, at, end, e);
	}
	return check_place(mem, h, where->lowest, name, *at, end, e);
}

int bzimage_load(struct blob file, const struct gmem *mem, const struct image_placement *where,
		 struct image *img, struct err *e)
{
	struct setup_header h;
	struct blob code = {0};
	gpa_t load, end = 0;

	if (bzimage_describe(file, &h, img, e) || find_code(file, &h, &code, e) ||
	    place(mem, &h, where, &load, &end, e) ||
	    gmem_write(mem, load, code.data, code.size, "bzImage", e))
		return -1;
	img->start = load;
	img->end = end;
	img->has_entry64 = true;
	img->entry64 = load + ENTRY64_OFFSET;
	return 0;
}

int bzimage_payload(struct blob file, struct blob *payload, struct err *e)
{
	struct setup_header h = {0};
	struct image img;
	struct blob code = {0};

	if (read_header(file, &h, &img, e) || find_code(file, &h, &code, e))
		return -1;
	if (h.payload_length == 0)
		return err_set(e, "bzImage: payload_length=0, expected a compressed kernel");
	if (!blob_sub(code, h.payload_offset, h.payload_length, payload))
		return err_set(e,
			       "bzImage: payload_length=%" PRIu32
			       " bytes at payload_offset=%" PRIu32
			       " do not lie in the %zu bytes of code",
			       h.payload_length, h.payload_offset, code.size);
	return 0;
}

void bzimage_version(struct blob file, char *text, size_t size)
{
	struct setup_header h;
	struct blob rest = {0};

	if (blob_copy(file, SETUP_HEADER_OFFSET, &h, sizeof(h)) && h.header == SETUP_HEADER_MAGIC &&
	    h.kernel_version && blob_sub(file, VERSION_BASE + h.kernel_version, 0, &rest))
		rest.size = (size_t)(file.data + file.size - rest.data);
	banner_copy(rest, text, size);
}
