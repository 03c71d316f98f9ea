# SPDX-License-Identifier: BSD-3-Clause
"""minivmm inspect: on files made here, and on distribution kernels against tests/data/inspect.

What changes from one build of a kernel to the next (numbers, versions) is masked in the text; the
JSON's numbers are compared with what is read here from the same file. Golden files are made by
    cd tests/boot && python3 test_inspect.py MINIVMM KERNEL >../data/inspect/NAME.KIND.txt
"""
import gzip
import json
import os
import re
import struct
import subprocess
import sys

from harness import FILES, HOST, UNPACK, Failed, Setup, check, guest_path, run, scratch, test
from test_errors import bzimage, elf, refused

GOLDEN = os.path.join(os.path.dirname(__file__), "..", "data", "inspect")

# Offset, struct's letter: some fields of the setup header (Documentation/arch/x86/boot.rst).
SETUP = {"setup_sects": (0x1f1, "B"), "syssize": (0x1f4, "I"), "version": (0x206, "H"),
         "xloadflags": (0x236, "H"), "kernel_alignment": (0x230, "I"), "cmdline_size": (0x238, "I"),
         "payload_length": (0x24c, "I"), "pref_address": (0x258, "Q"), "init_size": (0x260, "I")}


def inspect(path):
    """The JSON of it, parsed."""
    r = run("inspect", path, "--json").expect(0, no_err=True)
    found = json.loads(r.out)
    check(found["schema"] == "minivmm-inspect" and found["schema_version"] == 1, r.describe())
    check(found["bytes"] == os.path.getsize(path) and found["file"] == path, r.describe())
    return found


def boots(found):
    """(machine, protocol, inside) -> the entry, or None where it is not possible."""
    return {(b["machine"], b["protocol"], b["inside"]): int(b["entry"], 16) if b["possible"] else None
            for b in found["boots"]}


def fields(found, header):
    h, = [h for h in found["headers"] if h["name"] == header]
    return {f["name"]: int(f["value"], 0) for f in h["fields"] if re.match(r"0x|\d+$", f["value"])}


def configured(options):
    """An arm64 Image that carries a configuration."""
    text = "".join(f"CONFIG_{o}\n" for o in options).encode()
    d = bytearray(0x200)
    struct.pack_into("<QQ", d, 0x10, 0x10000, 0xa)
    d[0x38:0x3c] = b"ARM\x64"
    return bytes(d) + b"Linux version 6.1.0 (a@b) #1 SMP\n\0IKCFG_ST" + gzip.compress(text) + b"IKCFG_ED"


