/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernel inside a bzImage: see bzimage_kernel.h. */
#include "loader/bzimage_kernel.h"

#include "loader/bzimage.h"
#include "loader/elf_file.h"
#include "loader/relocs.h"

#include <inttypes.h>

static const uint64_t start_kernel_map = 0xffffffff80000000; /* Linux __START_KERNEL_map */
static const uint64_t kernel_image_bytes = 1 << 30;          /* KERNEL_IMAGE_SIZE, with KASLR */
static const gpa_t identity_end = 1ULL << 32;                /* where the entry's page tables end */

enum { PAGE_BYTES = 4096 };

/* The kernel that is being loaded. */
struct job {
	struct setup_header h;
	struct elf elf;
	uint64_t bytes; /* of memory, from elf.start on */
};

/* What lies after the vmlinux. */
static struct blob find_table(const struct elf *elf)
{
	struct blob table = {0};
	uint64_t at = elf_file_bytes(elf);

	(void)blob_sub(elf->file, at, elf->file.size - at, &table);
	return table;
}

bool bzimage_kernel_can_move(struct blob unpacked)
{
	struct elf elf;
	struct err e;

	return !elf_open(unpacked, EM_X86_64, &elf, &e) && find_table(&elf).size > 0;
}

/* How many multiples of @align lie between 0 and @room - @need. */
static uint64_t count_places(uint64_t room, uint64_t need, uint64_t align)
{
	return need > room ? 1 : 1 + (room - need) / align;
}

/* Past the highest address of the kernel, or of the initrd above it, in @r. */
static gpa_t highest_end(const struct job *job, const struct gmem_range *r, uint64_t initrd_bytes)
{
	gpa_t end = r->base + r->size;
	gpa_t max = initrd_bytes ? (gpa_t)job->h.initrd_addr_max + 1 : identity_end;

	return end < max ? end : max;
}

static uint64_t physical_places(const struct job *job, const struct gmem *mem,
				uint64_t initrd_bytes)
{
	uint64_t need;

	/* The initrd begins on a page: less than one may be lost between it and the kernel. */
	if (initrd_bytes && __builtin_add_overflow(initrd_bytes, PAGE_BYTES, &initrd_bytes))
		return 1;
	if (__builtin_add_overflow(job->bytes, initrd_bytes, &need))
		return 1;
	for (unsigned i = 0; i < mem->n; i++) {
		const struct gmem_range *r = &mem->range[i];
		if (!gmem_at(mem, job->elf.start, job->bytes) || job->elf.start < r->base ||
		    job->elf.start - r->base >= r->size)
			continue;
		gpa_t end = highest_end(job, r, initrd_bytes);
		return job->elf.start < end
			       ? count_places(end - job->elf.start, need, job->h.kernel_alignment)
			       : 1;
	}
	return 1;
}

/* Linux's own rule: find_random_virt_addr(). */
static int virtual_places(const struct job *job, uint64_t *places, struct err *e)
{
	Elf64_Phdr ph = elf_first_segment(&job->elf);
	uint64_t bytes = job->h.init_size > job->bytes ? job->h.init_size : job->bytes;

	if (ph.p_vaddr - ph.p_paddr != start_kernel_map)
		return err_set(e,
			       "ELF: the lowest segment has p_vaddr=0x%" PRIx64
			       " and p_paddr=0x%" PRIx64 ", expected a distance of 0x%" PRIx64
			       " (a Linux kernel)",
			       ph.p_vaddr, ph.p_paddr, start_kernel_map);
	if (job->elf.end > kernel_image_bytes)
		return err_set(e,
			       "ELF: the kernel ends at 0x%" PRIx64 ", expected at most 0x%" PRIx64,
			       job->elf.end, kernel_image_bytes);
	*places = count_places(kernel_image_bytes - job->elf.start, bytes, job->h.kernel_alignment);
	return 0;
}

static int move_virtually(const struct job *job, uint64_t delta, const struct gmem *mem,
			  gpa_t start, struct image *img, struct err *e)
{
	struct relocs_target kernel = {.bytes = gmem_at(mem, start, job->bytes),
				       .size = job->bytes,
				       .address = job->elf.start + start_kernel_map};
	struct relocs relocs;

	if (!kernel.bytes)
		return err_set(e,
			       "ELF: the kernel's 0x%" PRIx64 " bytes at 0x%" PRIx64
			       " do not lie in one range of RAM",
			       job->bytes, start);
	if (relocs_open(find_table(&job->elf), &relocs, e) ||
	    relocs_apply(&relocs, &kernel, delta, e))
		return -1;
	img->setup_header[offsetof(struct setup_header, loadflags)] |= SETUP_KASLR_FLAG;
	return 0;
}

static int open_job(struct blob file, struct blob unpacked, const struct gmem *mem, gpa_t lowest,
		    struct job *job, struct image *img, struct err *e)
{
	const struct image_placement where = {.lowest = lowest};

	if (bzimage_describe(file, &job->h, img, e) ||
	    elf_open(unpacked, EM_X86_64, &job->elf, e) ||
	    elf_check_place(&job->elf, &where, mem, e))
		return -1;
	if (!elf_holds(&job->elf, job->elf.eh.e_entry, PF_X))
		return err_set(e, "ELF: e_entry=0x%" PRIx64 " lies in no executable segment",
			       job->elf.eh.e_entry);
	job->bytes = job->elf.end - job->elf.start;
	return 0;
}

int bzimage_load_kernel(struct blob file, struct blob unpacked, struct kaslr *kaslr,
			const struct gmem *mem, gpa_t lowest, struct image *img, struct err *e)
{
	struct job job = {.bytes = 0};
	uint64_t move = 0;

	kaslr->physical_places = kaslr->virtual_places = 1;
	if (open_job(file, unpacked, mem, lowest, &job, img, e))
		return -1;
	if (kaslr->virtual_on && virtual_places(&job, &kaslr->virtual_places, e))
		return -1;
	if (kaslr->physical_on) {
		kaslr->physical_places = physical_places(&job, mem, kaslr->initrd_bytes);
		move = kaslr->physical_random % kaslr->physical_places * job.h.kernel_alignment;
	}
	if (elf_copy(&job.elf, move, mem, e))
		return -1;
	img->start = job.elf.start + move;
	img->end = job.elf.end + move;
	img->has_entry64 = true;
	img->entry64 = job.elf.eh.e_entry + move;
	if (!kaslr->virtual_on)
		return 0;
	uint64_t delta = kaslr->virtual_random % kaslr->virtual_places * job.h.kernel_alignment;
	return move_virtually(&job, delta, mem, img->start, img, e);
}
