# SPDX-License-Identifier: BSD-3-Clause
"""What arm64 alone has: forms of its kernels, device tree, GIC, PSCI, the CPU's features.

What the host is decides what is expected, so these tests run on hosts of several kinds.
"""
import gzip
import hashlib
import lzma
import os
import re
import struct
import subprocess

from harness import (KERNEL, KVM, Setup, check, guest, guest_path, initrd, kernel_args, run, scratch,
                     test as any_test, tiny)
from test_errors import elf, refused, refused_kernel

KERNELS = ("debian-6.1-cloud", "debian-6.12-cloud")
CORTEX_A72 = 0xd08  # the part's number in MIDR_EL1


def test(needs):
    return any_test(needs, only="aarch64")


# --- forms of the kernel ---------------------------------------------------------------------

def filter_through(*command):
    """A function that packs by a program."""
    def pack(data):
        return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout
    return pack


# What zboot's header calls it -> how it is packed.
PACKERS = {
    "gzip": lambda data: gzip.compress(data, 1),
    "zstd22": filter_through("zstd", "-1qc"),
    "lz4": filter_through("lz4", "-1qcl"),
    "xzkern": lambda data: lzma.compress(data, check=lzma.CHECK_CRC32, preset=0),
}


def zboot(data, compression):
    """An EFI zboot image (Linux drivers/firmware/efi/libstub/zboot-header.S), without the PE part."""
    payload = PACKERS[compression](data)
    at = 0x1000
    # The unpacked size follows, and counts only where the format has none of its own.
    size = len(payload)
    head = b"MZ\0\0zimg" + struct.pack("<IIQ32s", at, size, 0, compression.encode())
    return head.ljust(at, b"\0") + payload + struct.pack("<I", len(data))


def form_of(kernel, form):
    """The kernel's file in that form; made once, from its Image."""
    image = Setup.kernels[kernel][0]
    path = os.path.join(Setup.work, f"{kernel}.{form}")
    if form == "Image":
        return image
    if not os.path.exists(path):
        with open(image, "rb") as f:
            data = f.read()
        kind, _, compression = form.partition("-")
        scratch(os.path.basename(path),
                zboot(data, compression) if kind == "zboot" else PACKERS["gzip"](data))
    return path


def reaches_init(path, *args):
    return run("--kernel", path, "--cmdline", "console=ttyS0 panic=-1 quiet", "--initrd",
               initrd("uname -m; nproc; exit 7"), *args).expect(
                   7, "^minivmm-initramfs: init reached$", no_err=True)


def register_forms():
    for kernel in KERNELS:
        for form, cpus in (("Image", 1), ("Image", 2), ("Image", 4), ("Image.gz", 2), ("zboot-gzip", 4)):
            def boot(kernel=kernel, form=form, cpus=cpus):
                reaches_init(form_of(kernel, form), "--cpus", str(cpus)).expect(
                    out=f"^aarch64\n{cpus}$")
            boot.__name__ = f"{kernel}_{form}_cpus_{cpus}"
            boot.__module__ = __name__
            test(KERNEL)(boot)


register_forms()


@test(KERNEL)
def a_kernel_in_a_zboot_image_with_zstd():
    reaches_init(form_of("debian-6.12-cloud", "zboot-zstd22"))


@test(KVM)
def every_compression_that_there_is():
    for compression, pack in PACKERS.items():
        for data in (pack(image()), zboot(image(), compression)):
            run("--kernel", scratch("packed", data), "--cmdline", "exit=5").expect(5, "^exit 5$", no_err=True)


# --- the page size ---------------------------------------------------------------------------

def has_16k_pages():
    """Whether the host's CPU has them; None where that is not known here."""
    with open("/sys/devices/system/cpu/cpu0/regs/identification/midr_el1", encoding="ascii") as f:
        midr = int(f.read(), 16)
    return {CORTEX_A72: False, 0x051: True}.get(midr >> 4 & 0xfff)  # 0x051: QEMU's max


PAGE_SIZE_REFUSED = "^minivmm: .*the kernel's header says that it has pages of 16 KiB, which this processor"


