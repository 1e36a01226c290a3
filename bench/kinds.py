"""The servers to compare. To measure another one, change or add its command."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import NamedTuple

from bench.requests import HEALTHZ, SMS, SMS_AT_ONCE, SMS_WITH_SLIPS, USSD, Medium
from tests.support import africastalking_phone, twilio_phone
from tests.support.servers import ROOT

# Commands run in an empty folder.
SERVE = "$bin/rights-line serve --listen 127.0.0.1:$port"
GUNICORN = "$bin/gunicorn --bind 127.0.0.1:$port --worker-class gthread --threads 4"
# One thread answers: more of them wait for each other.
GRANIAN = (
    "$bin/granian --interface wsgi --host 127.0.0.1 --no-ws --log-level warning"
    " --blocking-threads 1"
)
NGINX = ("nginx", "-p", "$folder", "-e", "stderr", "-c", "$folder/nginx.conf", "-g", "daemon off;")

BIN = str(Path(sys.executable).parent)
ENVIRON = {
    **twilio_phone.ENVIRON,  # with rate limits that the benchmark does not reach
    "CHANNELS": "twilio_sms,africastalking_ussd",
    "AFRICASTALKING_TOKEN": africastalking_phone.TOKEN,
    "RIGHTS_LINE_SECRET": "only-for-the-benchmark-0123456789",
    "NODE_ENV": "production",
    "PYTHONPATH": str(ROOT),
    # Debian has nginx in /usr/sbin, which only root has in PATH.
    "PATH": f"{os.environ['PATH']}:/usr/sbin",
}


class Kind(NamedTuple):
    """A server as it is configured.

    Attributes:
        name: as in the report.
        commands: the programs that it consists of; only the last one listens on `$port`.
        media: the requests that it answers.
        is_ours: whether it runs the line, whose log lists the outcome of each message.
        environ: variables of its own.
    """

    name: str
    commands: tuple[tuple[str, ...], ...]
    media: tuple[Medium, ...] = (SMS, USSD, SMS_WITH_SLIPS, SMS_AT_ONCE)
    is_ours: bool = True
    environ: Mapping[str, str] = {}

    def missing(self) -> str:
        """Return the first program that is not installed, or an empty string."""
        programs = [Template(command[0]).safe_substitute(bin=BIN) for command in self.commands]
        missing = [name for name in programs if not shutil.which(name, path=ENVIRON["PATH"])]
        if "node" in programs and not (_EXPRESS / "node_modules").is_dir():
            missing.append("ussd-menu-builder")
        return missing[0] if missing else ""


def line(name: str, command: str, *proxy: tuple[str, ...], **environ: str) -> Kind:
    """Return the line under a server, behind a proxy if there is one."""
    return Kind(name, (tuple(command.split()), *proxy), environ=environ)


_EXPRESS = ROOT / "bench" / "ussd-menu-builder"
REFERENCE = Kind(
    "reference",
    (("$bin/gunicorn", "--bind", "127.0.0.1:$port", "bench.reference:app"),),
    is_ours=False,
)
DEFAULT = line("waitress", SERVE)._replace(media=(SMS, USSD, HEALTHZ, SMS_AT_ONCE))
RULES = "waitress, no model"
FAST = line("granian, nginx", f"{GRANIAN} --port $upstream app:app", NGINX)
EXPRESS = Kind(
    "ussd-menu-builder",
    (("node", str(_EXPRESS / "server.js"), "$port"),),
    (USSD,),
    is_ours=False,
)
KINDS = (
    REFERENCE,
    DEFAULT,
    line("gunicorn", f"{GUNICORN} app:app"),
    line("granian", f"{GRANIAN} --port $port app:app"),
    FAST,
    EXPRESS,
)