def bzimage_around(payload):
    """A bzImage with that payload, which is a packed vmlinux."""
    code = b"\0" * 0x300 + payload
    code += b"\0" * (-len(code) % 16)
    d = bytearray(bzimage()[:1024] + code)
    struct.pack_into("<I", d, 0x1f4, len(code) // 16)
    struct.pack_into("<II", d, 0x248, 0x300, len(payload))
    struct.pack_into("<I", d, 0x260, len(code) + 4096)
    return bytes(d)


@test(UNPACK, only="x86_64")
def tiny_guests_and_the_kernel_inside():
    guest = guest_path("hlt_loop")
    with open(guest, "rb") as f:
        data = f.read()
    entry, = struct.unpack_from("<Q", data, 24)
    found = inspect(guest)
    check(found["format"] == "ELF" and found["architecture"] == "x86_64", str(found))
    check(boots(found)[("x86_64", "linux64", False)] == entry, str(found))
    check(boots(found)[("aarch64", None, False)] is None, str(found))
    found = inspect(scratch("bzimage", bzimage_around(gzip.compress(data))))
    check(found["inside"]["compression"] == "gzip" and found["inside"]["bytes"] == len(data), str(found))
    check(boots(found)[("x86_64", "linux64", True)] == entry, str(found))
    check(boots(found)[("x86_64", "linux64", False)] is not None, str(found))


@test(UNPACK)
def an_embedded_configuration():
    options = ["PRINTK=y", "SERIAL_8250=y", "SERIAL_8250_CONSOLE=m", "BLK_DEV_INITRD=y", "SMP=y"]
    path = scratch("image", configured(options))
    found = inspect(path)
    check(found["banner"] == "Linux version 6.1.0 (a@b) #1 SMP", str(found))
    missing = {m["option"]: m["module"] for m in found["config"]["missing"]}
    check(missing.get("SERIAL_8250_CONSOLE") is True and missing.get("SERIAL_OF_PLATFORM") is False
          and "PRINTK" not in missing and "PVH" not in missing, str(found))
    run("inspect", path).expect(0, "^  warning: CONFIG_SERIAL_8250_CONSOLE is a module: nothing of "
                                   "the kernel is seen on console=ttyS0$", no_err=True)
    packed = inspect(scratch("image.gz", gzip.compress(configured(options))))
    check(packed["inside"]["format"] == "arm64 Image" and packed["config"] == found["config"], str(packed))


@test(UNPACK)
def files_that_are_no_kernels():
    kinds = ("expected a kernel: an ELF file, a bzImage, an arm64 or riscv64 Image, a multiboot kernel; "
             "plain, compressed, EFI zboot or in a unified kernel image")
    for data, err in ((b"#!/bin/sh\n", f"script or text file, {kinds}"),
                      (b"\0" * 100, f"unknown format, {kinds}"),
                      (b"MZ" + b"\0" * 0x3a + b"\x40\0\0\0PE\0\0", f"PE program, {kinds}"),
                      (gzip.compress(b"text"), f"inside: script or text file, {kinds}"),
                      (gzip.compress(configured([]))[:-9], "gzip: its .* bytes are cut short.*"),
                      (gzip.compress(configured([])) + b"more", "gzip: the stream ends at .*, and 4 bytes follow.*"),
                      (elf(e_class=1), r"ELF: EI_CLASS=1 \(32-bit\), expected 2 \(64-bit\) with e_machine=62 \(x86-64\)"),
                      (bzimage()[:0x210], "bzImage: the file has 528 bytes, and ends inside its setup header")):
        path = scratch("file", data)
        for args in ((), ("--json",)):
            refused(run("inspect", path, *args), f"^minivmm: {path}: {err}$")
    refused(run("inspect", Setup.work), "this is a directory, expected a regular file$")
    refused(run("inspect", "/nonexistent"), "^minivmm: /nonexistent: No such file or directory$")
    refused(run("inspect"), "^minivmm: inspect: 0 files, expected one; try --help$")
    refused(run("inspect", "--cpus", "2"), "^minivmm: inspect: '--cpus' is not one of its options")


@test(HOST)
def output_that_cannot_be_written():
    guest = guest_path("hlt_loop")
    for args in ((), ("--json",)):
        with open("/dev/full", "wb") as full:
            run("inspect", guest, *args, stdout=full).expect(125, err="^minivmm: stdout: No space left on device$")
    r = subprocess.run(["bash", "-c", '"$1" inspect "$2" | true; echo "${PIPESTATUS[0]}"', "-", Setup.minivmm, guest],
                       capture_output=True, timeout=60, check=True)
    # By the signal, as --help ends; or nothing was lost, when all fitted into the pipe in time.
    check(r.stdout in (b"141\n", b"0\n") and r.stderr == b"", str(r))


# --- distribution kernels ----------------------------------------------------------------------

def masked(text):
    """The file's name, the version and numbers of more than a digit, but for a field's place, go."""
    text = re.sub(r"^(file +)\S+:", r"\1FILE:", text, flags=re.M)
    text = re.sub(r"^(version +|banner +Linux version )\d.*", r"\1VERSION", text, flags=re.M)
    text = re.sub(r"(?<!^  )((?<![\w.])0x[0-9a-f]{2,}|(?<![\w.-])\d{2,}M?)(?![\w.])", "N", text, flags=re.M)
    return re.sub(r" +N (bytes|of)", r" N \1", text)


def is_debians(found, name):
    """Elsewhere another kernel may stand in for it: scripts/kernels says so."""
    version = re.match(r"debian-([0-9.]+)", name).group(1)
    return found["banner"].startswith(f"Linux version {version}.") and "Debian" in found["banner"]


def compare(path, found, name, kind):
    """The masked text is the golden file's."""
    got = masked(run("inspect", path).expect(0, no_err=True).out)
    golden = os.path.join(GOLDEN, f"{name}.{kind}.txt")
    if not is_debians(found, name):
        return
    with open(golden, encoding="utf-8") as f:
        want = f.read()
    if got != want:
        diff = subprocess.run(["diff", "-u", golden, scratch("got", got.encode())], capture_output=True,
                              text=True, check=False).stdout
        raise Failed(f"{path} differs from {golden}:\n{diff}")


def check_setup_header(path, found):
    with open(path, "rb") as f:
        data = f.read(0x300)
    said = fields(found, "setup header")
    for name, (offset, letter) in SETUP.items():
        value, = struct.unpack_from("<" + letter, data, offset)
        check(said[name] == value, f"{name}: {said[name]}, in the file {value}")


@test(FILES, only="x86_64")
def distribution_kernels():
    for name, (bz, vmlinux) in Setup.kernels.items():
        found, inside = inspect(bz), inspect(vmlinux)
        compare(bz, found, name, "bzImage")
        compare(vmlinux, inside, name, "vmlinux")
        check_setup_header(bz, found)
        check(found["inside"]["bytes"] == os.path.getsize(vmlinux), "the payload is another")
        check(found["banner"] == inside["banner"] and found["segments"] == inside["segments"],
              "the kernel inside is another")
        check(found["version"].split()[0] in found["banner"], found["banner"])
        for protocol in ("linux64", "pvh"):
            check(boots(found)[("x86_64", protocol, True)] ==
                  boots(inside)[("x86_64", protocol, False)] is not None, protocol)
        ram, less = (-(-f["loaded"]["ram_bytes"] >> 20) for f in (found, inside))
        check(ram >= less, f"{ram} MiB for the bzImage, {less} for what is in it")
        # Where minivmm unpacks it, a bzImage does with less than where it unpacks itself.
        for path, size, status in ((bz, ram, 0), (vmlinux, less, 0), (vmlinux, less - 1, 125)):
            run("--dry-run", path, "--memory", str(size)).expect(status)


@test(FILES)
def distribution_images():
    for name, path in Setup.images.items():
        found = inspect(path)
        compare(path, found, name, "Image")
        with open(path, "rb") as f:
            text_offset, image_size, flags = struct.unpack_from("<QQQ", f.read(64), 8)
        said = fields(found, "arm64 Image header")
        check((said["text_offset"], said["image_size"], said["flags"]) == (text_offset, image_size, flags),
              str(said))
        check(found["loaded"]["page_bytes"] == 4096 and found["loaded"]["bytes"] == image_size, str(found["loaded"]))
        check(boots(found)[("aarch64", "linux64", False)] == 0x80000000 + text_offset, str(found["boots"]))
        check(boots(found)[("x86_64", None, False)] is None, str(found["boots"]))


if __name__ == "__main__":
    Setup.minivmm = sys.argv[1]
    print(masked(run("inspect", sys.argv[2]).expect(0).out), end="")
