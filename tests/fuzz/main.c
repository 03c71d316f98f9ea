/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs a fuzz target once over each file given, and over each file in the directories given: what
 * fuzzing has found stays found, without libFuzzer and with any compiler.
 */
#include "fuzz.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

static unsigned files;

/* The file as a heap block of just its size, so that AddressSanitizer sees a read beyond it. */
static int run_file(const char *path)
{
	struct stat st;
	FILE *f = fopen(path, "rb");
	if (!f || fstat(fileno(f), &st)) {
		perror(path);
		return -1;
	}
	size_t size = (size_t)st.st_size;
	uint8_t *data = malloc(size ? size : 1);
	size_t got = data ? fread(data, 1, size, f) : 0;
	fclose(f);
	if (data && got == size) {
		LLVMFuzzerTestOneInput(data, size);
		files++;
	}
	free(data);
	return got == size ? 0 : -1;
}

static int run_directory(const char *path)
{
	char file[PATH_MAX];
	struct dirent *entry;
	int r = 0;
	DIR *dir = opendir(path);
	if (!dir) {
		perror(path);
		return -1;
	}
	while (r == 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		r = run_file(file);
	}
	closedir(dir);
	return r;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct stat st;
		if (stat(argv[i], &st)) {
			perror(argv[i]);
			return 1;
		}
		if (S_ISDIR(st.st_mode) ? run_directory(argv[i]) : run_file(argv[i]))
			return 1;
	}
	printf("%s: %u files\n", argv[0], files);
	return files == 0;
}
