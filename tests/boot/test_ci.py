# SPDX-License-Identifier: BSD-3-Clause
"""docs/ci.md: its files and commands, as they stand there, with tiny guests for kernels.

What cannot be had here is stood in for: a kernel tree by one whose Makefile assembles a guest, the
runners of GitHub and GitLab by a shell that runs the steps in order.
"""
import contextlib
import getpass
import glob
import json
import os
import shutil
import socket
import subprocess
import time
import xml.etree.ElementTree

import document
from harness import CI, SSHD, TIMEOUT, Failed, Run, Setup, check, guest_path, test, text

TREE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")

# A kernel's file -> the guest that stands for it, and how its boot ends.
KERNELS = {
    "good": ("smoke", 0),
    "panics": ("pvpanic", 101),
    "crashes": ("triple_fault", 102),
    "stays-silent": ("exit", 103),
    "hangs": ("hlt_loop", 124),
    "is-text": (None, 125),
}

# Stands for a kernel's: kernel.S becomes arch/x86/boot/bzImage.
MAKEFILE = """\
defconfig:
	echo $@ >.config
%.config:
	echo $@ >>.config
bzImage:
	mkdir -p arch/x86/boot
	gcc -I include -Os -nostdlib -static -no-pie -fcf-protection=none -Wl,--build-id=none -Wl,-n \\
		-Wl,-T,guest.ld -o arch/x86/boot/bzImage start.S kernel.S
"""

# Stands for the runner's: nothing of this machine is changed.
SUDO = """#!/bin/sh
case $1 in
tee) mkdir -p "$FAKE_ROOT/${2%/*}" && exec tee "$FAKE_ROOT/$2" ;;
*) echo "$*" >>"$FAKE_ROOT/sudo.log" ;;
esac
"""


class Folder:
    """A scratch folder with the page's files in it, and a shell there that finds minivmm."""

    def __init__(self, name):
        self.path = os.path.join(Setup.work, name)
        os.makedirs(self.path)
        document.write_files(self.path)
        self.env = {**os.environ, "BOOT_TIMEOUT": "2s", "LC_ALL": "C",
                    "PARALLEL_HOME": os.path.join(self.path, ".parallel")}
        self.before_path(os.path.dirname(Setup.minivmm))

    def before_path(self, folder):
        self.env["PATH"] = folder + ":" + self.env["PATH"]

    def at(self, name):
        return os.path.join(self.path, name)

    def write(self, name, data):
        os.makedirs(os.path.dirname(self.at(name)), exist_ok=True)
        with open(self.at(name), "w", encoding="utf-8") as f:
            f.write(data)
        if data.startswith("#!"):
            os.chmod(self.at(name), 0o755)

    def read(self, name):
        with open(self.at(name), encoding="utf-8") as f:
            return f.read()

    def sh(self, script, shell=("sh",), **env):
        """Runs a script as a file, as runners do; with no terminal and no stdin."""
        path = self.at(".script")
        self.write(".script", script)
        try:
            done = subprocess.run([*shell, path], cwd=self.path, env={**self.env, **env},
                                  stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT,
                                  check=False)
        except subprocess.TimeoutExpired as e:
            raise Failed(f"hangs: {script}") from e
        return Run([script], done.returncode, text(done.stdout), text(done.stderr), 0)

    def put_kernels(self):
        self.sh("gcc -static -O2 -o ci/smoke ci/smoke.c").expect(0)
        for name, (guest, _) in KERNELS.items():
            if guest:
                os.makedirs(self.at("kernels"), exist_ok=True)
                shutil.copy(guest_path(guest), self.at(f"kernels/{name}"))
            else:
                self.write(f"kernels/{name}", "not a kernel\n")

    def put_tree(self):
        """Makes this folder a kernel's tree."""
        self.write("Makefile", MAKEFILE)
        for source in ("tests/guests/x86_64/start.S", "tests/guests/x86_64/guest.inc",
                       "guest/hello/x86_64/guest.ld"):
            shutil.copy(os.path.join(TREE, source), self.path)
        for header in ("arch/acpi_pm.h", "arch/x86_64/layout.h"):
            os.makedirs(os.path.dirname(self.at(f"include/{header}")), exist_ok=True)
            shutil.copy(os.path.join(TREE, header), self.at(f"include/{header}"))
        self.put_source("smoke")

    def put_source(self, guest):
        """The tree's kernel is this guest from now on; None: one that does not build."""
        if guest:
            shutil.copy(os.path.join(TREE, f"tests/guests/x86_64/{guest}.S"), self.at("kernel.S"))
        else:
            self.write("kernel.S", "no such instruction\n")


