# SPDX-License-Identifier: BSD-3-Clause
"""Unified kernel images: which sections are booted, what --cmdline and --initrd do to them."""
import gzip
import json
import os
import re
import shutil
import subprocess

from harness import (HOST, KERNEL, KVM, UNPACK, Setup, Skipped, check, cpio_entry, guest_path, pad4, run,
                     scratch, test)
from machine import ARCH, MACHINE
from test_errors import refused
from test_unpack_cache import CACHED, FORMS, UNPACKED, dry_run, new_base
from uki import bare_stub, build, signed

LINE = "console=ttyS0 panic=-1 quiet"
OSREL = 'ID=test\nPRETTY_NAME="A test"\n'


def content(path):
    with open(path, "rb") as f:
        return f.read()


def tiny_kernel(name="exit"):
    return content(guest_path(name))


def embedded_guest():
    """The guest that prints what it was given, as a file."""
    build_folder = os.path.join(Setup.guests, "..", "..", "..")
    return content(os.path.join(build_folder, "guest", "hello", ARCH, "guest" + MACHINE.guest_suffix))


def image(*sections, name="unified.efi"):
    return scratch(name, build((".osrel", OSREL), *sections))


def dry(path, *args):
    return run("--dry-run", "--kernel", path, *args).expect(0, no_err=True)


# --- what is taken ---------------------------------------------------------------------------

@test(HOST)
def a_dry_run_takes_the_sections():
    path = image((".cmdline", "\na=b\tc\n"), (".initrd", b"i" * 1000), (".linux", tiny_kernel()))
    r = dry(path).expect(out=f"^kernel +{path}: unified kernel image, {os.path.getsize(path)} bytes$")
    r.expect(out=f"^  .linux +{MACHINE.guest_format}, with an initrd of 1000 bytes$")
    r.expect(out="^initrd +1000 bytes$").expect(out="^cmdline +a=b c$")


@test(HOST)
def cmdline_replaces_and_initrd_follows():
    own = scratch("own", b"o" * 10)
    path = image((".ucode", b"u" * 6), (".cmdline", "a"), (".initrd", b"i" * 9), (".linux", tiny_kernel()))
    r = dry(path, "--cmdline", "mine", "--initrd", own, "--initrd", own)
    # 4 zeros at least between two, and a multiple of 4 where each begins.
    r.expect(out="^cmdline +mine$").expect(out=f"^initrd +{12 + 16 + 16 + 10} bytes$")
    dry(path, "--cmdline", "").expect(out="^cmdline +$")
    path = image((".linux", tiny_kernel()))
    dry(path).expect(out="^cmdline +console=ttyS0 panic=-1$").expect(out="^initrd +0 bytes$")
    path = image((".cmdline", "quiet rdinit=/x"), (".linux", tiny_kernel()))
    script = scratch("script", b"#!/bin/sh\n")
    refused(run("--kernel", path, "--init", script), r"^minivmm: --kernel: .*: its \.cmdline has rdinit=")
    dry(path, "--init", script, "--cmdline", "quiet")


@test(HOST)
def the_first_profile_and_a_signature():
    path = scratch("signed.efi", signed(build(
        (".linux", tiny_kernel()), (".cmdline", "base"), (".profile", "ID=a"), (".cmdline", "first"),
        (".profile", "ID=b"), (".cmdline", "second"), (".initrd", b"b"))))
    dry(path).expect(out="^cmdline +first$").expect(out="^initrd +0 bytes$")


@test(HOST)
def what_is_refused():
    whole = build((".cmdline", "x"), (".linux", tiny_kernel()))
    for data, err in (
            (build((".cmdline", "x")), "this is a PE program; expected"),
            (bare_stub(), "this is a PE program; expected"),
            (build((".linux", b"")), r"unified kernel image: its \.linux is empty"),
            (build((".linux", b"text")), r"unified kernel image: \.linux: this is a script or text file; "),
            (build((".linux", whole)), r"this is a unified kernel image, and its \.linux is another; "),
            (build((".linux", tiny_kernel()), (".cmdline", "x" * 5000)),
             r"unified kernel image: its \.cmdline has 5000 characters, expected at most 4095"),
            (whole[:-512], r"unified kernel image: PE: section [0-9]+ \(\.linux\): 0x[0-9a-f]+ bytes at ")):
        refused(run("--dry-run", "--kernel", scratch("kernel", data)), rf"^minivmm: .*kernel: {err}")


@test(UNPACK)
def what_is_packed_in_it_is_cached():
    kernel = next(iter(FORMS.values()))(gzip.compress(tiny_kernel(), mtime=0))
    cache = new_base("uki-cache")
    path = image((".linux", kernel), name="packed.efi")
    dry_run(cache, kernel=path).expect(0, UNPACKED, no_err=True)
    dry_run(cache, kernel=path).expect(0, CACHED, no_err=True)
    # The same kernel by itself is known by then.
    dry_run(cache, kernel=scratch("alone", kernel)).expect(0, CACHED, no_err=True)


@test(UNPACK)
def one_in_another_is_refused_whatever_it_has():
    for pack in FORMS.values():
        inner = build((".linux", pack(gzip.compress(tiny_kernel(), mtime=0))))
        path = scratch("kernel", build((".linux", inner)))
        for args in (("--dry-run", "--kernel", path), ("inspect", path)):
            refused(run(*args), r"^minivmm: .*kernel: this is a unified kernel image, and its \.linux is another; ")


