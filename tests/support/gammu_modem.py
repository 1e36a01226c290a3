"""A modem for gammu-smsd: gammu's dummy phone and the shipped configuration.

gammu itself makes an incoming SMS, in a second dummy phone; the test moves its files over.
gammu-smsd passes each outgoing SMS, segmented and encoded, to a script of the test (`runonsent`).
"""

import itertools
import json
import os
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.servers import ROOT
from tests.support.waiting import PATIENCE, wait_until

SHIPPED = ROOT / "deploy/gammu"
INBOX = "sms/1"  # in the dummy phone

# Run by gammu-smsd for each SMS sent: appends a JSON line with the number and the segments.
NETWORK = """
import json, os, sys
count = int(os.environ["SMS_MESSAGES"])
segments = [os.environb[b"SMS_%d_TEXT" % (part + 1)].decode() for part in range(count)]
with open(sys.argv[1], "a") as sent:
    print(json.dumps([os.environ["SMS_1_NUMBER"], segments]), file=sent)
"""


@dataclass(frozen=True)
class Sent:
    """One outgoing SMS."""

    number: str
    segments: list[str]

    @property
    def text(self) -> str:
        return "".join(self.segments)


class Modem:
    """A dummy phone, the folders of gammu-smsd, and its configuration."""

    def __init__(self, folder: Path, fallback: str) -> None:
        self._folder = folder
        self.spool = folder / "spool"
        self.output = folder / "smsd.log"
        self.config = folder / "gammu-smsdrc"
        self.fallback = folder / "fallback.xml"
        self._phone, self._typed = folder / "phone", folder / "typed"
        self._sent = folder / "network" / "sent.jsonl"
        self._locations = itertools.count(1)
        for path in (self.spool / "inbox", self.spool / "outbox", self._sent.parent):
            path.mkdir(parents=True)
        for phone in (self._phone, self._typed):
            for number in range(1, 6):
                (phone / f"sms/{number}").mkdir(parents=True)
        self.config.write_text(self._configured(), encoding="utf-8")
        self.fallback.write_text(fallback, encoding="utf-8")

    def _configured(self) -> str:
        """Return the shipped configuration with this modem, these paths, and `runonsent`."""
        config = (SHIPPED / "gammu-smsdrc").read_text(encoding="utf-8")
        for shipped, ours in {
            "connection = at\n": "connection = none\nmodel = dummy\n",
            "/dev/ttyUSB0": str(self._phone),
            "/opt/rights-line/current/deploy/gammu": str(SHIPPED),
            "/run/rights-line": str(self.spool),
            "/etc/rights-line/fallback.xml": str(self.fallback),
        }.items():
            assert shipped in config
            config = config.replace(shipped, ours)
        (self._sent.parent / "network.py").write_text(NETWORK)
        command = [sys.executable, str(self._sent.parent / "network.py"), str(self._sent)]
        return f"{config}\nrunonsent = exec {shlex.join(command)} #\n"

    def comes(self, sender: str, text: str) -> None:
        """Deliver an incoming SMS in one part or more."""
        config = self._typed / "gammurc"
        config.write_text(f"[gammu]\nmodel = dummy\nconnection = none\ndevice = {self._typed}\n")
        options = ["-folder", "1", "-unread", "-sender", sender, "-autolen", "3000"]
        if not text.isascii():
            options.append("-unicode")
        subprocess.run(
            ["gammu", "-c", str(config), "savesms", "TEXT", *options],
            input=text.encode(),
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        for part in sorted((self._typed / INBOX).iterdir(), key=lambda path: int(path.name)):
            part.rename(self._phone / INBOX / str(next(self._locations)))

    def sent(self) -> list[Sent]:
        """Return the outgoing SMS in order."""
        if not self._sent.exists():
            return []
        lines = self._sent.read_text(encoding="utf-8").splitlines(keepends=True)
        return [Sent(*json.loads(line)) for line in lines if line.endswith("\n")]

    def answers(self, number: str, count: int) -> list[Sent]:
        """Wait for a count of SMS to a number, and return them."""

        def got() -> list[Sent]:
            return [sms for sms in self.sent() if sms.number == number]

        wait_until(lambda: len(got()) >= count)
        return got()

    def rests(self) -> None:
        """Wait until every incoming SMS has been read and every reply sent."""
        folders = (self._phone / INBOX, self.spool / "inbox", self.spool / "outbox")
        wait_until(lambda: not any(any(folder.iterdir()) for folder in folders))

    def kept(self) -> bytes:
        """Return names and contents of all files left behind, except the sent SMS."""
        ours = (self._sent.parent, self._typed, self.config, self.fallback)
        files = [
            path
            for path in self._folder.rglob("*")
            if path.is_file() and not any(path.is_relative_to(place) for place in ours)
        ]
        return b"".join(bytes(path) + path.read_bytes() for path in files)


@contextmanager
def smsd(modem: Modem, environ: Mapping[str, str]) -> Iterator[Modem]:
    """Run gammu-smsd as the systemd unit does, with restarts; stop all of it at the end."""
    unit = (SHIPPED / "rights-line-gammu.service").read_text(encoding="utf-8")
    shipped = dict(re.findall(r"(?m)^Environment=(\w+)=(.*)$", unit))
    command = f'while :; do "$@" >>{shlex.quote(str(modem.output))} 2>&1; done'
    # Every process inherits one end of a pipe; the pipe closes when the last one ends.
    read_end, write_end = os.pipe()
    process = subprocess.Popen(
        ["sh", "-c", command, "sh", str(SHIPPED / "run"), str(modem.config)],
        env={"PATH": os.environ["PATH"], **shipped, **environ},
        pass_fds=[write_end],
        start_new_session=True,
    )
    os.close(write_end)
    try:
        yield modem
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=PATIENCE)
        assert select.select([read_end], [], [], PATIENCE)[0], "gammu-smsd does not end"
        os.close(read_end)


def installed() -> bool:
    """Whether gammu and gammu-smsd are installed (by scripts/install-apt)."""
    return bool(shutil.which("gammu") and shutil.which("gammu-smsd"))
