/* SPDX-License-Identifier: BSD-3-Clause */
/* x86 ELF kernels: see elf.h. The notes are those of Xen's xen/include/public/elfnote.h. */
#include "loader/elf.h"
#include "loader/elf_file.h"

#include <inttypes.h>

enum {
	MAX_NOTES = 65536,      /* Linux has some 20; bounds the time that a hostile file takes */
	NOTE_PHYS32_ENTRY = 18, /* XEN_ELFNOTE_PHYS32_ENTRY */
	LINUX_COMMAND_LINE_SIZE = 2048, /* with the NUL: Linux arch/x86/include/asm/setup.h */
};

static uint64_t align_up(uint64_t n, uint64_t align)
{
	return (n + align - 1) & ~(align - 1);
}

/* The search through all notes. */
struct pvh_search {
	unsigned notes;     /* read so far */
	unsigned found;     /* PVH notes among them */
	uint64_t entry;     /* that of the last one */
	const char *broken; /* why one cannot be used; final */
	const char *lost;   /* why one may have been missed; counts if none was found */
	bool linux_note;    /* one of Linux's own */
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
		if (name.size == 6 && blob_has(name, 0, "Linux", 6))
			s->linux_note = true;
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
		const Elf64_Phdr *ph = &elf->phdr[i];
		struct blob notes;
		if (ph->p_type != PT_NOTE)
			continue;
		const char *problem = "the notes lie outside the file";
		if (blob_sub(elf->file, ph->p_offset, ph->p_filesz, &notes)) {
			unsigned before = s->found;
			problem = walk_notes(s, notes, ph->p_align == 8 ? 8 : 4);
			if (ph->p_align == 8 && s->found == before && !walk_notes(s, notes, 4))
				problem = NULL;
		}
		if (problem)
			s->lost = problem;
	}
}

static void find_pvh_entry(const struct elf *elf, uint64_t offset, struct image *img)
{
	struct pvh_search s = {0};
	search_notes(elf, &s);
	if (s.broken)
		img->no_pvh = s.broken;
	else if (!s.found)
		img->no_pvh = s.lost ? s.lost : "there is no PVH note";
	else if (s.entry > UINT32_MAX)
		img->no_pvh = "the PVH entry is not below 4 GiB";
	else if (!elf_holds(elf, s.entry, 0))
		img->no_pvh = "the PVH entry lies in no loaded segment";
	else
		img->has_pvh = true;
	img->is_linux = s.linux_note;
	if (!img->has_pvh)
		return;
	img->pvh_entry = s.entry;
	if (offset) {
		img->has_pvh = false;
		img->pvh_ignored = true;
		img->no_pvh = "the kernel lies at an offset, which its PVH entry does not expect";
	}
}

/* Linux has the physical address in e_entry; other kernels, which rely on PVH, a virtual one. */
static void find_entry64(const struct elf *elf, uint64_t offset, struct image *img)
{
	if (elf_is_32(elf)) {
		img->no_entry64 = "a 32-bit ELF is entered in 32-bit mode alone";
		return;
	}
	img->has_entry64 = elf_holds(elf, elf->eh.e_entry, PF_X);
	if (img->has_entry64)
		img->entry64 = elf->eh.e_entry + offset;
	else
		img->no_entry64 = "e_entry lies in no executable segment";
}

static int find_entries(const struct elf *elf, uint64_t offset, struct image *img, struct err *e)
{
	find_pvh_entry(elf, offset, img);
	find_entry64(elf, offset, img);
	if (img->has_entry64 || img->has_pvh)
		return 0;
	if (elf_is_32(elf))
		return err_set(e, "ELF: a 32-bit kernel needs a PVH entry: %s", img->no_pvh);
	return err_set(
		e, "ELF: e_entry=0x%" PRIx64 " lies in no executable segment, and no PVH entry: %s",
		elf->eh.e_entry, img->no_pvh);
}

/* The machine that @file says it is for, as far as that matters here: elf_open() checks it. */
static uint16_t wanted_machine(struct blob file)
{
	uint16_t machine = EM_NONE;

	(void)blob_copy(file, offsetof(Elf64_Ehdr, e_machine), &machine, sizeof(machine));
	return machine == EM_386 ? EM_386 : EM_X86_64;
}

int elf_load_x86(struct blob file, const struct gmem *mem, const struct image_placement *where,
		 struct image *img, struct err *e)
{
	struct elf elf;

	*img = (struct image){.format = IMAGE_ELF};
	if (elf_open(file, wanted_machine(file), &elf, e) || elf_check_place(&elf, where, mem, e) ||
	    find_entries(&elf, where->elf_offset, img, e) ||
	    elf_copy(&elf, where->elf_offset, mem, e))
		return -1;
	img->start = elf.start + where->elf_offset;
	img->end = elf.end + where->elf_offset;
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
