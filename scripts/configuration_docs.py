"""Write docs/configuration.md from the variables of the line and of its channels: `make docs`."""

import importlib
import inspect
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from rights_line.channels import Channel, registered_channels
from rights_line.core import Medium
from rights_line.library.file import replace_files
from rights_line.settings.table import GROUPS, VARIABLES
from rights_line.settings.variable import Variable

# A value for each variable that most deployments set; a test starts the line with them.
EXAMPLE = {
    "CHANNELS": "twilio_sms,twilio_voice",
    "RIGHTS_LINE_PUBLIC_URL": "https://line.example.org",
    "RIGHTS_LINE_NUMBER": "+4759440000",
    "RIGHTS_LINE_SERVE": "approved",
    "REDIS_URL": "redis://line:LINE_PASSWORD@127.0.0.1:6379/0",
    "RIGHTS_LINE_SECRET": "<output of openssl rand -base64 48>",
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000000",
    "TWILIO_AUTH_TOKEN": "<auth token from Twilio's console>",
}
_INTRODUCTION = """\
<!-- Written by `make docs` from rights_line/settings/table.py and rights_line/channels/. -->

# Configuration

The line reads environment variables when it starts. An empty variable counts as unset. An invalid
value stops the start, with every problem and its fix.

Keep **secrets** in an environment file that only root and the user of the line can read (mode 600),
and out of repositories, backups and command lines. A token may have two values, separated by a
comma, while you [change it](operations.md#to-change-a-secret).
"""
_MEDIA = {
    Medium.SMS: "SMS",
    Medium.CHAT: "chat",
    Medium.USSD: "USSD",
    Medium.VOICE: "phone calls",
}
_CHANNELS_INTRODUCTION = """\
## Channels

| channel | receives | required variables |
| --- | --- | --- |"""
_EXAMPLE_INTRODUCTION = """\
## Example

An environment file for SMS and calls through Twilio, with Redis on the same machine:
"""


def configuration_page() -> str:
    """Return the text of docs/configuration.md."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _INTRODUCTION
    for heading, variables in GROUPS.items():
        yield f"## {heading}\n"
        yield from _table(variables)
        yield ""
    yield from _channels()
    yield _EXAMPLE_INTRODUCTION
    yield "```"
    yield from (f"{name}={value}" for name, value in EXAMPLE.items())
    yield "```\n"


def _channels() -> Iterator[str]:
    """Yield an overview, and a section for each channel; a variable is explained once."""
    yield _CHANNELS_INTRODUCTION
    explained = {*VARIABLES}
    for name, kind in registered_channels().items():
        media = ", ".join(_MEDIA[medium] for medium in kind.media)
        required = ", ".join(f"`{row.name}`" for row in kind.required) or "none"
        yield f"| [`{name}`](#{name}) | {media} | {required} |"
    for name, kind in registered_channels().items():
        yield f"\n### `{name}`\n"
        yield _docstring(kind)
        if rows := [row for row in (*kind.required, *kind.optional) if row.name not in explained]:
            yield ""
            yield from _table(rows)
        explained |= {row.name for row in rows}
    yield ""


def _docstring(kind: type[Channel]) -> str:
    return inspect.getdoc(importlib.import_module(kind.__module__)) or ""


def _table(variables: Iterable[Variable]) -> Iterator[str]:
    yield "| variable | default | meaning |"
    yield "| --- | --- | --- |"
    for variable in variables:
        secret = " **Secret.**" if variable.is_secret else ""
        yield f"| `{variable.name}` | {variable.default} | {variable.meaning}{secret} |"


if __name__ == "__main__":
    replace_files({Path(sys.argv[1]): configuration_page().encode()})
