# SPDX-License-Identifier: BSD-3-Clause
"""How a stock kernel's run ends, and the status that says so."""
import glob
import os
import signal
import time

from harness import (KERNEL, KVM, Setup, check, finish, guest, initrd, kernel_args, read_until, run,
                     start, test, tiny)
from machine import ARCH, MACHINE


STAMP = "[    1.234567] "
OOPS = STAMP + "Oops: 0002 [#1] PREEMPT SMP NOPTI|"
PANIC = STAMP + "Kernel panic - not syncing: test|"
RESTART = STAMP + "reboot: Restarting system|"

# What a guest says before it ends: reset, or by itself never. Status, what stderr says.
SAID = (
    ("!r", 105, "the guest reset itself without having printed anything"),
    ("hello|!r", 0, None),
    (OOPS + "!r", 101, r"the guest reset itself after an oops: Oops: 0002 \[#1\] PREEMPT SMP NOPTI"),
    ("~ # " + OOPS + "line|" * 50 + "!r", 101, "the guest reset itself after an oops: Oops: "),
    (OOPS + "line|" * 51 + "!r", 0, None),
    (OOPS + RESTART + "!r", 0, None),
    # a kernel that was started by kexec, and said nothing
    (STAMP + "kexec_core: Starting new kernel|!r", 105,
     "the guest reset itself without having printed anything after kexec"),
    (OOPS + "Restarting system message bus: dbus.|!r", 101, "the guest reset itself after an oops: Oops: "),
    (STAMP + "foo" + PANIC + "!r", 101, "the guest's kernel panicked: test"),
    ("\x1b[0m" + PANIC + "!r", 101, "the guest's kernel panicked: test"),
    ("~ # " + PANIC + "!r", 101, "the guest's kernel panicked: test"),
    (PANIC + RESTART + "!r", 101, "the guest's kernel panicked: test"),
    ("~ # " + PANIC, 101, "the guest's kernel panicked: test"),
    (STAMP + "reboot: System halted|", 0, None),
    (STAMP + "reboot: Power off not available: System halted instead|", 0, None),
    (STAMP + "reboot: Power down|", 0, None),
    (PANIC + STAMP + "reboot: System halted|", 101, "the guest's kernel panicked: test"),
    ("XZ-compressed data is corrupt|| -- System halted", 102,
     "the kernel could not unpack itself, and halted"),
    # these are no last words
    ("System halted|", 124, None),
    ("init: reboot: System halted|", 124, None),
    (STAMP + "reboot: Power down|" + "and up again|", 124, None),
)
TRIPLE = (
    (RESTART + "!t", 0, None),
    (RESTART + STAMP + "reboot: machine restart|!t", 0, None),
    ("!t", 102, "vCPU 0: triple fault"),
    (RESTART + "hello|!t", 102, "vCPU 0: triple fault"),
    ("Restarting system message bus: dbus.|!t", 102, "vCPU 0: triple fault"),
)


@test(KVM)
def the_last_words_count():
    for says, status, err in SAID + (TRIPLE if ARCH == "x86_64" else ()):
        limit = "5s" if status == 124 else "60s"  # longer than the silence that counts
        r = tiny("says", "--cmdline", "say=" + says, "--timeout", limit)
        r.expect(status, err=err and "^minivmm: " + err, no_err=status == 0)


@test(KVM)
def a_known_oops_is_no_reason():
    says = ["--cmdline", "say=" + OOPS + "!r", "--ignore-warning", "Oops: 0002"]
    tiny("says", *says, "--fail-on-warning").expect(0, no_err=True)


@test(KVM)
def a_warning_without_a_newline_is_one():
    says = ["--cmdline", "say=ok|" + STAMP + "WARNING: CPU: 0 PID: 1 at x.c:1!r"]
    tiny("says", *says, "--fail-on-warning").expect(104)


@test(KVM)
def a_silent_reboot_may_be_allowed():
    silent = ["--cmdline", "say=!r"]
    tiny("says", *silent, "--allow-silent-reboot").expect(0, no_err=True)
    # It ends, too, where it would be booted again and again.
    tiny("says", *silent, "--on-reboot", "restart", "--timeout", "60s").expect(105)


@test(KERNEL)
def poweroff_is_0():
    guest("poweroff -f").expect(0, "init reached", no_err=True)


@test(KERNEL)
def poweroff_of_four_cpus_is_0():
    guest("poweroff -f", "--cpus", "4").expect(0, no_err=True)


