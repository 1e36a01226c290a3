"""The daily sign of life: a message that the line sends itself, through its public name.

Its result has the same length every day and says nothing about other messages, so it can be mailed
or posted (SecureDrop sends its journalists such a mail).
"""

from collections.abc import Mapping

import urllib3

from rights_line.channels import Channel, SignOfLife, load_channels, ordered_channels
from rights_line.errors import ConfigurationError, Problem
from rights_line.settings.variable import variable_list

_TIMEOUT = 10.0  # seconds


def send(environ: Mapping[str, str], number: str, url: str = "") -> str:
    """Send a message; return an error for the operator, empty if the line answered.

    Args:
        environ: the environment variables.
        number: a number that is in every reply.
        url: the address to send it to; empty: RIGHTS_LINE_PUBLIC_URL.

    Raises:
        ConfigurationError: a variable is invalid, or there is no channel or address.
    """
    channels = load_channels(variable_list(environ, "CHANNELS"), environ)
    found = _message(channels)
    base = url or environ.get("RIGHTS_LINE_PUBLIC_URL", "")
    if not found or not base:
        summary = "must name the line's address, and CHANNELS a channel for texts or USSD"
        fix = "Set both, or give --url"
        raise ConfigurationError([Problem("RIGHTS_LINE_PUBLIC_URL", summary, fix)])
    name, message = found
    try:
        with urllib3.PoolManager(timeout=_TIMEOUT, retries=False) as http:
            answer = http.request(
                "POST", base + message.path, headers=message.headers, body=message.body
            )
    except urllib3.exceptions.HTTPError as error:  # its message holds the path, with the token
        return f"{name}: the line did not answer, {type(error).__name__}"
    if answer.status == 200 and number.encode() in answer.data:
        return ""
    return f"{name}: the line must answer with the helplines, got status {answer.status}"


def _message(channels: Mapping[str, Channel]) -> tuple[str, SignOfLife] | None:
    """Return the first channel that can test the line, and its message.

    A local one comes last: the shipped proxy refuses its path from outside.
    """
    found = [
        (name, message)
        for name, _ in ordered_channels()
        if name in channels and (message := channels[name].sign_of_life())
    ]
    return min(found, key=lambda row: row[1].is_local, default=None)
