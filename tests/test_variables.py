"""A misspelt variable is said: passed over, it would be a promise that nobody keeps."""

import re

import pytest

from rights_line.doctor import examine
from rights_line.startup import warn
from rights_line.variables import KNOWN, misspelt, unknown
from tests.servers import ROOT

# What a server says of a request, in a mapping of the same name.
_OF_A_REQUEST = {"RAW_URI", "REQUEST_URI", "REQUEST_METHOD", "PATH_INFO"}
WORKS = {"CHANNELS": "africastalking_ussd", "WEBHOOK_TOKEN": "a-token-of-nobody-0123456789"}


def test_all_that_is_read_is_known() -> None:
    """The table of the README, what the code reads, and what counts as known are the same."""
    table = (ROOT / "README.md").read_text("utf-8")
    rows = re.findall(r"(?m)^\| ((?:`[A-Z_]+`(?:, )?)+) \|", table)
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "rights_line").rglob("*.py"))
    reads = re.compile(r'environ(?:\.get\(|\[|, )"([A-Z_]+)"')
    read = {*reads.findall(source)} - _OF_A_REQUEST

    assert {*re.findall("[A-Z_]+", " ".join(rows))} - {"PORT"} == {*KNOWN}
    assert {*KNOWN} >= read
    assert len(read) > 12


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *(("CHANNEL", "CHANNELS"), ("RIGHTS_LINE_SERVER", "RIGHTS_LINE_SERVE")),
        *(("RIGHT_LINE_SECRET", "RIGHTS_LINE_SECRET"), ("REDIS_URI", "REDIS_URL")),
        *(("rights_line_serve", "RIGHTS_LINE_SERVE"), ("WEBHOOKS_TOKEN", "WEBHOOK_TOKEN")),
        *(("TWILIO_AUTHTOKEN", "TWILIO_AUTH_TOKEN"), ("RIGHTS_LINE_LANGAUGE", KNOWN[6])),
    ],
)
def test_almost_a_variable(name: str, meant: str) -> None:
    """It is refused, with the name that it may be and without its value."""
    said = [str(fault) for fault in misspelt({name: "hunter2"})]

    assert said == [f"{name}: is no variable of the line. Is it {meant}? Else take it out."]
    assert list(unknown({name: "hunter2"})) == []


@pytest.mark.parametrize(
    "environ",
    [
        *({name: "x"} for name in KNOWN),
        {"PATH": "x", "PORT": "1", "HOST": "x", "HOME": "x", "LANG": "x"},
        {"REDIS_URI": "x", "REDIS_URL": "x", "REDIS_TLS_URL": "x"},
        {"CHANNEL": "stable", "CHANNELS": "try_it"},
    ],
)
def test_what_is_nobodys_error(environ: dict[str, str]) -> None:
    """Ours, the machine's, and what a platform sets beside the one that is meant."""
    assert [*misspelt(environ), *unknown(environ)] == []


def test_no_start_with_it() -> None:
    """Who writes CHANNEL is told so, and so is who asks the doctor."""
    environ = {"CHANNEL": "kannel_sms", "WEBHOOK_TOKEN": WORKS["WEBHOOK_TOKEN"]}
    said = "\n".join(map(str, examine(environ, ROOT).faults))
    assert "CHANNEL: is no variable of the line. Is it CHANNELS?" in said


def test_another_name_that_only_we_would_give(capsys: pytest.CaptureFixture[str]) -> None:
    """Kubernetes makes such names: the line starts, and says so."""
    environ = WORKS | {"RIGHTS_LINE_SERVICE_HOST": "10.0.0.1"}
    line = "RIGHTS_LINE_SERVICE_HOST: the line reads no such variable; the nearest is"

    warn(environ)

    assert capsys.readouterr().err.startswith(f"rights-line: {line}")
    assert any(row.startswith(line) for row in examine(environ, ROOT).look_at)