@test(HOST)
def inspect_lists_the_sections():
    kernel = tiny_kernel()
    path = image((".cmdline", LINE), (".initrd", gzip.compress(b"i")), (".linux", kernel))
    r = run("inspect", path).expect(0, r"^file .*: unified kernel image, [0-9]+ bytes$", no_err=True)
    r.expect(out=rf"^  \.linux +0x[0-9a-f]+ +{len(kernel)} bytes: kernel: {MACHINE.guest_format}$")
    r.expect(out=rf"^  \.cmdline +0x[0-9a-f]+ +{len(LINE)} bytes: command line: {LINE}$")
    r.expect(out=r"^  \.initrd +0x[0-9a-f]+ +[0-9]+ bytes: initrd: gzip$").expect(out=f"^  {ARCH} .* yes, entry 0x")
    found = json.loads(run("inspect", path, "--json").expect(0, no_err=True).out)
    sections = {s["name"]: s for s in found["sections"]}
    check(found["format"] == "unified kernel image" and found["architecture"] == ARCH, str(found))
    check(sections[".linux"]["format"] == MACHINE.guest_format, str(sections))
    check(sections[".osrel"]["text"] == "ID=test", str(sections))
    at, size = sections[".linux"]["file_offset"], sections[".linux"]["bytes"]
    check(content(path)[at:at + size] == kernel, f"{at}, {size} is not where the kernel is")
    found = json.loads(run("inspect", guest_path("exit"), "--json").expect(0).out)
    check(found["sections"] == [], str(found["sections"]))


# --- boots -----------------------------------------------------------------------------------

@test(KVM)
def the_embedded_guest_sees_it():
    initrd = cpio_entry("a", b"i" * 4096, 0o100644) + cpio_entry("TRAILER!!!", b"", 0)
    path = image((".cmdline", "from=the image"), (".initrd", initrd), (".linux", embedded_guest()))
    r = run("--kernel", path).expect(0, "^command line: from=the image$", no_err=True)
    r.expect(out=f"^initrd: .*{len(initrd)} bytes")
    r = run("--kernel", path, "--cmdline", "mine", "--initrd", scratch("own", initrd))
    r.expect(0, "^command line: mine$", no_err=True).expect(out=f"^initrd: .*{2 * len(initrd) + 4} bytes")


def stock(kernel):
    return content(Setup.kernels[kernel][0])


def base_initrd(command):
    """The initramfs of the other tests, with the command as a second archive."""
    extra = cpio_entry("etc", b"", 0o040755) + cpio_entry("etc/minivmm", b"", 0o040755)
    extra += cpio_entry("etc/minivmm/cmd", command.encode() + b"\n", 0o100755) + cpio_entry("TRAILER!!!", b"", 0)
    return pad4(content(Setup.initramfs)) + extra


COMMAND = "cat /proc/cmdline; nproc; test -e /extra && cat /extra; exit 7"


def stock_image(kernel, name):
    data = stock(kernel)
    if ARCH == "aarch64" and name == "packed":
        data = gzip.compress(data, 1)
    return scratch(name + ".efi", signed(build(
        (".osrel", OSREL), (".uname", "test"), (".cmdline", LINE), (".initrd", base_initrd(COMMAND)),
        (".linux", data))))


@test(KERNEL)
def a_stock_kernel_with_four_cpus():
    report = os.path.join(Setup.work, "uki-report")
    r = run("--kernel", stock_image("debian-6.12-cloud", "plain"), "--cpus", "4", "--report", report)
    r.expect(7, f"^{LINE}\n4$", no_err=True)
    with open(report, encoding="utf-8") as f:
        guest = json.load(f)["guest"]
    check(guest["cmdline"] == LINE and guest["kernel"]["format"] == "unified kernel image", str(guest))
    check(guest["kernel"]["uki"] == {"linux": MACHINE.kernel_format,
                                     "initrd_bytes": len(base_initrd(COMMAND))}, str(guest))


@test(KERNEL)
def a_stock_kernel_with_more_of_the_users():
    """On arm64, the kernel in it is compressed."""
    extra = scratch("extra", cpio_entry("extra", b"from --initrd\n", 0o100644) + cpio_entry("TRAILER!!!", b"", 0))
    r = run("--kernel", stock_image("debian-6.1-cloud", "packed"), "--initrd", extra, "--cmdline", LINE + " mine")
    r.expect(7, f"^{LINE} mine\n1\nfrom --initrd$", no_err=True)


def run_tool(*command):
    if not shutil.which(command[0]):
        raise Skipped(f"there is no {command[0]}")
    r = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    check(r.returncode == 0, f"{' '.join(command)}: {r.stdout.decode()}")


@test(KVM, only="x86_64")
def as_objcopy_makes_it():
    """systemd-stub(7) of old told to use it; its sections have addresses far apart."""
    if not Setup.stub:
        raise Skipped("no stub of systemd was given")
    path = os.path.join(Setup.work, "objcopy.efi")
    parts = {".osrel": OSREL.encode(), ".cmdline": b"by objcopy\n", ".linux": embedded_guest(),
             ".initrd": b"i" * 5000}
    arguments = []
    for i, (name, data) in enumerate(parts.items()):
        file = scratch("part" + name, data)
        arguments += ["--add-section", f"{name}={file}", "--change-section-vma",
                      f"{name}={0x10000000 + i * 0x1000000:#x}"]
    run_tool("objcopy", *arguments, Setup.stub, path)
    r = run("--kernel", path).expect(0, "^command line: by objcopy$", no_err=True)
    check(re.search("^initrd: .*5000 bytes", r.out, re.M), r.describe())