def joblog(folder):
    """Kernel -> (host, status) of GNU parallel's job log."""
    rows = [line.split("\t") for line in folder.read("joblog").splitlines()[1:]]
    return {row[8].rsplit("/", 1)[1]: (row[1], int(row[6])) for row in rows}


def check_joblog(folder):
    statuses = {name: status for name, (_, status) in joblog(folder).items()}
    wanted = {name: status for name, (_, status) in KERNELS.items()}
    check(statuses == wanted, f"statuses {statuses}, expected {wanted}")


def check_reports(folder):
    """Each kernel's reports say the same as its status."""
    for name, (_, status) in KERNELS.items():
        report = json.loads(folder.read(f"results/{name}.json"))
        check(report["status"] == status, f"{name}'s report says {report['status']}")
        check(junit_passed(folder.at(f"results/{name}.xml")) == (status == 0), f"{name}'s JUnit report")


def junit_passed(path):
    root = xml.etree.ElementTree.parse(path).getroot()
    return root.get("failures") == "0" and root.get("errors") == "0"


def failing():
    return sum(1 for _, status in KERNELS.values() if status)


@test(CI)
def the_smoke_test_in_one_command():
    command, = document.commands("A smoke test in one command")
    folder = Folder("smoke-test")
    for guest, status in (("smoke", 0), ("pvpanic", 101), ("exit", 103)):
        shutil.copy(guest_path(guest), folder.at("bzImage"))
        folder.sh(command).expect(status)
    folder.sh("ci/boot-test bzImage", MINIVMM="/nonexistent").expect(127)


@test(CI)
def many_kernels_with_gnu_parallel():
    boot, which, why, again = document.commands("Many kernels on one machine")
    folder = Folder("parallel")
    folder.put_kernels()
    folder.sh(boot).expect(failing(), err="triple fault")
    check_joblog(folder)
    lines = sorted(folder.sh(which).expect(0).out.splitlines())
    wanted = sorted(f"{status} 0 kernels/{name}" for name, (_, status) in KERNELS.items() if status)
    check(lines == wanted, f"the command for failures prints {lines}")
    check("smoke: userspace reached" in folder.read("results/good.log"), "results/good.log")
    check_reports(folder)
    folder.sh(why).expect(0, r'^results/panics\.json: *"reason": "the guest\'s kernel panicked')

    shutil.copy(guest_path("smoke"), folder.at("kernels/panics"))
    os.remove(folder.at("results/good.log"))
    folder.sh(again).expect(failing() - 1)
    check(not os.path.exists(folder.at("results/good.log")), "a kernel that was good booted again")


