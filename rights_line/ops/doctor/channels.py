"""Check that no channel is open to strangers, and name the address of each webhook."""

from collections.abc import Collection, Iterator, Mapping

from rights_line.channels import channel_class
from rights_line.errors import Problem
from rights_line.ops.doctor.report import Report
from rights_line.settings import CHANNEL_TOKENS, token_variable

SIMULATOR = "try_it"


def check_channels(environ: Mapping[str, str], names: Collection[str]) -> Report:
    """Report channels that others could read or write to; else the address of each webhook."""
    if problems := list(_exposed(environ, names)):
        return Report(problems=problems)
    return Report([f"{name}: the webhook is {_address(name, environ)}" for name in names])


def _exposed(environ: Mapping[str, str], names: Collection[str]) -> Iterator[Problem]:
    real = [name for name in names if name != SIMULATOR]
    if real and environ.get("RIGHTS_LINE_PUBLIC_URL", "").startswith("http://"):
        summary = "must start with https://, got http://: numbers and texts are sent unencrypted"
        fix = "Terminate TLS in front of the line, and use https://"
        yield Problem("RIGHTS_LINE_PUBLIC_URL", summary, fix)
    if real and SIMULATOR in names:
        summary = f"must not name {SIMULATOR} beside {', '.join(real)}: it checks no signature"
        yield Problem("CHANNELS", summary, f"Remove {SIMULATOR}")


def _address(name: str, environ: Mapping[str, str]) -> str:
    base = environ.get("RIGHTS_LINE_PUBLIC_URL") or "https://<your host>"
    required = channel_class(name).required_variables
    tokens = [variable for variable in required if variable in CHANNEL_TOKENS]
    path = "".join(f"/<{token_variable(token, environ)}>" for token in tokens)
    return f"{base}/inbound/{name}{path}"
