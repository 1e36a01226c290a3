"""Kannel: SMS through a gateway that the operator runs, answered with plain text.

`deploy/kannel/kannel.conf` is ready to use, with instructions, also for a SIM in a USB modem.

Kannel does not sign requests: run it on the same machine, or behind TLS. It retries on any status
but 200, and finally sends a text of its own; so a request with the token gets 200, unless its body
is truncated (400) or too large (413). Use post-url: get-url would put sender and text into the URL.
"""

import re
import secrets

from werkzeug.wrappers import Request, Response

from rights_line.channels._channel import SENDER, SignOfLife, TokenChannel, path_token
from rights_line.core import Inbound, Medium, Reply
from rights_line.core.sms import sms_encoding
from rights_line.errors import Unauthenticated

_BLANKS = re.compile(r"[\s().-]")
# A person's number has seven digits or more; short codes and names are automated senders.
_PERSON = re.compile(r"(?:\+|00|(?!00))([0-9]{7,15})")

_UCS2 = "2"  # a value of Kannel's `coding`
# Charset names of Kannel and its drivers -> codecs of Python.
_CHARSETS = {
    **dict.fromkeys(("UCS-2", "UCS2", "UTF-16"), "utf-16-be"),
    **dict.fromkeys(("GSM", "7-BIT"), "gsm03.38"),
}


class Channel(TokenChannel):
    """SMS through Kannel's smsbox."""

    label = "SMS (own gateway)"
    media = (Medium.SMS,)
    required = (path_token("KANNEL_TOKEN"),)
    published_as = "RIGHTS_LINE_NUMBER"

    def authenticate(self, request: Request, token: str) -> None:
        super().authenticate(request, token)
        if request.method != "POST":
            raise Unauthenticated

    def receive(self, request: Request) -> Inbound:
        # Repeated headers arrive joined by a comma; the first one counts.
        sender = request.headers.get("X-Kannel-From", "").partition(",")[0]
        number = _BLANKS.sub("", sender)
        person = _PERSON.fullmatch(number)
        # Without a number, each message gets a sender of its own: two people never share a session.
        sender = person[1] if person else number or secrets.token_hex()
        return Inbound(sender, _posted_text(request), is_person=bool(person) or not number)

    def deliver(self, reply: Reply, sender: str = "") -> Response:
        response = super().deliver(reply, sender)
        if sms_encoding(reply.text) == "UCS-2":
            response.headers["X-Kannel-Coding"] = _UCS2
        return response

    def sign_of_life(self) -> SignOfLife:
        headers = {"Content-Type": "text/plain; charset=UTF-8", "X-Kannel-From": SENDER}
        return SignOfLife(self.path, headers, "0", is_local=True)


def _posted_text(request: Request) -> str:
    """Decode the body, replacing invalid characters; a binary message has an empty text.

    X-Kannel-Coding is ignored: its values differ between versions, and Content-Type is enough.
    """
    charset = request.mimetype_params.get("charset", "").upper() or "UTF-8"
    if request.mimetype == "application/octet-stream" or charset == "8-BIT":
        return ""
    codec = _CHARSETS.get(charset, charset.replace("WIN-", "CP"))
    try:
        return request.get_data().decode(codec, "replace")
    except (LookupError, ValueError):  # unknown codec, or one without error handlers
        return request.get_data().decode("utf-8", "replace")
