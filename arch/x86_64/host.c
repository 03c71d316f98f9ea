/* SPDX-License-Identifier: BSD-3-Clause */
/* What /dev/kvm is on this x86_64 host, as far as the processor's flags tell. */
#include "arch/arch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The flags line of /proc/cpuinfo has @flag as a word. */
static bool cpu_has(const char *flag)
{
	char line[8192];
	char word[32];
	bool found = false;
	FILE *f = fopen("/proc/cpuinfo", "re");

	if (!f)
		return false;
	snprintf(word, sizeof(word), " %s ", flag);
	while (!found && fgets(line, sizeof(line), f)) {
		char *end = strchr(line, '\n');
		if (end)
			*end = ' ';
		found = strncmp(line, "flags", 5) == 0 && strstr(line, word);
	}
	fclose(f);
	return found;
}

const char kvm_missing_fix[] =
	"load the kvm_intel or kvm_amd module; in a virtual machine, enable nested virtualization "
	"on its host; in a container, pass --device /dev/kvm";

const char *arch_virtualization(void)
{
	if (cpu_has("vmx"))
		return "hardware, Intel VT-x (vmx)";
	if (cpu_has("svm"))
		return "hardware, AMD-V (svm)";
	return "no vmx or svm flag: /dev/kvm, if it works, is software and slow";
}

const char *arch_nested_parameter(void)
{
	static const char *const paths[] = {"/sys/module/kvm_intel/parameters/nested",
					    "/sys/module/kvm_amd/parameters/nested"};
	for (unsigned i = 0; i < 2; i++)
		if (access(paths[i], R_OK) == 0)
			return paths[i];
	return NULL;
}
