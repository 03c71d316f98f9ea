/* SPDX-License-Identifier: BSD-3-Clause */
/* minivmm --version: see version.h. */
#include "vmm/cli/version.h"

#include <nettle/version.h>
#include <stdbool.h>
#include <tre/tre.h>

#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif
#ifdef HAVE_GZIP
#include <zlib.h>
#else
#define zlibVersion NULL
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#else
#define ZSTD_versionString NULL
#endif
#ifdef HAVE_LZ4
#include <lz4.h>
#else
#define LZ4_versionString NULL
#endif
#ifdef HAVE_XZ
#include <lzma.h>
#else
#define lzma_version_string NULL
#endif

/* @version is NULL if this build lacks the library. */
static const struct {
	const char *name, *library;
	const char *(*version)(void);
} codecs[] = {
	{"gzip", "zlib", zlibVersion},
	{"zstd", "libzstd", ZSTD_versionString},
	{"lz4", "liblz4", LZ4_versionString},
	{"xz", "liblzma", lzma_version_string},
};

static void print_codecs(FILE *f, const char *title, bool built_in)
{
	unsigned n = 0;

	for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++) {
		if (!codecs[i].version == built_in)
			continue;
		if (!n++)
			fprintf(f, "%-13s ", title);
		fprintf(f, "%s%s", n > 1 ? ", " : "", codecs[i].name);
		if (built_in)
			fprintf(f, " (%s %s)", codecs[i].library, codecs[i].version());
	}
	if (n)
		fputc('\n', f);
}

/* libfdt has no function that returns its version. */
static void print_libraries(FILE *f)
{
	const char *tre = NULL;

	if (tre_config(TRE_CONFIG_VERSION, &tre) || !tre)
		tre = "of no version";
	fprintf(f, "%-13s libfdt, tre %s, nettle %d.%d", "libraries", tre, nettle_version_major(),
		nettle_version_minor());
#ifdef __GLIBC__
	fprintf(f, ", glibc %s", gnu_get_libc_version());
#endif
	fputc('\n', f);
}

void version_print(FILE *f)
{
	fprintf(f, "minivmm " MINIVMM_VERSION "\n");
	fprintf(f, "%-13s " BUILD_ARCH "\n", "architecture");
	print_codecs(f, "decompresses", true);
	print_codecs(f, "left out", false);
	print_libraries(f);
	fprintf(f, "%-13s seccomp, on by default\n", "filter");
	fprintf(f, "%-13s " BUILD_COMPILER ", " BUILD_LINKAGE "\n", "build");
}