@contextlib.contextmanager
def sshd(folder):
    """An sshd of our own, which the ssh in front of the folder's PATH knows as kvm1 and kvm2."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    for key in ("host", "user"):
        folder.sh(f"mkdir -p ssh && ssh-keygen -q -t ed25519 -N '' -f ssh/{key}").expect(0)
    d = folder.at("ssh")
    folder.write("ssh/sshd_config", f"Port {port}\nListenAddress 127.0.0.1\nHostKey {d}/host\n"
                 f"AuthorizedKeysFile {d}/user.pub\nPidFile none\nStrictModes no\nUsePAM no\n"
                 "PasswordAuthentication no\nSetEnv BOOT_TIMEOUT=2s\n")
    folder.write("ssh/config", f"Host kvm1 kvm2\n HostName 127.0.0.1\n Port {port}\n"
                 f" User {getpass.getuser()}\n IdentityFile {d}/user\n IdentitiesOnly yes\n"
                 f" UserKnownHostsFile {d}/known\n StrictHostKeyChecking accept-new\n")
    folder.write("bin/ssh", f"#!/bin/sh\nexec {shutil.which('ssh')} -F {d}/config \"$@\"\n")
    folder.before_path(folder.at("bin"))
    if os.getuid() == 0:
        os.makedirs("/run/sshd", exist_ok=True)  # as its service does before it starts
    with open(folder.at("ssh/log"), "w", encoding="utf-8") as log:
        server = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", f"{d}/sshd_config"],
                                  stderr=log)
    try:
        deadline = time.monotonic() + 30
        while folder.sh("ssh kvm1 true").status:
            check(server.poll() is None and time.monotonic() < deadline,
                  "no sshd: " + folder.read("ssh/log"))
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait()


@test(SSHD)
def many_kernels_over_ssh():
    command, = document.commands("Many kernels over ssh")
    folder = Folder("ssh")
    folder.put_kernels()
    shutil.copy(Setup.minivmm, folder.at("ci/minivmm"))
    with sshd(folder):
        folder.sh(command).expect(failing())
        left = folder.sh("ssh kvm1 'find minivmm-ci -type f'").out
    check_joblog(folder)
    hosts = {host for host, _ in joblog(folder).values()}
    check(hosts == {"kvm1", "kvm2"}, f"ran on {hosts}")
    check("smoke: userspace reached" in folder.read("results/good.log"), "results/good.log")
    check("triple_fault" in folder.read("results/crashes.log"), "results/crashes.log")
    check_reports(folder)
    check(not left, f"left on the host: {left}")


# --- runners of others -----------------------------------------------------------------------

def yaml_file(name):
    import yaml
    return yaml.safe_load(document.files()[name])


def github_job(folder, job):
    """Runs the steps as GitHub's runner does; returns the name of the one that failed and its run."""
    folder.write("github_path", "")
    for step in job["steps"]:
        check(("run" in step) != ("uses" in step), f"a step must run or use: {step}")
        if "run" not in step:
            continue
        path = ":".join([*reversed(folder.read("github_path").split()), folder.env["PATH"]])
        r = folder.sh(step["run"], shell=("bash", "-e"), PATH=path,
                      GITHUB_PATH=folder.at("github_path"), FAKE_ROOT=folder.at("root"))
        if r.status:
            return step["name"], r
    return None, None


def copy_of_minivmm(folder):
    """What actions/checkout would leave: the tracked files of this tree, as they are now."""
    folder.sh(f"mkdir minivmm root && cd '{TREE}' && git ls-files -z | "
              f"xargs -0 cp --parents -t '{folder.path}/minivmm'").expect(0)


@test(CI)
def a_github_actions_job():
    job = yaml_file(".github/workflows/boot.yml")["jobs"]["boot"]
    folder = Folder("github")
    folder.env["PATH"] = os.environ["PATH"]
    folder.put_tree()
    folder.write("bin/sudo", SUDO)
    folder.before_path(folder.at("bin"))
    copy_of_minivmm(folder)

    failed, r = github_job(folder, job)
    check(failed is None, f"step {failed!r}" + (r.describe() if r else ""))
    check('KERNEL=="kvm"' in folder.read("root/etc/udev/rules.d/99-kvm.rules"), "no udev rule")
    check("udevadm trigger --name-match=kvm" in folder.read("root/sudo.log"), "no udevadm trigger")

    folder.put_source("pvpanic")
    shutil.rmtree(folder.at("results"))
    failed, r = github_job(folder, job)
    check(failed == "Boot the kernel", f"step {failed!r} failed")
    r.expect(101, err="kernel panicked")
    uploads = [s for s in job["steps"] if s.get("uses", "").startswith("actions/upload-artifact@")]
    check([s["if"] for s in uploads] == ["always()"], "the upload must run after a failure, too")
    check("pvpanic" in folder.read(uploads[0]["with"]["path"] + "bzImage.log"), "no log to upload")


