# SPDX-License-Identifier: BSD-3-Clause
"""How a stock kernel's run ends, and the status that says so."""
import glob
import os
import signal
import time

from harness import KERNEL, Setup, check, finish, guest, initrd, kernel_args, read_until, start, test


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
    r = guest("dmesg -n 1; halt -f", "--cpus", "2", "--timeout", "60s", cmdline="loglevel=0")
    r.expect(102, err="^minivmm: vCPU 0: halted with interrupts off at 0xffffffff.*, and nothing can wake it; "
                      "1 more likewise$")


@test(KERNEL, only="x86_64")
def a_reboot_by_triple_fault_is_102():
    guest("reboot -f", cmdline="reboot=triple").expect(102, err="triple fault")


@test(KERNEL)
def restart_boots_again():
    p = start(*kernel_args(), "--initrd", initrd("reboot -f"), "--on-reboot", "restart",
              "--cpus", "2")
    read_until(p, "init reached", times=3)
    p.send_signal(signal.SIGTERM)
    finish(p, 30).expect(128 + signal.SIGTERM, err="ended by signal 15")


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