def image(name="exit", **fields):
    """A tiny guest's Image, with fields of its header changed."""
    places = {"text_offset": (8, "<Q"), "image_size": (16, "<Q"), "flags": (24, "<Q"),
              "magic": (56, "<I")}
    with open(guest_path(name), "rb") as f:
        data = bytearray(f.read())
    for field, value in fields.items():
        at, form = places[field]
        struct.pack_into(form, data, at, value)
    return bytes(data)


@test(KVM)
def a_page_size_that_the_cpu_lacks_is_refused():
    for kib, bits in ((4, 1), (16, 2), (64, 3)):
        r = run("--kernel", scratch("kernel", image(flags=bits << 1 | 8)))
        if kib == 16 and has_16k_pages() is None:
            check(r.status in (0, 125), r.describe())
        elif kib == 16 and not has_16k_pages():
            refused(r, PAGE_SIZE_REFUSED)
        else:
            r.expect(0, "^exit 0$", no_err=True)


@test(KERNEL)
def a_kernel_with_pages_of_16_KiB():
    command = "grep -m1 KernelPageSize /proc/self/smaps; exit 7"
    args = [*kernel_args("debian-6.12-16k"), "--initrd", initrd(command)]
    if has_16k_pages():
        run(*args).expect(7, "^KernelPageSize: +16 kB$", no_err=True)
    else:
        refused(run(*args), PAGE_SIZE_REFUSED)


# --- bad kernels -----------------------------------------------------------------------------

@test(KVM)
def bad_images():
    refused_kernel(image()[:63], "arm64 Image: the file has 63 bytes, its header needs 64$")
    refused_kernel(image()[:40], ".*(unknown format|text)")
    refused_kernel(image(magic=0), ".*expected an arm64 Image")
    refused_kernel(image(flags=1), "arm64 Image: flags=0x1, .* this is a big-endian kernel$")
    refused_kernel(image(image_size=1 << 40), "arm64 Image: text_offset=0x0, image_size=0x10000000000: ")
    refused_kernel(image(text_offset=1 << 60), "arm64 Image: text_offset=0x1000000000000000")
    riscv = bytearray(image())
    riscv[56:60] = b"RSC\x05"
    refused_kernel(bytes(riscv), "this is a riscv64 Image; expected an arm64 Image")


@test(KVM)
def bad_packed_images():
    packed, boot = gzip.compress(image()), zboot(image(), "gzip")
    refused_kernel(packed[:-9], ".*gzip")
    refused_kernel(gzip.compress(b"hello"), "inside this gzip file: this is a script")
    refused_kernel(boot[:0x1010], "EFI zboot: payload_size=0x[0-9a-f]+ bytes at payload_offset=0x1000, but")
    refused_kernel(boot.replace(b"gzip", b"lzma", 1), 'EFI zboot: compression="lzma", expected gzip, lz4')
    refused_kernel(boot[:0x1000] + b"x" + boot[0x1001:], "EFI zboot: its payload: ")
    refused_kernel(zboot(b"\x7fELF" + b"\0" * 100, "gzip"), ".*(EFI zboot|ELF)")


@test(KVM)
def other_kernels():
    refused_kernel(b"\0" * 4096, "this is of an unknown format; expected an arm64 Image")
    bzimage = bytearray(4096)
    bzimage[0x1fe:0x200], bzimage[0x202:0x206] = b"\x55\xaa", b"HdrS"
    refused_kernel(bytes(bzimage), "this is a bzImage; expected an arm64 Image")
    refused_kernel(elf(machine=62), ".*e_machine=62")
    refused(run("--kernel", guest_path("exit"), "--boot", "pvh"),
            "^minivmm: --boot pvh: an arm64 kernel has no PVH entry$")


@test(KERNEL)
def memory_too_small_for_a_kernel():
    for form in ("Image", "Image.gz"):
        refused(run("--kernel", form_of("debian-6.1-cloud", form), "--memory", "16M"),
                "^minivmm: .*debian-6.1-cloud.*: arm64 Image: .* fit nowhere in RAM")


# --- the device tree -------------------------------------------------------------------------

def dump():
    """A device tree, as --dump-dtb writes it."""
    path = os.path.join(Setup.work, "dumped.dtb")
    run("--dry-run", "--dump-dtb", path).expect(0)
    with open(path, "rb") as f:
        return f.read()