@test(CI)
def a_gitlab_job_for_each_of_the_matrix():
    job = yaml_file(".gitlab-ci.yml")["boot"]
    script = "".join(line + "\n" for line in job["script"])
    axes = job["parallel"]["matrix"]
    check(len(axes) == 1 and list(axes[0]) == ["FRAGMENT"], f"matrix {axes}")
    for fragment in axes[0]["FRAGMENT"]:
        folder = Folder("gitlab-" + fragment)
        folder.put_tree()
        for guest, status in (("smoke", 0), ("pvpanic", 101)):
            folder.put_source(guest)
            folder.sh(script, shell=("bash", "-eo", "pipefail"), FRAGMENT=fragment).expect(status)
            report, = glob.glob(folder.at(job["artifacts"]["reports"]["junit"]))
            check(junit_passed(report) == (status == 0), "the JUnit report differs from the status")
        check(fragment in folder.read(".config").split(), f"{fragment} was not configured")
        for path in job["artifacts"]["paths"]:
            check(os.listdir(folder.at(path)), f"no artifacts in {path}")


# --- git bisect ------------------------------------------------------------------------------

def history(name, guests):
    """A folder with a repository of one commit a guest; v1 is the first, v2 the last."""
    folder = Folder(f"{name}/linux")
    folder.put_tree()
    folder.sh("gcc -static -O2 -o ci/smoke ci/smoke.c").expect(0)
    folder.write(".gitignore", "/.*\n/arch/\n/results/\n/ci/\n")
    folder.sh("git init -q . && git config user.name n && git config user.email e").expect(0)
    for number, guest in enumerate(guests):
        folder.put_source(guest)
        folder.write("number", str(number))
        folder.sh("git add -A && git commit -q -m 'a change' && git tag -f v2 &&"
                  "{ git rev-parse -q --verify v1 || git tag v1; }").expect(0)
    return folder


def first_bad(folder):
    return int(folder.sh("git show refs/bisect/bad:number").expect(0).out)


@test(CI)
def git_bisect_finds_the_first_bad_revision():
    bisect, _ = document.commands("git bisect")
    guests = ["smoke"] * 6 + [None, "smoke", "smoke"] + ["pvpanic"] * 4
    folder = history("bisect", guests)
    folder.sh(bisect).expect(0)
    check(first_bad(folder) == guests.index("pvpanic"), f"found revision {first_bad(folder)}")
    log = folder.sh("git bisect log").out
    check("# skip: " in log, "the revision that does not build was not skipped:\n" + log)


@test(CI)
def git_bisect_for_one_bug_among_others():
    bisect, filter_line = document.commands("git bisect")
    guests = ["smoke"] + ["triple_fault"] * 4 + ["smoke"] * 3 + ["pvpanic"] * 3
    folder = history("bisect-panic", guests)
    script = folder.read("ci/bisect-test")
    last = 'exit "$status"\n'
    check(script.endswith(last), "the line before the last: which?")
    folder.write("ci/bisect-test", script.removesuffix(last) + filter_line + last)
    folder.sh(bisect).expect(0)
    check(first_bad(folder) == guests.index("pvpanic"), f"found revision {first_bad(folder)}")


@test(CI)
def git_bisect_stops_without_kvm_and_on_a_signal():
    bisect, _ = document.commands("git bisect")
    folder = history("bisect-stops", ["smoke", "smoke", "pvpanic"])
    folder.before_path(folder.at("../bin"))
    for check_status, run_status in ((125, 0), (0, 130)):
        folder.write("../bin/minivmm", f"#!/bin/sh\n[ \"$1\" != --check ] || exit {check_status}\n"
                     f"exit {run_status}\n")
        r = folder.sh("rm -rf ../bisect\ngit bisect reset\n" + bisect)
        check(r.status != 0, "git bisect run did not stop" + r.describe())
        log = folder.sh("git bisect log").out
        check(log.count("\n# ") == 1, "a verdict without a boot:\n" + log)
    os.remove(folder.at("../bin/minivmm"))
    folder.sh(bisect.splitlines()[-1]).expect(0)
    check(first_bad(folder) == 2, "it does not go on where it was")
