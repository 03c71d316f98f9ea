/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The guest's /init for `minivmm --init FILE`: FILE is /minivmm/init in the initramfs. When it
 * ends, the machine ends with its status.
 *
 *   FILE exits with 0 to 99    that is the status; a larger one counts as 99
 *   FILE dies by a signal      "minivmm-init: killed by signal 6 (SIGABRT)", status 99
 *   FILE cannot be run         "minivmm-init: cannot run: ...", status 99
 *   there is no exit device    "minivmm-init: no exit device, ...", power-off: the status is lost
 *
 * FILE finds proc, sysfs and devtmpfs mounted, the console as 0, 1, 2 and as its controlling
 * terminal, what /minivmm/args has (each with its NUL) and the words after "--" of the kernel's
 * command line as arguments, and the kernel's environment with a PATH and a HOME.
 *
 * Built without a libc, so that the executable carries two pages and not a whole one: machine.h has
 * the system calls, as both architectures have them, and the way to the exit device.
 */
#include "machine.h"

#define PROGRAM "/minivmm/init"
#define ARGS    "/minivmm/args"
#define PATH    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define HOME    "HOME=/"

enum {
	STATUS_MAX = 99, /* the statuses above are minivmm's own */
	ARGS_MAX = 512,  /* vmm/payload/initramfs.h */
	ARGS_BYTES = 32 << 10,
	WORDS_MAX = 64, /* after "--": the kernel passes 32 */
	ENV_MAX = 512,  /* the kernel passes 34 (CONFIG_INIT_ENV_ARG_LIMIT and two) */
};

#define AT_FDCWD             (-100)
#define O_RDWR               2
#define TCSBRK               0x5409 /* with argument 1: tcdrain() */
#define TIOCSCTTY            0x540e
#define TIOCSPGRP            0x5410
#define SIG_BLOCK            0
#define SIG_SETMASK          2
#define SIGCHLD              17
#define SIGTTOU              22
#define EINTR                4
#define EBUSY                16
#define REBOOT_MAGIC1        0xfee1dead
#define REBOOT_MAGIC2        672274793
#define REBOOT_CMD_POWER_OFF 0x4321fedc

static long sys3(long nr, long a, long b, long c)
{
	return sys(nr, a, b, c, 0, 0);
}

/* ---- Text ---- */

/* One line of the console, written at once so that nothing comes in between. */
struct line {
	char text[160];
	unsigned n;
};

static void add(struct line *l, const char *s)
{
	while (*s && l->n < sizeof(l->text))
		l->text[l->n++] = *s++;
}

/* No initializer: a compiler may call memset() for one. */
static void begin(struct line *l, const char *s)
{
	l->n = 0;
	add(l, "minivmm-init: ");
	add(l, s);
}

static void add_number(struct line *l, long n)
{
	char digit[2] = {(char)('0' + n % 10), 0};

	if (n >= 10)
		add_number(l, n / 10);
	add(l, digit);
}

static void print(const struct line *l)
{
	sys3(NR_write, 2, (long)l->text, l->n);
}

static const char *error_text(long error)
{
	switch (error) {
	case 2:
		return "No such file or directory";
	case 7:
		return "Argument list too long";
	case 8:
		return "Exec format error";
	case 12:
		return "Cannot allocate memory";
	case 13:
		return "Permission denied";
	case 22:
		return "Invalid argument";
	case 40:
		return "Too many levels of symbolic links";
	default:
		return 0;
	}
}

static void add_error(struct line *l, long error)
{
	if (error_text(error)) {
		add(l, error_text(error));
	} else {
		add(l, "error ");
		add_number(l, error);
	}
}

/* <asm-generic/signal.h>, x86's are the same. Arrays, not pointers: no relocations, and smaller. */
static const char signals[][10] = {
	"?",         "SIGHUP",  "SIGINT",    "SIGQUIT", "SIGILL",   "SIGTRAP", "SIGABRT", "SIGBUS",
	"SIGFPE",    "SIGKILL", "SIGUSR1",   "SIGSEGV", "SIGUSR2",  "SIGPIPE", "SIGALRM", "SIGTERM",
	"SIGSTKFLT", "SIGCHLD", "SIGCONT",   "SIGSTOP", "SIGTSTP",  "SIGTTIN", "SIGTTOU", "SIGURG",
	"SIGXCPU",   "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO",   "SIGPWR",  "SIGSYS",
};

static const char *signal_name(unsigned number)
{
	return number < sizeof(signals) / sizeof(signals[0]) ? signals[number] : "real-time";
}

/* ---- What FILE finds ---- */

static void mount(const char *type, const char *target)
{
	long ret;

	sys3(NR_mkdirat, AT_FDCWD, (long)target, 0755); /* mostly it is there */
	ret = sys(NR_mount, (long)type, (long)target, (long)type, 0, 0);
	if (ret && ret != -EBUSY) {
		struct line l;
		begin(&l, "cannot mount ");
		add(&l, target);
		add(&l, ": ");
		add_error(&l, -ret);
		add(&l, "\n");
		print(&l);
	}
}

/* The kernel opened the initramfs's /dev/console; now it is devtmpfs's. */
static void open_console(void)
{
	long fd = sys3(NR_openat, AT_FDCWD, (long)"/dev/console", O_RDWR);

	if (fd < 0)
		return;
	for (long i = 0; i < 3; i++)
		sys3(NR_dup3, fd, i, 0);
	if (fd > 2)
		sys3(NR_close, fd, 0, 0);
}