def properties(dtb):
    """Path -> (offset of its value, size) of each property (Devicetree Specification, chapter 5)."""
    at, strings = struct.unpack_from(">II", dtb, 8)
    path, found = [], {}
    while True:
        token, = struct.unpack_from(">I", dtb, at)
        at += 4
        if token == 1:  # a node begins
            end = dtb.index(b"\0", at)
            path.append(dtb[at:end].decode())
            at = end // 4 * 4 + 4
        elif token == 2:
            path.pop()
        elif token == 3:
            size, name = struct.unpack_from(">II", dtb, at)
            name = dtb[strings + name:dtb.index(b"\0", strings + name)].decode()
            found["/".join([*path, name])] = (at + 8, size)
            at += 8 + (size + 3) // 4 * 4
        elif token == 9:
            return found


def as_the_kernel_leaves_it(dtb):
    """Linux zeroes kaslr-seed and turns rng-seed into FDT_NOPs, once it has them."""
    seen, places = bytearray(dtb), properties(dtb)
    at, size = places["/chosen/kaslr-seed"]
    seen[at:at + size] = b"\0" * size
    at, size = places["/chosen/rng-seed"]
    seen[at - 12:at + size] = b"\0\0\0\4" * (3 + size // 4)
    return bytes(seen)


def md5(data):
    return hashlib.md5(data).hexdigest()


@test(KERNEL)
def the_guests_device_tree_is_the_dumped_one():
    path = os.path.join(Setup.work, "guest.dtb")
    for kernel in KERNELS:
        # Every node gets a property "name" from the kernel. A list would take the console long.
        r = guest("cd /proc/device-tree; find . -type f ! -name name | sort | xargs md5sum | md5sum; "
                  "md5sum /sys/firmware/fdt", "--dump-dtb", path, "--cpus", "2", kernel=kernel).expect(0)
        with open(path, "rb") as f:
            dtb = as_the_kernel_leaves_it(f.read())
        places = sorted(("." + name, at, size) for name, (at, size) in properties(dtb).items())
        check(len(places) > 50, f"{len(places)} properties")
        listed = "".join(f"{md5(dtb[at:at + size])}  {name}\n" for name, at, size in places)
        r.expect(out=f"^{md5(listed.encode())}  -$")
        r.expect(out=f"^{md5(dtb)}  /sys/firmware/fdt$")


@test(KERNEL)
def a_device_tree_of_the_users():
    path = os.path.join(Setup.work, "built.dtb")
    run("--dump-dtb", path, "--memory", "1G", "--cmdline", "of the first tree").expect(0)
    with open(path, "rb") as f:
        own = scratch("own.dtb", f.read().replace(b"minivmm\0", b"the-own\0", 1))
    r = guest("cat /proc/device-tree/model; echo; cat /proc/cmdline; grep MemTotal /proc/meminfo",
              "--dtb", own, "--memory", "256M")
    r.expect(0, "^the-own").expect(out="^console=ttyS0 panic=-1 quiet$")
    r.expect(out="^MemTotal: +2[0-9]{5} kB")


@test(KVM)
def bad_device_trees():
    dtb = dump()
    at, half = dtb.index(b"chosen\0"), len(dtb) // 2
    first_len = int.from_bytes(dtb[8:12], "big") + 12  # the root node's tag and name, the property's tag
    for data, err in (
            (dtb[:20], "a device tree's header has 40 bytes, but there are 20$"),
            (dtb[:half],
             f"the device tree is cut short: totalsize={len(dtb)}, but there are {half} bytes$"),
            (b"\xd0\x0d\xfe\xee" + dtb[4:],
             "this is no device tree blob: magic=0xd00dfeee, expected 0xd00dfeed$"),
            (dtb[:at] + b"frozen" + dtb[at + 6:], "the device tree has no /chosen node"),
            (dtb.ljust(3 << 20, b"\0"),
             r"the device tree has 3145728 bytes, but the boot protocol allows 2097152 \(2 MiB\)$"),
            (dtb[:56] + b"\xff" * (len(dtb) - 56),
             "the device tree is not well-formed: FDT_ERR_"),
            (dtb[:first_len] + b"\xff\xff\xff\xf4" + dtb[first_len + 4:],
             "the device tree has a property with len=0xfffffff4 at offset 0x8 of its structure block")):
        refused(run("--dtb", scratch("bad.dtb", data)), f"^minivmm: --dtb: .*{err}")
    for path, err in (("/nonexistent", "No such file"), (Setup.work, "this is a directory"),
                      (scratch("empty", b""), "the file is empty")):
        refused(run("--dtb", path), f"^minivmm: --dtb: {path}: {err}")
    refused(run("--dump-dtb", "/nonexistent/x"), "^minivmm: --dump-dtb: /nonexistent/x: No such file")
    refused(run("--dump-dtb", "/dev/full"), "^minivmm: --dump-dtb: /dev/full: No space left")


# --- the machine -----------------------------------------------------------------------------

def has_gicv3():
    with open("/proc/interrupts", encoding="utf-8") as f:
        return "GICv3" in f.read()


@test(KVM)
def the_entry_state_is_the_boot_protocols():
    for cpus in ("1", "4"):
        tiny("entry", "--cpus", cpus).expect(0, "^SUCCESS$")


@test(KVM)
def the_embedded_guest_tells_how_it_was_booted():
    r = run("--cpus", "3", "--memory", "4G", "--overcommit", "--cmdline", "hello world")
    r.expect(0, "^protocol: arm64 Linux, device tree of [0-9]+ bytes$", no_err=True)
    r.expect(out="^command line: hello world$").expect(out="^RAM: 4096 MiB$")
    r.expect(out=r"^CPUs: 3 \(PSCI 1\.[0-9]+\)$")
    r.expect(out="^  0x000080000000-0x00017fffffff usable$")
    r.expect(out=f"^interrupt controller: {'arm,gic-v3' if has_gicv3() else 'arm,cortex-a15-gic'}$")


@test(KVM)
def affinities_are_right_beyond_16_cpus():
    if has_gicv3():
        for n in (16, 17, 20, 33):
            tiny("smp", "--cpus", str(n)).expect(0, f"^CPUs: {n}$", no_err=True)
    else:
        tiny("smp", "--cpus", "8").expect(0, "^CPUs: 8$")
        refused(run("--cpus", "9"), "^minivmm: --cpus: 9, .* at most 8: it has a GICv2, which takes no more$")


@test(KVM)
def the_clock_is_a_pl031():
    tiny("rtc").expect(0, "^time [0-9]{9,}$")


@test(KERNEL)
def linux_finds_the_machine():
    words = "psci|KASLR|crng|Machine model|WARNING: CPU|BUG|Call trace"
    r = guest(f"cat /proc/interrupts; dmesg | grep -E '{words}'", "--cpus", "2").expect(0)
    r.expect(out="GICv3" if has_gicv3() else "GIC-0|GICv2").expect(out="arch_timer")
    r.expect(out=r"psci: PSCIv1\.[0-9]+ detected in firmware").expect(out="KASLR enabled")
    r.expect(out=r"\] random: crng init done").expect(out="Machine model: minivmm")
    check(not re.search(r"WARNING: CPU|BUG|Call trace", r.out), "a warning" + r.describe())


@test(KERNEL)
def the_cpus_features_are_the_hosts():
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        host = set(re.search(r"^Features\s*:(.*)$", f.read(), re.M).group(1).split())
    r = guest("grep -m1 Features /proc/cpuinfo").expect(0)
    seen = set(re.search(r"^Features\s*:(.*)$", r.out, re.M).group(1).split())
    for feature in ("fp", "asimd", "sve", "sve2", "paca", "pacg"):
        check((feature in seen) == (feature in host), feature + r.describe())


@test(KERNEL)
def an_early_console():
    run(*kernel_args()[:2], "--cmdline", "earlycon panic=-1", "--until-expected", "--expect-ordered",
        "--expect", r"^\[ +0\.000000\] Booting Linux on physical CPU 0x0000000000",
        "--expect", r"^\[ +0\.000000\] earlycon: ns16550a0 at MMIO 0x0*1000000 ",
        "--expect", r"^\[ +0\.000000\] Memory: ").expect(0, no_err=True)


@test(KERNEL)
def a_warm_reboot_is_0():
    guest("reboot -f", cmdline="reboot=warm").expect(0, "init reached", no_err=True)