@test(KERNEL)
def reboot_is_0():
    guest("reboot -f").expect(0, "init reached", no_err=True)


@test(KERNEL, only="x86_64")
def reboot_through_every_way_is_0():
    for way in ("acpi", "kbd"):
        guest("reboot -f", cmdline=f"reboot={way}").expect(0, "init reached", no_err=True)


@test(KERNEL, only="x86_64")
def a_kernel_that_halts_all_cpus_without_a_word_is_102():
    # "System halted" goes to a port that is not there.
    r = run("--kernel", Setup.kernels["debian-6.1-cloud"][0], "--cmdline", "console=ttyS1", "--initrd",
            initrd("halt -f"), "--cpus", "2", "--timeout", "60s")
    r.expect(102, err="^minivmm: vCPU 0: halted with interrupts off at 0xffffffff.*, and nothing can wake it; "
                      "1 more likewise$")


@test(KERNEL, only="x86_64")
def a_reboot_by_triple_fault_is_one():
    for kernel in Setup.kernels:
        for cpus in ("1", "4"):
            guest("reboot -f", "--cpus", cpus, kernel=kernel, cmdline="reboot=t").expect(0, no_err=True)


@test(KERNEL)
def a_guest_without_a_power_off_halts_with_0():
    off = "acpi=off" if ARCH == "x86_64" else ""
    for cpus in ("1", "4"):
        guest("halt -f", "--cpus", cpus).expect(0, r"reboot: System halted", no_err=True)
        guest("poweroff -f", "--cpus", cpus, cmdline=off).expect(0, no_err=True)


@test(KERNEL, only="x86_64")
def a_kernel_that_dies_without_a_console_is_105():
    for kernel in Setup.kernels:
        bzimage, vmlinux = Setup.kernels[kernel][:2]
        for file, *args in ((bzimage,), (vmlinux, "--boot", "pvh"), (bzimage, "--cpus", "4")):
            r = run("--kernel", file, "--cmdline", "panic=-1", *args)
            r.expect(105, r"\A\Z", "^minivmm: the guest reset itself without having printed anything$")
            r.expect(err="^minivmm: try console=ttyS0 in --cmdline: it names no console, and the kernel's is ")
    run("--kernel", bzimage, "--cmdline", "panic=-1", "--allow-silent-reboot").expect(0)


@test(KERNEL)
def a_console_that_is_not_there_is_named():
    # arm64 finds ttyS0 by itself where no other is named.
    other = "ttyAMA0" if ARCH == "aarch64" else "ttyS1"
    args = ["--kernel", Setup.kernels["debian-6.1-cloud"][0]]
    hint = f"try console=ttyS0 in --cmdline: minivmm's console is ttyS0, and the kernel's is {other}$"
    run(*args, "--cmdline", f"console={other} panic=-1").expect(105, err=f"^minivmm: {hint}")
    r = run(*args, "--cmdline", f"console={other}", "--initrd", initrd("poweroff -f"), "--timeout", "60s")
    if ARCH == "aarch64":  # init cannot open its console, and nobody sees the panic
        r.expect(124, r"\A\Z", f"^minivmm: {hint}")
    else:
        r.expect(0, r"\A\Z", f"^minivmm: warning: the guest printed nothing: {hint}")


@test(KERNEL)
def a_reset_right_after_an_oops_is_101():
    oops = "echo '<1>BUG: kernel NULL pointer dereference, address: 0' >/dev/kmsg; "
    r = guest(oops + "echo b >/proc/sysrq-trigger", cmdline="loglevel=7")
    r.expect(101, err="^minivmm: the guest reset itself after an oops: BUG: kernel NULL pointer "
                      "dereference, address: 0$")
    guest(oops + "reboot -f").expect(0)


@test(KERNEL)
def a_warning_after_a_prompt_is_seen():
    warning = "printf '~ # '; echo '<4>WARNING: CPU: 0 PID: 1 at x.c:1 f+0x1/0x2' >/dev/kmsg; exit 0"
    args = ["--fail-on-warning", "--ignore-warning"]
    r = guest(warning, *args, "at y.c:", cmdline="loglevel=7")
    r.expect(104, r"~ # \[.*WARNING", "^minivmm: --fail-on-warning: WARNING: CPU: 0 PID: 1 at x.c:1 ")
    guest(warning, *args, r"at x\.c:1 ", cmdline="loglevel=7").expect(0, no_err=True)


