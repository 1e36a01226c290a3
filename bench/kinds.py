"""The servers to compare. To measure another one, change or add its command."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.support import africastalking_phone, twilio_phone
from tests.support.servers import ROOT

BIN = str(Path(sys.executable).parent)
ENVIRON = {
    **twilio_phone.ENVIRON,  # with rate limits that the benchmark does not reach
    "CHANNELS": "twilio_sms,africastalking_ussd",
    "AFRICASTALKING_TOKEN": africastalking_phone.TOKEN,
    "RIGHTS_LINE_SECRET": "only-for-the-benchmark-0123456789",
    "PYTHONPATH": str(ROOT),
    "PATH": os.environ["PATH"],
}


class Kind(NamedTuple):
    """A server as it is configured.

    Attributes:
        name: as in the report.
        command: it runs in an empty folder.
        is_ours: whether it runs the line, whose log lists the outcome of each message.
        environ: variables of its own.
    """

    name: str
    command: str
    is_ours: bool = True
    environ: Mapping[str, str] = {}


REFERENCE = Kind(
    "reference", "$bin/gunicorn --bind 127.0.0.1:$port bench.reference:app", is_ours=False
)
LINE = Kind("line", "$bin/rights-line serve --listen 127.0.0.1:$port")
RULES = "line, no model"


def line(name: str, root: Path) -> Kind:
    """Return the line with other texts."""
    return LINE._replace(name=name, environ={"RIGHTS_LINE_TEXTS": str(root)})