static int starts_with(const char *s, const char *prefix)
{
	while (*prefix && *s == *prefix) {
		s++;
		prefix++;
	}
	return !*prefix;
}

/* Reads ARGS; a file that cannot be read counts as empty. Returns how many bytes. */
static long read_args(char *bytes)
{
	long fd = sys3(NR_openat, AT_FDCWD, (long)ARGS, 0);
	long n = 0, got;

	if (fd < 0)
		return 0;
	while ((got = sys3(NR_read, fd, (long)bytes + n, ARGS_BYTES - n)) > 0)
		n += got;
	sys3(NR_close, fd, 0, 0);
	return n;
}

/* PROGRAM, its arguments, the kernel's words. */
static const char **arguments(const char **words)
{
	static char bytes[ARGS_BYTES + 1];
	static const char *all[1 + ARGS_MAX + WORDS_MAX + 1];
	long end = read_args(bytes);
	int n = 0;

	all[n++] = PROGRAM;
	for (long at = 0; at < end && n <= ARGS_MAX; at++) {
		all[n++] = bytes + at;
		while (bytes[at])
			at++;
	}
	for (int i = 0; i < WORDS_MAX && words[i]; i++)
		all[n++] = words[i];
	return all;
}

static const char **complete(const char **env)
{
	static const char *all[ENV_MAX + 3];
	int n = 0, path = 0, home = 0;

	for (; env[n] && n < ENV_MAX; n++) {
		path |= starts_with(env[n], "PATH=");
		home |= starts_with(env[n], "HOME=");
		all[n] = env[n];
	}
	if (!path)
		all[n++] = PATH;
	if (!home)
		all[n++] = HOME;
	return all;
}

/* ---- Running it ---- */

/*
 * PID 1 stays the leader of the terminal's session. Were it the child, its end would hang the
 * terminal up, and the kernel would drop what it had not sent yet. The child gets a process group
 * of its own in the foreground, as a shell would give it, so that ^C is for it.
 */
static void own_terminal(void)
{
	/* FILE may leave another group in the foreground: PID 1 writes and waits nevertheless. */
	unsigned long mask = 1UL << (SIGTTOU - 1);

	sys(NR_rt_sigprocmask, SIG_BLOCK, (long)&mask, 0, sizeof(mask), 0);
	sys3(NR_setsid, 0, 0, 0);
	sys3(NR_ioctl, 0, TIOCSCTTY, 1);
}

__attribute__((noreturn)) static void run_file(const char **argv, const char **env)
{
	unsigned long none = 0;
	struct line l;
	long ret;
	int pid;

	sys3(NR_setpgid, 0, 0, 0);
	pid = (int)sys3(NR_getpid, 0, 0, 0);
	sys3(NR_ioctl, 0, TIOCSPGRP, (long)&pid);
	sys(NR_rt_sigprocmask, SIG_SETMASK, (long)&none, 0, sizeof(none), 0);
	ret = sys3(NR_execve, (long)PROGRAM, (long)argv, (long)env);
	begin(&l, "cannot run: ");
	add_error(&l, -ret);
	add(&l, " (is it a static binary?)\n");
	print(&l);
	for (;;)
		sys3(NR_exit, STATUS_MAX, 0, 0);
}

/* Reaps every child until @pid ends, and says what the machine's status is to be. */
static int wait_for(long pid)
{
	int status = 0;
	long who;
	struct line l;

	do
		who = sys(NR_wait4, -1, (long)&status, 0, 0, 0);
	while (who != pid && (who >= 0 || who == -EINTR));
	if (who < 0)
		return STATUS_MAX;
	if (!(status & 0x7f)) {
		status = status >> 8 & 0xff;
		return status < STATUS_MAX ? status : STATUS_MAX;
	}
	begin(&l, "killed by signal ");
	add_number(&l, status & 0x7f);
	add(&l, " (");
	add(&l, signal_name((unsigned)status & 0x7f));
	add(&l, ")\n");
	print(&l);
	return STATUS_MAX;
}

static int run(const char **argv, const char **env)
{
	long pid = sys(NR_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		run_file(argv, env);
	if (pid < 0) {
		struct line l;
		begin(&l, "cannot fork: ");
		add_error(&l, -pid);
		add(&l, "\n");
		print(&l);
		return STATUS_MAX;
	}
	return wait_for(pid);
}

static void drain(void)
{
	sys3(NR_ioctl, 2, TCSBRK, 1);
}

/* Ends the machine. */
static void finish(int status)
{
	struct line l;

	sys3(NR_sync, 0, 0, 0);
	drain();
	exit_device(status);
	begin(&l, "no exit device, status ");
	add_number(&l, status);
	add(&l, " is lost\n");
	print(&l);
	drain();
	sys(NR_reboot, REBOOT_MAGIC1, REBOOT_MAGIC2, REBOOT_CMD_POWER_OFF, 0, 0);
}

/* sp: the stack as the kernel leaves it: argc, argv, NULL, environment, NULL. */
__attribute__((noreturn, used)) void start_c(long *sp)
{
	const char **argv = (const char **)(sp + 1);

	mount("proc", "/proc");
	mount("sysfs", "/sys");
	mount("devtmpfs", "/dev");
	open_console();
	own_terminal();
	finish(run(arguments(argv + 1), complete(argv + sp[0] + 1)));
	/* Not even power-off works: the kernel panics, which is better than a hang. */
	for (;;)
		sys3(NR_exit, STATUS_MAX, 0, 0);
}
