"""Does a deployment keep the promises? What is well, and what is to be mended."""

from collections.abc import Mapping
from pathlib import Path

from rights_line.channels import gateway_of, load_channels
from rights_line.errors import Fault, Refused
from rights_line.settings import listed
from rights_line.startup import create_app


def examine(environ: Mapping[str, str], root: Path) -> tuple[list[str], list[Fault]]:
    """Return a line for each thing that is well, and a fault for each that is not."""
    try:
        create_app(environ, root)
    except Refused as refused:
        return [], refused.faults
    names = listed(environ, "CHANNELS")
    loaded = load_channels(names, environ)
    return [f"{name}: point it to {_address(name, environ)}" for name in loaded], []


def _address(name: str, environ: Mapping[str, str]) -> str:
    base = environ.get("RIGHTS_LINE_PUBLIC_URL") or "https://<your host>"
    secret = "/<WEBHOOK_TOKEN>" if "WEBHOOK_TOKEN" in gateway_of(name).needs else ""
    return f"{base}/inbound/{name}{secret}"
