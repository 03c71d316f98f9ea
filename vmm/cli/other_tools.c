/* SPDX-License-Identifier: BSD-3-Clause */
/* Other programs' options: see other_tools.h. */
#include "vmm/cli/other_tools.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define CONSOLE     "leave it out: the console is on stdin and stdout"
#define KVM         "leave it out: a guest always runs on KVM"
#define PROCESSOR   "leave it out: a guest has the host's processor"
#define NO_DEVICE   "a guest has no such device"
#define NO_SOCKET   "leave it out: there is no control socket"
#define NO_DEFAULTS "leave it out: there are no default devices"

/*
 * @instead is what to write here. @dashes is 1 if the option is known with one dash only, because
 * with two it abbreviates one of ours; 0: with either.
 */
static const struct their_option {
	const char *name;
	const char *instead;
	unsigned dashes;
} theirs[] = {
	/* QEMU, which accepts one dash or two */
	{"append", "use --cmdline", 0},
	{"smp", "use --cpus", 0},
	{"cpu", PROCESSOR, 1},
	{"nographic", CONSOLE, 0},
	{"serial", CONSOLE, 0},
	{"display", CONSOLE, 0},
	{"vga", CONSOLE, 0},
	{"monitor", CONSOLE, 0},
	{"enable-kvm", KVM, 0},
	{"accel", KVM, 0},
	{"machine", "leave it out: there is one machine", 0},
	{"M", "leave it out: there is one machine", 1},
	{"nodefaults", NO_DEFAULTS, 0},
	{"no-user-config", NO_DEFAULTS, 0},
	{"no-reboot", "leave it out, or use --on-reboot exit", 0},
	{"bios", "leave it out: there is no firmware", 0},
	{"pflash", "leave it out: there is no firmware", 0},
	{"drive", NO_DEVICE, 0},
	{"blockdev", NO_DEVICE, 0},
	{"hda", NO_DEVICE, 0},
	{"cdrom", NO_DEVICE, 0},
	{"device", NO_DEVICE, 0},
	{"chardev", NO_DEVICE, 0},
	{"netdev", NO_DEVICE, 0},
	{"nic", NO_DEVICE, 0},
	{"virtfs", NO_DEVICE, 0},
	{"fsdev", NO_DEVICE, 0},
	{"qmp", NO_SOCKET, 0},
	/* kvmtool and crosvm */
	{"params", "use --cmdline", 0},
	{"console", CONSOLE, 0},
	{"tty", CONSOLE, 0},
	{"network", NO_DEVICE, 0},
	{"9p", NO_DEVICE, 0},
	{"root", "use --initrd, or --init", 0},
	{"disable-sandbox", "use --seccomp off", 0},
	/* Cloud Hypervisor */
	{"initramfs", "use --initrd", 0},
	{"firmware", "leave it out: there is no firmware", 0},
	{"disk", NO_DEVICE, 0},
	{"net", NO_DEVICE, 0},
	{"fs", NO_DEVICE, 0},
	{"vsock", NO_DEVICE, 0},
	{"api-socket", NO_SOCKET, 0},
	{"log-file", "use --log, for the console", 0},
	/* Firecracker */
	{"api-sock", NO_SOCKET, 0},
	{"no-api", NO_SOCKET, 0},
	{"config-file", "use options: there is no configuration file", 0},
	{"no-seccomp", "use --seccomp off", 0},
	{"seccomp-filter", "leave it out: the filter is built in", 0},
	{"boot-timer", "use --report: it has a timeline", 0},
	/* virt-install and others */
	{"vcpus", "use --cpus", 0},
	{"ram", "use --memory", 0},
};

static bool is_name(const char *name, const char *word, size_t n)
{
	return strncmp(name, word, n) == 0 && !name[n];
}

static const struct option_row *find_ours(const struct option_row *ours, const char *word, size_t n)
{
	while (ours->name && !is_name(ours->name, word, n))
		ours++;
	return ours->name ? ours : NULL;
}

/* Writes to @text what to write instead of @arg. False: @arg is not another program's option. */
static bool translate(const char *arg, const struct option_row *ours, char *text, size_t size)
{
	unsigned dashes = arg[0] != '-' ? 0 : arg[1] != '-' ? 1 : 2;
	const char *name = arg + dashes;
	size_t n = strcspn(name, "=");
	const struct option_row *own = find_ours(ours, name, n);

	if (!dashes || !n || (own && dashes == 2))
		return false;
	for (size_t i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++) {
		const struct their_option *their = &theirs[i];
		if (!is_name(their->name, name, n) || (their->dashes && their->dashes != dashes))
			continue;
		snprintf(text, size, "%.*s: %s", (int)(dashes + n), arg, their->instead);
		return true;
	}
	if (own)
		snprintf(text, size, "%.*s: use --%s", (int)(dashes + n), arg, own->name);
	return own;
}

int other_tools_check(char *const *args, const struct option_row *ours, struct err *e)
{
	char text[ERR_TEXT_BYTES - 8], next[96];
	size_t used;

	if (!args[0] || !translate(args[0], ours, text, sizeof(text)))
		return 0;
	used = strlen(text);
	while (*++args && strcmp(*args, "--") != 0) {
		if (!translate(*args, ours, next, sizeof(next)) || strstr(text, next))
			continue;
		if (used + strlen(next) + 2 >= sizeof(text))
			return err_set(e, "%s; ...", text);
		used += (size_t)snprintf(text + used, sizeof(text) - used, "; %s", next);
	}
	return err_set(e, "%s", text);
}
