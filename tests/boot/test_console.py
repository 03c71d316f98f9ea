# SPDX-License-Identifier: BSD-3-Clause
"""The console: a person's terminal, pipes, files, and what is lost and closed."""
import os
import re
import signal
import subprocess
import time

from harness import (KERNEL, KVM, Failed, Setup, Terminal, check, cpu_seconds, finish, guest,
                     guest_path, initrd, kernel_args, read_until, run, scratch, start, test, text)

CTRL_A, CTRL_C = "\x01", "\x03"
PROMPT = r"minivmm:[^#]*# "


def shell(*args):
    """A terminal with a busybox shell in the guest, at its prompt."""
    t = Terminal(*kernel_args(), "--initrd", Setup.initramfs, *args)
    t.wait(PROMPT)
    return t


@test(KERNEL)
def a_shell_echoes_and_answers():
    with shell() as t:
        check(t.is_raw(), "the terminal is not raw")
        at = len(t.seen)
        t.send("echo $((6 * 7))\n")
        at = t.wait(r"echo \$\(\(6 \* 7\)\)\r\n42\r\n", since=at)
        t.wait(PROMPT, since=at)
        t.send("exit\n")
        check(t.end() == 0, "status")


@test(KERNEL)
def ctrl_c_interrupts_a_guest_process():
    with shell() as t:
        at = len(t.seen)
        # Once the process itself has said so, it and not the shell gets the signal.
        t.send("sh -c 'echo run\"\"ning; exec sleep 1000'; echo after-$?\n")
        t.wait(r"\nrunning\r\n", since=at)
        t.send(CTRL_C)
        at = t.wait(PROMPT, since=t.wait(r"\^C", since=at))
        t.send("echo alive\n")
        t.wait(r"\r\nalive\r\n", since=at)
        t.send(CTRL_A + "x")
        check(t.end() == 0, "status")


@test(KERNEL)
def a_paste_of_100_KiB_arrives_whole():
    # In lines: a guest's terminal in canonical mode takes 4095 bytes of one.
    lines = "".join(f"{n:06d} " + "x" * 92 + "\n" for n in range(1024))
    with shell() as t:
        at = len(t.seen)
        t.send("stty -echo; echo rea''dy; md5sum -; echo end\n")
        at = t.wait(r"\nready\r\n", since=at)
        t.send(lines + "\x04")
        at = t.wait(r"\r\nend\r\n", since=at)
        import hashlib
        digest = hashlib.md5(lines.encode()).hexdigest()
        check(digest.encode() in t.seen, "the paste arrived changed:\n" + text(t.seen)[-300:])
        t.send(CTRL_A + "x")
        check(t.end() == 0, "status")


@test(KERNEL)
def escapes_help_and_a_real_ctrl_a():
    with shell() as t:
        at = len(t.seen)
        t.send(CTRL_A + "h")
        t.wait("Ctrl-a x ends the run.*Ctrl-a b sends a break", since=at)
        t.send("cat -v\n")
        at = t.wait("cat -v\r\n", since=at)
        t.send(CTRL_A + CTRL_A + "!\n")
        t.wait(r"\^A!", since=at)
        t.send(CTRL_A + "x")
        check(t.end() == 0, "status")


@test(KERNEL)
def a_break_and_a_key_are_linuxs_sysrq():
    with Terminal(*kernel_args("debian-6.12-cloud"), "--cpus", "2", "--initrd", Setup.initramfs) as t:
        t.wait(PROMPT)
        at = len(t.seen)
        t.send("cd /proc/sys/kernel; echo 9 >printk; echo 1 >sysrq; echo lo''ud\n")
        at = t.wait(r"\nloud\r\n", since=at)
        t.send(CTRL_A + "bh")
        at = t.wait(r"sysrq: HELP : .*loglevel\(0-9\)", since=at)
        t.send("echo $((6 * 7))\n")  # the key after the next is the shell's again
        t.wait(r"\n42\r\n", since=at)
        t.send(CTRL_A + "bc")  # SysRq's crash
        check(t.end() == 101, f"status after SysRq c: {t.process.returncode}")


@test(KERNEL)
def signals_and_a_panic_restore_the_terminal():
    for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        with shell() as t:
            t.process.send_signal(sig)
            check(t.end() == 128 + sig, f"status after signal {sig}: {t.process.returncode}")
    with shell() as t:
        t.send("echo c > /proc/sysrq-trigger\n")
        check(t.end() == 101, f"status after a panic: {t.process.returncode}")


@test(KERNEL)
def stop_and_continue():
    with shell() as t:
        t.process.send_signal(signal.SIGTSTP)
        deadline = time.monotonic() + 10
        while process_state(t.process.pid) != "T":
            check(time.monotonic() < deadline, "SIGTSTP does not stop it")
            time.sleep(0.05)
        check(t.modes() == t.before, "stopped, but the terminal is still raw")
        t.process.send_signal(signal.SIGCONT)
        while not t.is_raw():
            check(time.monotonic() < deadline, "continued, but the terminal is not raw")
            time.sleep(0.05)
        at = len(t.seen)
        t.send("echo alive\n")
        t.wait(r"\r\nalive\r\n", since=at)
        t.send(CTRL_A + "x")
        check(t.end() == 0, "status")


