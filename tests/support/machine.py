"""A Debian with systemd as its first process, in a container of its own (systemd-nspawn).

Its files are those of a folder (debootstrap's, or this machine's own) below a file system in
memory, so nothing outside changes. It has a network of its own, whose ports are free, with a way
out (pasta) for apt and pip.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from tests.support.waiting import wait_until

# The folder of an empty Debian, or the files of this machine.
BASE = Path(os.environ.get("DEPLOY_BASE", "/"))
# What this machine needs to reach the package registries.
OUTSIDE = ("etc/pip.conf", "usr/local/share/ca-certificates")


_NUMBERS = count()


class Machine:
    """The container.

    Args:
        folder: an empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self._folder = folder
        self._name = f"line{os.getpid()}-{next(_NUMBERS)}"
        self._network = Path("/run/netns", self._name)
        self._leader = 0

    def run(
        self, command: str, typed: str = "", **environ: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a shell command as root, with a text as its input."""
        return subprocess.run(
            self.inside("/bin/bash", "-c", f"cd /root; {command}"),
            env={
                "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
                "HOME": "/root",
                "LC_ALL": "C.UTF-8",
                **environ,
            },
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )

    def chroot(self, *command: str) -> list[str]:
        """Return the command line that runs a command with its files, without systemd."""
        return self.beside(
            "unshare",
            "--mount",
            "--pid",
            "--fork",
            "--kill-child",
            f"--mount-proc={self.root}/proc",
            "chroot",
            str(self.root),
            *command,
        )

    def inside(self, *command: str) -> list[str]:
        """Return the command line that runs a command in the machine."""
        return ["nsenter", "--target", str(self._leader), "--all", "--", *command]

    def beside(self, *command: str) -> list[str]:
        """Return the command line that runs a command of this machine in its network."""
        return ["nsenter", f"--net={self._network}", "--", *command]

    def mount(self) -> None:
        """Lay a file system in memory over the base."""
        _call("mount", "-t", "tmpfs", "-o", "size=4G", "tmpfs", self._folder)
        for name in ("upper", "work", "root"):
            (self._folder / name).mkdir()
        layers = f"lowerdir={BASE},upperdir={self._folder}/upper,workdir={self._folder}/work"
        _call("mount", "-t", "overlay", "overlay", "-o", layers, self.root)
        etc = self.root / "etc"
        for wanted in (*etc.glob("systemd/system/*.wants"), *etc.glob("rc?.d")):
            shutil.rmtree(wanted)  # no service of this machine starts there
        for name in OUTSIDE:
            if (path := Path("/", name)).is_dir():
                shutil.copytree(path, self.root / name, dirs_exist_ok=True)
            elif path.exists():
                shutil.copy(path, self.root / name)

    def unmount(self) -> None:
        for folder in (self.root, self._folder):
            subprocess.run(["umount", "--lazy", folder], check=False, capture_output=True)

    @contextmanager
    def network(self) -> Iterator[None]:
        """Make the network; nothing outside can reach the machine."""
        closed = [word for option in "tuTU" for word in (f"-{option}", "none")]
        way_out = ("--quiet", "--config-net", "--runas", "0:0", "--foreground", *closed)
        _call("ip", "netns", "add", self._name)
        pasta = subprocess.Popen(["pasta", *way_out, "--netns-only", "--netns", self._network])
        try:
            yield
        finally:
            pasta.terminate()
            pasta.wait()
            _call("ip", "netns", "delete", self._name)

    @contextmanager
    def boot(self) -> Iterator[None]:
        """Run the machine until the end of the block."""
        options = ("--quiet", "--register=no", "--keep-unit", "--resolv-conf=copy-host")
        place = (f"--directory={self.root}", f"--network-namespace-path={self._network}")
        with (self._folder / "console").open("wb") as console:
            nspawn = subprocess.Popen(
                ["systemd-nspawn", *options, *place, f"--machine={self._name}", "--boot"],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_until(lambda: self._has_booted(nspawn.pid), "systemd")
            yield
        finally:
            with suppress(ProcessLookupError):
                nspawn.terminate()  # powers the machine off
            nspawn.wait(timeout=60)

    def _has_booted(self, nspawn: int) -> bool:
        """Find the first process of the machine, and return whether it has started everything."""
        for child in Path(f"/proc/{nspawn}/task/{nspawn}/children").read_text().split():
            with suppress(OSError):
                if Path(f"/proc/{child}/comm").read_text() == "systemd\n":
                    self._leader = int(child)
                    state = self.run("systemctl is-system-running").stdout
                    return state in ("running\n", "degraded\n")
        return False


@contextmanager
def connected(folder: Path) -> Iterator[Machine]:
    """Yield a machine with files and a network, where systemd does not run."""
    made = Machine(folder)
    try:
        made.mount()
        with made.network():
            yield made
    finally:
        made.unmount()


@contextmanager
def machine(folder: Path) -> Iterator[Machine]:
    with connected(folder) as made, made.boot():
        yield made


def _call(*command: str | Path) -> None:
    subprocess.run(command, check=True)
