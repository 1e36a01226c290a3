"""A real Kannel: bearerbox and smsbox with the shipped configuration."""

import os
import re
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from rights_line.library import ROOT
from tests.support.canary import leaks
from tests.support.kannel_centre import Centre, centre
from tests.support.servers import free_port
from tests.support.waiting import wait_until

SHIPPED = ROOT / "deploy" / "kannel" / "kannel.conf"
TOKEN = "a-token-of-nobody-0123456789"
PASSWORD = "a-password-of-nobody"
LINE_ENVIRON = {
    **{"CHANNELS": "kannel_sms", "KANNEL_TOKEN": TOKEN, "RIGHTS_LINE_SERVE": "drafts"},
    # The tests of one line send more than 500 texts, the default limit of an hour.
    **{"RIGHTS_LINE_HOURLY": "9999999", "RIGHTS_LINE_DAILY": "9999999"},
}


def required() -> None:
    """Skip where Kannel is not installed."""
    if not shutil.which("bearerbox"):
        pytest.skip("kannel is not installed")


def settings(ports: Mapping[str, int], changes: Mapping[str, str]) -> str:
    """Return the shipped file with other ports, the two secrets, and the changes of a test."""
    text = SHIPPED.read_text(encoding="utf-8")
    swaps = dict(changes) | {name: str(port) for name, port in ports.items()}
    swaps |= {"${KANNEL_TOKEN}": TOKEN, "${KANNEL_PASSWORD}": PASSWORD}
    for old, new in swaps.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def with_operator(text: str) -> str:
    """Return the file after its third step: without the fake centre, with the operator's group."""
    without_fake = re.sub(r"group = smsc\nsmsc = fake\n(?:.+\n)+", "", text)
    return re.sub(r"(?m)^#(?=[a-z])", "", without_fake)


class Kannel:
    """bearerbox and smsbox in a separate folder."""

    def __init__(self, folder: Path, text: str, admin: int, level: int = 4) -> None:
        self.folder = folder
        self._admin = admin
        self._level = level
        self._boxes: list[subprocess.Popen[bytes]] = []
        folder.mkdir()
        (folder / "kannel.conf").write_text(text, encoding="utf-8")

    def start(self) -> None:
        for box in ("bearerbox", "smsbox"):
            with (self.folder / box).open("wb") as sink:
                command = [box, "-v", str(self._level), "kannel.conf"]
                self._boxes.append(
                    subprocess.Popen(
                        command, cwd=self.folder, stdout=sink, stderr=sink, start_new_session=True
                    )
                )
            # smsbox exits if bearerbox does not listen yet.
            wait_until(lambda: "Status: running" in self.status())
        wait_until(lambda: "smsbox" in self.status())
        assert "smsbox" in self.status(), (self.folder / "bearerbox").read_text()

    def stop(self) -> None:
        """Terminate both processes; kill what does not exit in two seconds."""
        for process in reversed(self._boxes):
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=2)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def status(self) -> str:
        """Return the status page; empty while Kannel does not answer."""
        url = f"http://127.0.0.1:{self._admin}/status.txt?password={PASSWORD}"
        with suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            return str(answer.read(), "utf-8")
        return ""

    def open_files(self) -> set[Path]:
        """Return the regular files that its processes have open."""
        links = [
            Path(os.readlink(link))
            for process in self._boxes
            for link in Path(f"/proc/{process.pid}/fd").iterdir()
        ]
        return {path for path in links if path.is_file()}


@contextmanager
def kannel(
    folder: Path, line_port: int, level: int = 4, changes: Mapping[str, str] | None = None
) -> Iterator[tuple[Kannel, Centre]]:
    """Run Kannel for a line, bound to the centre of an operator; yield both."""
    ports = {name: free_port() for name in ("13000", "13001", "2775")} | {"8000": line_port}
    text = with_operator(settings(ports, changes or {}))
    running = Kannel(folder, text, ports["13000"], level)
    with centre(ports["2775"]) as operator:
        try:
            running.start()
            yield running, operator
        finally:
            running.stop()


def leaked(folder: Path, words: Collection[str]) -> set[str]:
    """Return the numbers and texts that occur in a file below Kannel's folder, in any form."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != "kannel.conf")
    return leaks(b"".join(path.read_bytes() for path in paths), words)
