"""Where does each gateway point, and can anybody else read or write there?"""

from collections.abc import Collection, Iterator, Mapping

from rights_line.channels import channel_class
from rights_line.errors import Problem
from rights_line.ops.doctor.report import Report
from rights_line.settings import CHANNEL_TOKENS, token_variable

SIMULATOR = "try_it"


def look(environ: Mapping[str, str], names: Collection[str]) -> Report:
    """Return the address of each gateway, unless it is open to others."""
    if faults := list(_exposed(environ, names)):
        return Report(problems=faults)
    return Report([f"{name}: point it to {_address(name, environ)}" for name in names])


def _exposed(environ: Mapping[str, str], names: Collection[str]) -> Iterator[Problem]:
    real = [name for name in names if name != SIMULATOR]
    if real and environ.get("RIGHTS_LINE_PUBLIC_URL", "").startswith("http://"):
        problem = "must start with https://, got http://: numbers and texts can be read on the way"
        yield Problem("RIGHTS_LINE_PUBLIC_URL", problem, "Put TLS in front, and write https://")
    if real and SIMULATOR in names:
        problem = f"must not name {SIMULATOR} beside {', '.join(real)}: it checks no signature"
        yield Problem("CHANNELS", problem, f"Remove {SIMULATOR}")


def _address(name: str, environ: Mapping[str, str]) -> str:
    base = environ.get("RIGHTS_LINE_PUBLIC_URL") or "https://<your host>"
    tokens = [need for need in channel_class(name).required_variables if need in CHANNEL_TOKENS]
    secret = "".join(f"/<{token_variable(token, environ)}>" for token in tokens)
    return f"{base}/inbound/{name}{secret}"
