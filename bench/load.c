/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * load RUNS KERNEL...: how long image_load() takes, beside memcpy() of the bytes that it copies.
 * Both in turn, from the page cache into RAM that was touched before. scripts/bench-load runs it.
 */
#include "loader/image.h"

#include <elf.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

enum { RAM_BYTES = 512 << 20, LOWEST = 0x100000, RUNS_MAX = 1000 };

static struct blob map_file(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0)
		err(1, "%s", path);
	void *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
	if (at == MAP_FAILED)
		err(1, "%s", path);
	return (struct blob){at, (size_t)st.st_size};
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double load_ms(struct blob kernel, const struct gmem *mem, struct image *img)
{
	struct err e;
	double began = now_ms();

	if (image_load(kernel, IMAGE_MACHINE_X86_64, mem, LOWEST, img, &e))
		errx(1, "%s", e.text);
	return now_ms() - began;
}

/* What the kernel has in the file, copied to where it lies: an ELF's segments, a bzImage's code. */
static double copy_ms(struct blob kernel, const struct image *img, uint8_t *ram, size_t *bytes)
{
	Elf64_Ehdr eh;
	double began = now_ms();

	*bytes = 0;
	if (img->format != IMAGE_ELF) {
		size_t setup = (kernel.data[SETUP_HEADER_OFFSET] + 1u) * 512;
		*bytes = kernel.size - setup;
		memcpy(ram + img->start, kernel.data + setup, *bytes);
		return now_ms() - began;
	}
	memcpy(&eh, kernel.data, sizeof(eh));
	for (unsigned i = 0; i < eh.e_phnum; i++) {
		Elf64_Phdr ph;
		memcpy(&ph, kernel.data + eh.e_phoff + i * sizeof(ph), sizeof(ph));
		if (ph.p_type != PT_LOAD)
			continue;
		memcpy(ram + ph.p_paddr, kernel.data + ph.p_offset, ph.p_filesz);
		*bytes += ph.p_filesz;
	}
	return now_ms() - began;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Prints one line of the table. @base: the median that is 1.000. */
static double report(const char *what, const char *of, double *ms, int runs, double base)
{
	qsort(ms, (size_t)runs, sizeof(*ms), compare);
	double median = ms[runs / 2];

	printf("| %-40s | %-16s | %10d | %10.2f | %10.2f | %10.3f |\n", what, of, runs, ms[0],
	       median, base ? median / base : 1.0);
	return median;
}

static void bench(const char *path, const struct gmem *mem, int runs)
{
	static double load[RUNS_MAX], copy[RUNS_MAX];
	struct blob kernel = map_file(path);
	struct image img;
	size_t bytes;
	char what[80];

	load_ms(kernel, mem, &img); /* not counted, as the first copy */
	copy_ms(kernel, &img, mem->range[0].host, &bytes);
	for (int i = 0; i < runs; i++) {
		load[i] = load_ms(kernel, mem, &img);
		copy[i] = copy_ms(kernel, &img, mem->range[0].host, &bytes);
	}
	snprintf(what, sizeof(what), "loading, %s, %.1f MB", image_format_name(img.format),
		 (double)bytes / 1e6);
	double base = report(what, "memcpy", copy, runs, 0);
	report(what, "image_load", load, runs, base);
}

int main(int argc, char **argv)
{
	struct gmem mem = {.n = 0};
	int runs = argc > 2 ? atoi(argv[1]) : 0;

	if (runs < 1 || runs > RUNS_MAX)
		errx(1, "usage: load RUNS KERNEL... (at most %d runs)", RUNS_MAX);
	void *ram = mmap(NULL, RAM_BYTES, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (ram == MAP_FAILED)
		err(1, "RAM");
	if (gmem_add(&mem, 0, RAM_BYTES, ram, NULL))
		errx(1, "RAM");
	for (int i = 2; i < argc; i++)
		bench(argv[i], &mem, runs);
	return 0;
}
