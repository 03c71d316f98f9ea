/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ELF64 kernels: see elf.h. Field names are those of the ELF gABI; the notes are those of Xen's
 * xen/include/public/elfnote.h.
 */
#include "loader/elf.h"

#include <elf.h>
#include <inttypes.h>

enum {
	MAX_PHNUM = 128,        /* Linux has 5; the overlap check is quadratic */
	MAX_NOTES = 65536,      /* Linux has some 20; bounds the time that a hostile file takes */
	NOTE_PHYS32_ENTRY = 18, /* XEN_ELFNOTE_PHYS32_ENTRY */
	LINUX_COMMAND_LINE_SIZE = 2048, /* with the NUL: Linux arch/x86/include/asm/setup.h */
};

static uint64_t align_up(uint64_t n, uint64_t align)
{
	return (n + align - 1) & ~(align - 1);
}

/* What is being loaded, after check_header(). */
struct elf {
	struct blob file;
	Elf64_Ehdr eh;
};

static const char *machine_name(unsigned machine)
{
	switch (machine) {
	case EM_386:
		return " (i386)";
	case EM_PPC64:
		return " (ppc64)";
	case EM_S390:
		return " (s390)";
	case EM_ARM:
		return " (arm)";
	case EM_AARCH64:
		return " (aarch64)";
	case EM_RISCV:
		return " (riscv)";
	default:
		return "";
	}
}

/* The identification comes first: it says how to read the rest. */
static int check_ident(const unsigned char *ident, struct err *e)
{
	if (memcmp(ident, ELFMAG, SELFMAG) != 0)
		return err_set(e, "ELF: EI_MAG=%02x %02x %02x %02x, expected 7f 45 4c 46", ident[0],
			       ident[1], ident[2], ident[3]);
	if (ident[EI_CLASS] != ELFCLASS64)
		return err_set(e, "ELF: EI_CLASS=%d%s, expected 2 (64-bit)", ident[EI_CLASS],
			       ident[EI_CLASS] == ELFCLASS32 ? " (a 32-bit program)" : "");
	if (ident[EI_DATA] != ELFDATA2LSB)
		return err_set(e, "ELF: EI_DATA=%d%s, expected 1 (little-endian)", ident[EI_DATA],
			       ident[EI_DATA] == ELFDATA2MSB ? " (big-endian)" : "");
	if (ident[EI_VERSION] != EV_CURRENT)
		return err_set(e, "ELF: EI_VERSION=%d, expected %d", ident[EI_VERSION], EV_CURRENT);
	return 0;
}

static int check_header(struct elf *elf, struct err *e)
{
	Elf64_Ehdr *eh = &elf->eh;
	if (!blob_copy(elf->file, 0, eh->e_ident, EI_NIDENT))
		return err_set(e, "ELF: the file has %zu bytes, its header needs %zu",
			       elf->file.size, sizeof(*eh));
	if (check_ident(eh->e_ident, e))
		return -1;
	if (!blob_copy(elf->file, 0, eh, sizeof(*eh)))
		return err_set(e, "ELF: the file has %zu bytes, its header needs %zu",
			       elf->file.size, sizeof(*eh));
	if (eh->e_type != ET_EXEC && eh->e_type != ET_DYN)
		return err_set(e, "ELF: e_type=%d%s, expected 2 (executable) or 3 (shared object)",
			       eh->e_type, eh->e_type == ET_REL ? " (an object file)" : "");
	if (eh->e_machine != EM_X86_64)
		return err_set(e, "ELF: e_machine=%d%s, expected 62 (x86-64)", eh->e_machine,
			       machine_name(eh->e_machine));
	if (eh->e_phnum > MAX_PHNUM)
		return err_set(e, "ELF: e_phnum=%d, expected at most %d", eh->e_phnum, MAX_PHNUM);
	if (eh->e_phnum && eh->e_phentsize != sizeof(Elf64_Phdr))
		return err_set(e, "ELF: e_phentsize=%d, expected %zu", eh->e_phentsize,
			       sizeof(Elf64_Phdr));
	struct blob table;
	if (!blob_sub(elf->file, eh->e_phoff, eh->e_phnum * sizeof(Elf64_Phdr), &table))
		return err_set(e,
			       "ELF: e_phnum=%d program headers at e_phoff=%" PRIu64
			       " do not lie in the file's %zu bytes",
			       eh->e_phnum, eh->e_phoff, elf->file.size);
	return 0;
}

/* Program header @i, which check_header() found to be in the file. */
static Elf64_Phdr phdr(const struct elf *elf, unsigned i)
{
	Elf64_Phdr ph = {0};
	(void)blob_copy(elf->file, elf->eh.e_phoff + i * sizeof(ph), &ph, sizeof(ph));
	return ph;
}

/* A segment that occupies guest memory. */
static bool is_loaded(const Elf64_Phdr *ph)
{
	return ph->p_type == PT_LOAD && ph->p_memsz > 0;
}

