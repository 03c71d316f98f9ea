# SPDX-License-Identifier: BSD-3-Clause
"""Bad input: one clear line, status 125."""
import os
import re
import struct
import subprocess

from harness import HOST, KERNEL, KVM, Failed, Setup, Skipped, check, guest_path, kernel_args, run, scratch, test
from machine import ARCH, MACHINE


def refused(r, err):
    """One line on stderr that matches, nothing on stdout, status 125."""
    r.expect(125, err=err)
    check(r.err.count("\n") == 1 and r.err.startswith("minivmm: "), "not one line" + r.describe())
    check(r.out == "", "output" + r.describe())


def refused_kernel(data, err, *args):
    refused(run("--kernel", scratch("kernel", data), *args), rf"^minivmm: .*kernel: {err}")


def elf(e_class=2, machine=62, e_type=2):
    """An ELF header alone, in the class that it names."""
    ident = b"\x7fELF" + bytes([e_class, 1, 1]) + b"\0" * 9
    return ident + struct.pack("<HHIQQQIHHHHHH", e_type, machine, 1, 0x100000, 64, 0, 0, 64, 56, 1, 0,
                               0, 0) + b"\0" * 56


def bzimage(xloadflags=1, version=0x20f):
    """A bzImage's first kilobyte and one page of nothing after it."""
    d = bytearray(1024 + 4096)
    d[0x1f1] = 1
    struct.pack_into("<H", d, 0x1fe, 0xaa55)
    d[0x200:0x202] = b"\xeb\x66"
    d[0x202:0x206] = b"HdrS"
    struct.pack_into("<H", d, 0x206, version)
    struct.pack_into("<I", d, 0x1f4, 4096 // 16)
    d[0x211] = 1
    struct.pack_into("<I", d, 0x230, 0x200000)
    d[0x234] = 1
    struct.pack_into("<H", d, 0x236, xloadflags)
    struct.pack_into("<I", d, 0x238, 2047)
    struct.pack_into("<Q", d, 0x258, 0x1000000)
    struct.pack_into("<I", d, 0x260, 8192)
    return bytes(d)


OPTIONS = [
    (["--nonsense"], "unknown or ambiguous option --nonsense"),
    (["-z"], "unknown option -z"),
    (["--memory"], "--memory needs a value"),
    (["--memory", "0"], "--memory: '0' is no memory at all"),
    (["--memory", "12X"], "--memory: '12X' is not a size"),
    (["--memory", "-1"], "--memory: '-1' is not a number"),
    (["--memory", "99999999999999999999"], "--memory: '99999999999999999999' is too large"),
    (["--memory", "17179869184G"], "--memory: '17179869184G' is too large"),
    (["--memory", "4097K"], "--memory: '4097K' is not a multiple of 4K"),
    (["--memory", "4K"], f"--memory: '4K' is too little, expected at least {MACHINE.min_memory}"),
    (["--cpus", "0"], "--cpus: '0', expected 1 to"),
    (["--cpus", "two"], "--cpus: 'two' is not a number"),
    (["--boot", "bios"], "--boot: 'bios', expected auto, linux64 or pvh"),
    (["--on-reboot", "x"], "--on-reboot: 'x', expected exit or restart"),
    (["--seccomp", "x"], "--seccomp: 'x', expected on, log or off"),
    (["--cpus", "1", "--cpus", "2"], "--cpus is given twice"),
    (["--check=1"], "--check takes no value"),
    (["--check", "--cpus", "2"], "--check takes no other options"),
    (["--timeout", "0"], "--timeout: '0' is no time at all"),
    (["--timeout", "5x"], "--timeout: '5x' is not a duration"),
    (["--idle-timeout", "9999999h"], "--idle-timeout: '9999999h' is too long"),
    (["--until-expected"], "--until-expected needs an --expect"),
    (["--expect-ordered"], "--expect-ordered needs an --expect"),
    (["--expect", "x", "--expect-ordered", "--expect-ordered"], "--expect-ordered is given twice"),
    (["-kernel", "x", "-append", "y", "-m", "512", "-smp", "2", "-nographic"],
     "-kernel: use --kernel; -append: use --cmdline; -smp: use --cpus; "
     "-nographic: leave it out: the console is on stdin and stdout\n"),
    (["--append", "y"], "--append: use --cmdline\n"),
    (["--kernel", "a", "b"], "'b': the kernel is 'a' already"),
    (["a", "b"], "'b': one kernel is enough"),
    (["--kernel", ""], "--kernel: an empty file name"),
]


@test(HOST)
def wrong_options():
    for args, err in OPTIONS:
        refused(run(*args), "^minivmm: " + re.escape(err))


@test(HOST)
def help_and_version():
    r = run("--help").expect(0, "^Usage: minivmm ", no_err=True)
    check(r.out.endswith("128+N ended by signal N.\n"), r.describe())
    with open("/dev/full", "wb") as full:
        run("--help", stdout=full).expect(125, err="^minivmm: stdout: No space left on device$")


@test(HOST)
def version_says_what_it_was_built_of():
    """The first line is for scripts; each kind of compression is there or is left out."""
    with open(os.path.join(os.path.dirname(__file__), "../../meson.build"), encoding="utf-8") as f:
        version = re.search(r"version: '([^']*)'", f.read()).group(1)
    r = run("--version").expect(0, rf"\Aminivmm {re.escape(version)}\narchitecture +{ARCH}\n", no_err=True)
    r.expect(out=r"^libraries +libfdt, tre \d+\.\d+\S*, nettle \d+\.\d+").expect(out="^filter +seccomp")
    r.expect(out=r"^build +(gcc|clang) \d+\.\S*, (static|shared)$")
    built_in = re.findall(r"(\w+) \((?:zlib|libzstd|liblz4|liblzma) \d+\.\d+\S*\)", r.out)
    left_out = re.search("^left out +(.*)$", r.out, re.M)
    check(sorted(built_in + (left_out.group(1).split(", ") if left_out else [])) == ["gzip", "lz4", "xz", "zstd"],
          r.describe())


@test(HOST)
def files_that_are_no_files():
    fifo = os.path.join(Setup.work, "fifo")
    os.mkfifo(fifo)
    for path, err in (("/nonexistent", "No such file or directory"),
                      (Setup.work, "this is a directory, expected a regular file"),
                      (fifo, "this is a FIFO, expected a regular file"),
                      ("/dev/null", "this is a device, expected a regular file"),
                      (scratch("empty", b""), "the file is empty")):
        for option in ("--kernel", "--initrd"):
            refused(run(option, path), f"^minivmm: {option}: {path}: {err}$")


@test(KVM, only="x86_64")
def kernels_of_the_wrong_kind():
    refused_kernel(b"#!/bin/sh\necho hello\n", "this is a (script or )?text")
    refused_kernel(b"\0" * 4096, ".*(ELF vmlinux|bzImage)")
    refused_kernel(b"\x1f\x8b\x08" + b"\0" * 100, "gzip: ")
    refused_kernel(elf(e_class=1), ".*32-bit")
    refused_kernel(elf(machine=183), ".*e_machine=183")
    refused_kernel(elf(e_type=1), ".*e_type=1")
    refused_kernel(bzimage(xloadflags=0), ".*XLF_KERNEL_64")
    refused_kernel(bzimage(version=0x209), ".*version")
    refused_kernel(b"MZ" + b"\0" * 54 + b"ARM\x64" + b"\0" * 4096, ".*arm64 Image")
    refused(run("--kernel", scratch("kernel", bzimage()), "--boot", "pvh"),
            "^minivmm: --boot pvh: this bzImage has no PVH entry")


def truncations(data, lengths, *args):
    """Each must be refused in one line: never a crash, never a hang."""
    for length in lengths:
        r = run("--kernel", scratch("kernel", data[:length]), *args, timeout=20)
        if r.status != 125 or r.err.count("\n") != 1:
            raise Failed(f"cut to {length} of {len(data)} bytes" + r.describe())


@test(KVM, only="x86_64")
def truncated_kernels():
    # Every single length is the unit tests' matter; this is what a user sees.
    data = bzimage()
    truncations(data, [*range(1, 0x2a0, 23), 1023, 1024, 1025, len(data) - 16])
    with open(guest_path("hlt_loop"), "rb") as f:
        data = f.read()
    phoff, = struct.unpack_from("<Q", data, 32)
    truncations(data, [*range(1, phoff + 56, 13)])


@test(KERNEL, only="x86_64")
def a_truncated_real_kernel():
    for path in Setup.kernels["debian-6.1-cloud"]:
        with open(path, "rb") as f:
            data = f.read()
        truncations(data, [64, 511, 512, 1024, len(data) // 2])


@test(KERNEL, only="x86_64")
def memory_too_small():
    bz, vmlinux = Setup.kernels["debian-6.1-cloud"]
    refused(run("--kernel", bz, "--memory", "16M"), "^minivmm: .*vmlinuz.*: bzImage: .*RAM")
    refused(run("--kernel", vmlinux, "--memory", "16M"), "^minivmm: .*vmlinux.*: ELF: .*RAM")


@test(KERNEL)
def an_initrd_larger_than_memory():
    path = os.path.join(Setup.work, "big")
    with open(path, "wb") as f:
        f.truncate(600 << 20)
    refused(run(*kernel_args(), "--initrd", path), "^minivmm: .*initrd.* 629145600")


@test(KERNEL)
def a_command_line_that_is_too_long():
    for kernel in Setup.kernels["debian-6.1-cloud"]:
        refused(run("--kernel", kernel, "--cmdline", "x" * 2048),
                "^minivmm: --cmdline: 2048 bytes long, but (this|an arm64) kernel takes at most 2047")
    r = run("--kernel", Setup.kernels["debian-6.1-cloud"][0], "--cmdline", "x" * 100000)
    refused(r, "^minivmm: --cmdline: 100000 bytes long")


@test(KVM)
def too_many_cpus():
    refused(run("--cpus", "5000"),
            "^minivmm: --cpus: 5000, but this host's KVM .* at most [0-9]+: [a-zA-Z0-9', ]+$")


def host_mib():
    """RAM and swap of this machine."""
    with open("/proc/meminfo", encoding="ascii") as f:
        return sum(int(kib) for kib in re.findall(r"^(?:MemTotal|SwapTotal): +([0-9]+) kB", f.read(), re.M)) >> 10


@test(KVM)
def more_memory_than_the_host_has():
    for asked in (host_mib() + 2, host_mib() * 8):
        refused(run("--memory", f"{asked}M"),
                f"^minivmm: --memory: {asked} MiB, but this host has [0-9]+ MiB of RAM and swap; "
                "--overcommit lets it be more$")
        run("--dry-run", "--memory", f"{asked}M").expect(0, no_err=True)
    run("--memory", f"{host_mib() + 2}M", "--overcommit").expect(0, f"^RAM: {host_mib() + 2} MiB$")


@test(KVM)
def more_memory_than_addresses_reach():
    gib = int(run("--check").expect(0, "^ +guest RAM ").out.split("guests may have up to ")[1].split("G ")[0])
    if gib >= 64 << 10:
        raise Skipped("this host's addresses reach further than --memory does")
    for asked in (gib + 1, 64 << 10):
        for more in ([], ["--overcommit"]):
            refused(run("--memory", f"{asked}G", *more),
                    f"^minivmm: --memory: {asked << 10} MiB, but guests' addresses have [0-9]+ bits on this host: "
                    f"at most {gib << 10} MiB$")


@test(KVM)
def more_memory_than_kvm_can_keep_tables_of():
    if host_mib() >= 24 << 20:  # a quarter of it would be enough for the largest --memory
        raise Skipped("this host has too much memory")
    r = run("--memory", "64T", "--overcommit")
    refused(r, "^minivmm: --memory: 67108864 MiB, (for which KVM may need 163840 MiB of its own|but guests' addresses)")


def unshared(script):
    """A shell script with mounts of its own, before it runs minivmm without arguments ($1)."""
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    p = subprocess.run(["unshare", *user, "--mount", "sh", "-c", script, "sh", Setup.minivmm],
                       stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


@test(HOST)
def no_dev_kvm():
    for option, where in (("", 2), ("--check", 1)):
        status, out, err = unshared('mount -t tmpfs none /dev && touch /dev/null && exec "$1" ' + option)
        said = (out, err)[where - 1]
        check(status == 125, f"status {status}: {out}{err}")
        check("/dev/kvm: No such file or directory" in said, said)
        check("nested" in said, "no advice: " + said)


@test(KVM)
def no_permission_for_dev_kvm():
    # A copy where the other user can read it, and a device that only its owner may open.
    script = ('d=$(mktemp -d) && chmod 755 "$d" && cp "$1" "$d/minivmm" && '
              'mount -t tmpfs none /mnt && cp -a /dev/kvm /mnt/kvm 2>/dev/null && '
              'chown 0:0 /mnt/kvm && chmod 600 /mnt/kvm && mount --bind /mnt/kvm /dev/kvm && '
              'setpriv --reuid 65534 --regid 65534 --clear-groups "$d/minivmm"; s=$?; '
              'rm -r "$d"; exit $s')
    if os.geteuid() != 0:
        script = "exit 77"
    status, out, err = unshared(script)
    if os.geteuid() != 0:
        return
    check(status == 125 and err.count("\n") == 1, f"status {status}: {out}{err}")
    check("/dev/kvm: Permission denied" in err and "usermod -aG kvm" in err, err)


@test(HOST)
def a_dev_kvm_that_is_something_else():
    status, out, err = unshared('mount -t tmpfs none /mnt && '
                                'mkdir /mnt/dev && touch /mnt/dev/kvm /mnt/dev/null && '
                                'mount --bind /mnt/dev /dev && exec "$1"')
    check(status == 125 and err.count("\n") == 1, f"status {status}: {out}{err}")
    check("/dev/kvm: KVM_GET_API_VERSION says -1, expected 12" in err, err)