def boots_again(cmdline=""):
    p = start(*kernel_args(cmdline=cmdline), "--initrd", initrd("reboot -f"), "--on-reboot", "restart",
              "--cpus", "2")
    read_until(p, "init reached", times=3)
    p.send_signal(signal.SIGTERM)
    finish(p, 30).expect(128 + signal.SIGTERM, err="ended by signal 15")


@test(KERNEL)
def restart_boots_again():
    boots_again()


@test(KERNEL, only="x86_64")
def restart_boots_again_after_a_triple_fault():
    boots_again("reboot=t")


@test(KERNEL)
def a_panic_is_101():
    r = guest("echo c > /proc/sysrq-trigger")
    r.expect(101, "sysrq triggered crash", "^minivmm: the guest's kernel panicked: sysrq triggered crash$")
    # stdout is a pipe here: the console's tail is repeated beside the reason.
    r.expect(err=r"^  \| .*Kernel panic - not syncing: sysrq triggered crash")


@test(KERNEL)
def a_panic_that_does_not_reboot_is_101():
    guest("echo c > /proc/sysrq-trigger", cmdline="panic=0").expect(101, "sysrq triggered crash")


def modules(*names):
    """Modules of the kernel, as files for the initrd and the command that loads them."""
    folder = os.path.join(os.path.dirname(Setup.kernels["debian-6.1-cloud"][0]), "..")
    files = []
    for name in names:
        path, = glob.glob(f"{folder}/**/modules/**/{name}.ko", recursive=True)
        with open(path, "rb") as f:
            files.append((name + ".ko", f.read()))
    return files, "".join(f"insmod /{name}.ko; " for name in names)


@test(KERNEL, only="x86_64")
def a_panic_of_a_kernel_with_the_driver_of_pvpanic_is_101():
    files, load = modules("pvpanic", "pvpanic-mmio")
    r = guest(load + "echo c >/proc/sysrq-trigger", files=files)
    r.expect(101, err=r"^minivmm: the guest's kernel panicked \(pvpanic\): sysrq triggered crash$")


def crash_kernel(command):
    """Files and a command for a guest, which loads the kernel anew for its crash; that runs COMMAND."""
    with open(Setup.kernels["debian-6.1-cloud"][0], "rb") as f:
        kernel = f.read()
    with open(initrd(command, name="crash-initrd"), "rb") as f:
        crash_initrd = f.read()
    with open(os.path.join(Setup.guests, "..", "linux", "crash_load"), "rb") as f:
        load = f.read()
    files = [("kernel", kernel), ("crash-initrd", crash_initrd), ("crash_load", load)]
    return files, ("/crash_load /kernel /crash-initrd 'console=ttyS0 panic=-1 nr_cpus=1' && "
                   "echo c >/proc/sysrq-trigger")


@test(KERNEL)
def a_crash_kernel_runs_to_its_end():
    # It is silent for longer than a panic without one may be.
    files, crash = crash_kernel("echo in the crash kernel; sleep 5; echo it is done; poweroff -f")
    variants = [("", [], "")]
    if ARCH == "x86_64":
        driver, insert = modules("pvpanic", "pvpanic-mmio")
        variants.append((insert, driver, " crash_kexec_post_notifiers"))
    for first, more, cmdline in variants:
        r = guest(first + crash, "--memory", "1G", "--cpus", "2", files=files + more,
                  cmdline="crashkernel=192M" + cmdline)
        r.expect(101, "^it is done$", "^minivmm: the guest's kernel panicked: sysrq triggered crash$")


@test(KERNEL)
def a_kernel_without_an_initrd_panics_with_101():
    finish(start(*kernel_args())).expect(101, "VFS: Unable to mount root fs")


@test(KERNEL)
def the_commands_status_is_minivmms():
    for status in (0, 1, 42, 99):
        guest(f"exit {status}").expect(status, "init reached", no_err=True)
    guest("exit 200").expect(99)


@test(KERNEL)
def signals_end_it():
    for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        p = start(*kernel_args(), "--initrd", initrd("echo up; sleep 1000"))
        read_until(p, "^up$")
        p.send_signal(sig)
        began = time.monotonic()
        finish(p, 20).expect(128 + sig, err=f"^minivmm: ended by signal {int(sig)} ")
        check(time.monotonic() - began < 10, "slow to end")