static bool segment_holds(const Elf64_Phdr *ph, gpa_t gpa)
{
	return is_loaded(ph) && gpa >= ph->p_paddr && gpa - ph->p_paddr < ph->p_memsz;
}

static int check_segment(const struct elf *elf, unsigned i, const struct gmem *mem, gpa_t lowest,
			 struct err *e)
{
	Elf64_Phdr ph = phdr(elf, i);
	struct blob bytes;
	gpa_t end;
	if (!blob_sub(elf->file, ph.p_offset, ph.p_filesz, &bytes))
		return err_set(e,
			       "ELF: segment %u: p_filesz=0x%" PRIx64
			       " bytes at p_offset=0x%" PRIx64 ", but the file has 0x%zx",
			       i, ph.p_filesz, ph.p_offset, elf->file.size);
	if (ph.p_filesz > ph.p_memsz)
		return err_set(e,
			       "ELF: segment %u: p_filesz=0x%" PRIx64
			       " is larger than p_memsz=0x%" PRIx64,
			       i, ph.p_filesz, ph.p_memsz);
	if (__builtin_add_overflow(ph.p_paddr, ph.p_memsz, &end))
		return err_set(e,
			       "ELF: segment %u: p_paddr=0x%" PRIx64 " and p_memsz=0x%" PRIx64
			       " go past the end of the address space",
			       i, ph.p_paddr, ph.p_memsz);
	if (ph.p_memsz && ph.p_paddr < lowest)
		return err_set(e,
			       "ELF: segment %u: p_paddr=0x%" PRIx64 " is below 0x%" PRIx64
			       ", the lowest for a kernel",
			       i, ph.p_paddr, lowest);
	if (ph.p_memsz && !gmem_at(mem, ph.p_paddr, ph.p_memsz))
		return err_set(e,
			       "ELF: segment %u: p_memsz=0x%" PRIx64 " bytes at p_paddr=0x%" PRIx64
			       " do not lie in RAM (RAM has 0x%" PRIx64 " bytes)",
			       i, ph.p_memsz, ph.p_paddr, gmem_total(mem));
	return 0;
}

/* Segment @i, which is loaded, against those before it. */
static int check_overlap(const struct elf *elf, unsigned i, struct err *e)
{
	Elf64_Phdr ph = phdr(elf, i);
	for (unsigned j = 0; j < i; j++) {
		Elf64_Phdr other = phdr(elf, j);
		if (!is_loaded(&other))
			continue;
		/* Two ranges overlap when one of them holds the other's first byte. */
		if (segment_holds(&other, ph.p_paddr) || segment_holds(&ph, other.p_paddr))
			return err_set(
				e,
				"ELF: segments %u and %u overlap in memory: p_paddr=0x%" PRIx64
				" and 0x%" PRIx64,
				j, i, other.p_paddr, ph.p_paddr);
	}
	return 0;
}

/* Checks every segment before the first byte is copied; finds the kernel's extent. */
static int check_segments(const struct elf *elf, const struct gmem *mem, gpa_t lowest,
			  struct image *img, struct err *e)
{
	for (unsigned i = 0; i < elf->eh.e_phnum; i++) {
		Elf64_Phdr ph = phdr(elf, i);
		if (ph.p_type != PT_LOAD)
			continue;
		if (check_segment(elf, i, mem, lowest, e))
			return -1;
		if (!is_loaded(&ph))
			continue;
		if (check_overlap(elf, i, e))
			return -1;
		if (img->end == 0 || ph.p_paddr < img->start)
			img->start = ph.p_paddr;
		if (ph.p_paddr + ph.p_memsz > img->end)
			img->end = ph.p_paddr + ph.p_memsz;
	}
	if (img->end == 0)
		return err_set(e, "ELF: no PT_LOAD segment with a byte of memory among e_phnum=%d",
			       elf->eh.e_phnum);
	return 0;
}

static void copy_segments(const struct elf *elf, const struct gmem *mem)
{
	for (unsigned i = 0; i < elf->eh.e_phnum; i++) {
		Elf64_Phdr ph = phdr(elf, i);
		if (!is_loaded(&ph))
			continue;
		uint8_t *dst = gmem_at(mem, ph.p_paddr, ph.p_memsz); /* check_segment() saw it */
		(void)blob_copy(elf->file, ph.p_offset, dst, ph.p_filesz);
		memset(dst + ph.p_filesz, 0, ph.p_memsz - ph.p_filesz);
	}
}

/* True when @gpa lies in a segment that has all of @flags. */
static bool in_segment(const struct elf *elf, gpa_t gpa, uint32_t flags)
{
	for (unsigned i = 0; i < elf->eh.e_phnum; i++) {
		Elf64_Phdr ph = phdr(elf, i);
		if (segment_holds(&ph, gpa) && (ph.p_flags & flags) == flags)
			return true;
	}
	return false;
}

/* The search for the PVH entry over all notes. */
struct pvh_search {
	unsigned notes;     /* read so far */
	unsigned found;     /* PVH notes among them */
	uint64_t entry;     /* that of the last one */
	const char *broken; /* one that cannot be used: final */
	const char *lost;   /* where one may have been: counts if none was found */
};