def process_state(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        return f.read().rsplit(")", 1)[1].split()[0]


@test(KERNEL)
def input_from_a_pipe_that_ends():
    # Sent at once, long before the guest opens its terminal: it must wait there for the reader.
    r = guest("stty -echo; read a; read b; echo got:$a:$b; sleep 1; echo after", stdin=subprocess.PIPE,
              input=b"one\ntwo\n")
    r.expect(0, "^got:one:two$").expect(out="^after$")


@test(KERNEL)
def input_that_never_comes_costs_no_time():
    for how in ("null", "pipe", "closed"):
        popen = {"stdin": subprocess.DEVNULL}
        if how == "pipe":
            reader, writer = os.pipe()
            os.close(writer)
            popen = {"stdin": reader}
        elif how == "closed":
            popen = {"stdin": None, "preexec_fn": lambda: os.close(0)}
        p = start(*kernel_args(), "--initrd", initrd("echo idle; sleep 4; echo done"), **popen)
        read_until(p, "^idle$")
        time.sleep(1)
        before = cpu_seconds(p.pid)
        time.sleep(2)
        spent = cpu_seconds(p.pid) - before
        finish(p).expect(0)
        check(spent < 1, f"stdin {how}: {spent:.2f} s of processor time in 2 s of an idle guest")


@test(KERNEL)
def a_reader_that_leaves_ends_the_run():
    p = start(*kernel_args(), "--initrd", initrd("while :; do echo line; done"))
    read_until(p, "^line$")
    p.stdout.close()
    p.stdout = None
    r = finish(p, 30)
    r.expect(128 + signal.SIGPIPE, err="^minivmm: stdout was closed by its reader$")


@test(KERNEL)
def a_slow_reader_gets_everything():
    lines = 4000
    p = start(*kernel_args(), "--initrd", initrd(f"seq 1 {lines}"))
    time.sleep(8)  # the pipe is full, the guest waits or has ended
    r = finish(p).expect(0)
    numbers = [int(n) for n in re.findall(r"^(\d+)$", r.out, re.M)]
    check(numbers == list(range(1, lines + 1)), f"{len(numbers)} of {lines} lines came")


@test(KERNEL)
def a_reader_that_stops_does_not_stop_the_guest():
    # More than a pipe and the ring take, and nobody reads: the guest must still end its work.
    p = start(*kernel_args(), "--initrd", initrd("seq 1 30000; exit 5"))
    time.sleep(15)
    p.send_signal(signal.SIGTERM)
    finish(p, 30)


@test(KERNEL)
def a_full_disk_is_a_clear_error():
    with open("/dev/full", "wb") as full:
        r = run(*kernel_args(), "--initrd", initrd("echo hi; sleep 5"), stdout=full)
    r.expect(125, err="^minivmm: stdout: No space left on device$")


@test(KERNEL)
def stdout_to_a_file_and_non_blocking_is_left_alone():
    import fcntl
    path = scratch("console.txt", b"")
    with open(path, "r+b") as f:
        run(*kernel_args(), "--initrd", initrd("echo hi"), stdout=f).expect(0)
        check(not fcntl.fcntl(f, fcntl.F_GETFL) & os.O_NONBLOCK, "O_NONBLOCK leaked")
    with open(path, encoding="utf-8") as f:
        check("\nhi" in f.read(), "the output is not in the file")


@test(KVM)
def the_embedded_guest_on_a_terminal():
    with Terminal() as t:
        t.wait("minivmm embedded guest")
        check(t.end() == 0, "status")


@test(KVM)
def ctrl_a_x_ends_a_silent_guest():
    with Terminal("--kernel", guest_path("hlt_loop")) as t:
        deadline = time.monotonic() + 20
        while not t.is_raw():
            check(time.monotonic() < deadline, "the terminal never became raw")
            time.sleep(0.05)
        t.send(CTRL_A + "x")
        check(t.end() == 0, "status")


@test(KVM)
def ctrl_a_b_is_a_break_in_its_place():
    with Terminal("--kernel", guest_path("break")) as t:
        t.wait("q ends")
        t.send("ab" + CTRL_A + "bc" + CTRL_A + "b" + CTRL_A + "Bdq")
        t.wait("\nab<break>c<break><break>dq\r?\n")
        check(t.end() == 0, "status")


@test(KVM)
def a_guest_that_reads_nothing_does_not_lock_the_user_in():
    with Terminal("--kernel", guest_path("spin")) as t:
        t.wait("spin")
        t.send("typed in vain\n")
        time.sleep(0.5)
        t.send("more" * 100 + CTRL_A + "x")
        check(t.end() == 0, "status")


@test(KVM)
def a_bug_of_ours_restores_the_terminal():
    with Terminal("--kernel", guest_path("hlt_loop")) as t:
        deadline = time.monotonic() + 20
        while not t.is_raw():
            check(time.monotonic() < deadline, "the terminal never became raw")
            time.sleep(0.05)
        t.process.send_signal(signal.SIGSEGV)
        check(t.end() == -signal.SIGSEGV, f"status {t.process.returncode}")


@test(KVM)
def head_1_of_the_embedded_guest():
    p = subprocess.run(["sh", "-c", '"$1" | head -1', "sh", Setup.minivmm], timeout=60,
                       stdin=subprocess.DEVNULL, capture_output=True, check=False)
    check(p.returncode == 0 and p.stdout.count(b"\n") == 1, f"head got {p.stdout!r}, {p.stderr!r}")
