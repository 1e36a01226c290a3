"""Does a deployment keep the promises? What is well, and what is to be mended."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rights_line import doctor_redis, doctor_twilio
from rights_line.assembly import Sources
from rights_line.channels import gateway_of, load_channels
from rights_line.errors import Fault, Refused
from rights_line.purge import twilio_client
from rights_line.settings import listed
from rights_line.startup import create_app, health

TWILIO = ("twilio_sms", "twilio_voice")


def examine(environ: Mapping[str, str], root: Path) -> tuple[list[str], list[Fault]]:
    """Return a line for each thing that is well, and a fault for each that is not."""
    try:
        create_app(environ, root)
    except Refused as refused:
        return [], refused.faults
    names = list(load_channels(listed(environ, "CHANNELS"), environ))
    well = [f"{name}: point it to {_address(name, environ)}" for name in names]
    faults: list[Fault] = []
    for said, wrong in (_redis(environ), _twilio(environ, names), _texts(health(Sources(root)))):
        well += said
        faults += wrong
    return well, sorted(set(faults))


def _address(name: str, environ: Mapping[str, str]) -> str:
    base = environ.get("RIGHTS_LINE_PUBLIC_URL") or "https://<your host>"
    secret = "/<WEBHOOK_TOKEN>" if "WEBHOOK_TOKEN" in gateway_of(name).needs else ""
    return f"{base}/inbound/{name}{secret}"


def _redis(environ: Mapping[str, str]) -> tuple[list[str], list[Fault]]:
    if url := environ.get("REDIS_URL"):
        return doctor_redis.look(url, environ.get("REDIS_DOCTOR_URL", ""))
    return ["redis: none; tags are in the memory of one process"], []


def _twilio(environ: Mapping[str, str], names: list[str]) -> tuple[list[str], list[Fault]]:
    if not set(names) & set(TWILIO):
        return [], []
    try:
        client = twilio_client(environ)
    except Refused:
        return ["twilio: not looked at; set TWILIO_ACCOUNT_SID", *doctor_twilio.BY_HAND], []
    return doctor_twilio.look(client, environ["RIGHTS_LINE_PUBLIC_URL"], names)


def _texts(state: Mapping[str, Any]) -> tuple[list[str], list[Fault]]:
    drafts = [tag for tag, review in state["languages"].items() if review == "draft"]
    days = state["contacts_verified_days_ago"]
    well = [f"contacts: compared with their sources {days} days ago"]
    if drafts:
        well.append(f"languages: drafts, of which only the numbers are served: {', '.join(drafts)}")
    if state["contacts_overdue"]:
        remedy = "Compare each number with its source, call it, and set both dates anew"
        return [], [Fault("content/contacts.yaml", f"was compared {days} days ago", remedy)]
    return well, []