static void take_pvh_note(struct pvh_search *s, struct blob desc)
{
	uint64_t entry = 0;
	if ((desc.size != 4 && desc.size != 8) || !blob_copy(desc, 0, &entry, desc.size))
		s->broken = "the PVH note is neither 4 nor 8 bytes long";
	else if (s->found && entry != s->entry)
		s->broken = "two PVH notes contradict each other";
	s->found++;
	s->entry = entry;
}

/*
 * One segment of notes: namesz, descsz and type (4 bytes each, in ELF64 too), the name, the
 * descriptor, both padded to @align. Returns why it could not be read to its end, or NULL.
 */
static const char *walk_notes(struct pvh_search *s, struct blob notes, uint64_t align)
{
	uint64_t at = 0;
	while (at < notes.size) {
		Elf64_Nhdr nh;
		struct blob name, desc;
		if (s->notes++ >= MAX_NOTES)
			return "there are more than 65536 notes";
		/* @at lies in the file and the sizes have 32 bits: these sums cannot wrap. */
		if (!blob_copy(notes, at, &nh, sizeof(nh)) ||
		    !blob_sub(notes, at + sizeof(nh), nh.n_namesz, &name))
			return "the notes do not parse";
		at = align_up(at + sizeof(nh) + nh.n_namesz, align);
		if (!blob_sub(notes, at, nh.n_descsz, &desc))
			return "the notes do not parse";
		at = align_up(at + nh.n_descsz, align);
		if (nh.n_type == NOTE_PHYS32_ENTRY && name.size == 4 && blob_has(name, 0, "Xen", 4))
			take_pvh_note(s, desc);
	}
	return NULL;
}

/*
 * Every note of every PT_NOTE. A linker may put .note.gnu.property, which is aligned to 8, in one
 * segment with notes that are aligned to 4; its p_align is then 8 and readers by 8 get lost (Linux
 * commit "Discard .note.gnu.property sections in generic NOTES", 2020). That property note reads
 * alike by 4 and by 8, so a segment that shows no PVH note by 8 is read again by 4.
 */
static void search_notes(const struct elf *elf, struct pvh_search *s)
{
	for (unsigned i = 0; i < elf->eh.e_phnum; i++) {
		Elf64_Phdr ph = phdr(elf, i);
		struct blob notes;
		if (ph.p_type != PT_NOTE)
			continue;
		const char *problem = "the notes lie outside the file";
		if (blob_sub(elf->file, ph.p_offset, ph.p_filesz, &notes)) {
			unsigned before = s->found;
			problem = walk_notes(s, notes, ph.p_align == 8 ? 8 : 4);
			if (ph.p_align == 8 && s->found == before && !walk_notes(s, notes, 4))
				problem = NULL;
		}
		if (problem)
			s->lost = problem;
	}
}

static void find_pvh_entry(const struct elf *elf, struct image *img)
{
	struct pvh_search s = {0};
	search_notes(elf, &s);
	if (s.broken)
		img->no_pvh = s.broken;
	else if (!s.found)
		img->no_pvh = s.lost ? s.lost : "there is no PVH note";
	else if (s.entry > UINT32_MAX)
		img->no_pvh = "the PVH entry is not below 4 GiB";
	else if (!in_segment(elf, s.entry, 0))
		img->no_pvh = "the PVH entry lies in no loaded segment";
	else
		img->has_pvh = true;
	if (img->has_pvh)
		img->pvh_entry = s.entry;
}

/* Linux has the physical address in e_entry; other kernels, which rely on PVH, a virtual one. */
static int find_entries(const struct elf *elf, struct image *img, struct err *e)
{
	find_pvh_entry(elf, img);
	img->has_entry64 = in_segment(elf, elf->eh.e_entry, PF_X);
	if (img->has_entry64)
		img->entry64 = elf->eh.e_entry;
	else
		img->no_entry64 = "e_entry lies in no executable segment";
	if (!img->has_entry64 && !img->has_pvh)
		return err_set(e,
			       "ELF: e_entry=0x%" PRIx64
			       " lies in no executable segment, and no PVH entry: %s",
			       elf->eh.e_entry, img->no_pvh);
	return 0;
}

int elf_load(struct blob file, const struct gmem *mem, gpa_t lowest, struct image *img,
	     struct err *e)
{
	struct elf elf = {.file = file};

	*img = (struct image){.format = IMAGE_ELF};
	if (check_header(&elf, e) || check_segments(&elf, mem, lowest, img, e) ||
	    find_entries(&elf, img, e))
		return -1;
	copy_segments(&elf, mem);
	img->cmdline_max = LINUX_COMMAND_LINE_SIZE - 1;
	/*
	 * The zero page and PVH both have 32 bits for the initrd's address (Linux
	 * arch/x86/platform/pvh/enlighten.c cuts modlist.paddr), unless ext_ramdisk_image is read,
	 * which an ELF does not say.
	 */
	img->initrd_addr_max = UINT32_MAX;
	img->initrd_above_4g = false;
	return 0;
}
