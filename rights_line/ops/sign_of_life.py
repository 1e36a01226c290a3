"""The daily sign of life: a message that the line sends itself, through its public name.

Its result has the same length every day and says nothing about other messages, so it can be mailed
or posted (SecureDrop sends its journalists such a mail).
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

import urllib3
from twilio.request_validator import RequestValidator

from rights_line.channels import load_channels
from rights_line.errors import ConfigurationError, Problem
from rights_line.settings import split_list, token_variable, twilio_tokens

SENDER = "+4700000000"  # no subscriber in Norway has a number that begins with 0
_TIMEOUT = 10.0  # seconds
_FORM = "application/x-www-form-urlencoded"


class _Message(NamedTuple):
    path: str
    headers: Mapping[str, str]
    body: str


def sign_of_life(environ: Mapping[str, str], number: str, url: str = "") -> str:
    """Send a message; return an error for the operator, empty if the line answered.

    Args:
        environ: the variables of the line.
        number: a number that is in every reply.
        url: the address to send it to; empty: RIGHTS_LINE_PUBLIC_URL.

    Raises:
        ConfigurationError: a variable is invalid, or there is no channel or address.
    """
    channels = load_channels(split_list(environ, "CHANNELS"), environ)
    name = next((name for name in _MESSAGES if name in channels), "")
    base = url or environ.get("RIGHTS_LINE_PUBLIC_URL", "")
    if not name or not base:
        summary = f"must name the line's address, and CHANNELS one of {', '.join(_MESSAGES)}"
        fix = "Set both, or give --url"
        raise ConfigurationError([Problem("RIGHTS_LINE_PUBLIC_URL", summary, fix)])
    path, headers, body = _MESSAGES[name](environ)
    try:
        with urllib3.PoolManager(timeout=_TIMEOUT, retries=False) as http:
            answer = http.request("POST", base + path, headers=headers, body=body)
    except urllib3.exceptions.HTTPError as error:  # its message holds the path, with the token
        return f"{name}: the line did not answer, {type(error).__name__}"
    if answer.status == 200 and number.encode() in answer.data:
        return ""
    return f"{name}: the line must answer with the helplines, got status {answer.status}"


def _twilio_sms(environ: Mapping[str, str]) -> _Message:
    path, sid = "/inbound/twilio_sms", "SM" + "0" * 32
    account = environ.get("TWILIO_ACCOUNT_SID") or "AC" + "0" * 32
    form = {"MessageSid": sid, "AccountSid": account, "From": SENDER, "Body": "0"}
    form["To"] = (environ.get("RIGHTS_LINE_NUMBER") or SENDER).replace(" ", "")
    url = environ["RIGHTS_LINE_PUBLIC_URL"] + path
    signature = RequestValidator(twilio_tokens(environ)[0]).compute_signature(url, form)
    headers = {"Content-Type": _FORM, "X-Twilio-Signature": signature}
    return _Message(path, headers, urlencode(form))


def _kannel_sms(environ: Mapping[str, str]) -> _Message:
    headers = {"Content-Type": "text/plain; charset=UTF-8", "X-Kannel-From": SENDER}
    return _Message(f"/inbound/kannel_sms/{_token('KANNEL_TOKEN', environ)}", headers, "0")


def _africastalking_ussd(environ: Mapping[str, str]) -> _Message:
    form = {"sessionId": "0", "serviceCode": "*0#", "phoneNumber": SENDER, "text": ""}
    path = f"/inbound/africastalking_ussd/{_token('AFRICASTALKING_TOKEN', environ)}"
    return _Message(path, {"Content-Type": _FORM}, urlencode(form))


def _token(name: str, environ: Mapping[str, str]) -> str:
    """Return the first token of a channel."""
    return split_list(environ, token_variable(name, environ))[0]


# The first one that is configured is used. The shipped proxy refuses Kannel's path from outside.
_MESSAGES: Mapping[str, Callable[[Mapping[str, str]], _Message]] = {
    "twilio_sms": _twilio_sms,
    "africastalking_ussd": _africastalking_ussd,
    "kannel_sms": _kannel_sms,
}
