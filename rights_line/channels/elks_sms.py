"""46elks: SMS through a Swedish provider, answered with plain text.

Set the `sms_url` of the number (https://46elks.se/docs/receive-sms) to
`https://<your host>/inbound/elks_sms/<ELKS_TOKEN>`.

46elks does not sign requests. It retries for six hours on any status but 200 to 204; so a request
with the token gets 200, unless its body is truncated (400) or too large (413). A repeated message
gets the same reply within an hour; later, without a language word, the start.

46elks holds numbers, messages and replies; the line cannot delete them there. Ask for how long.
"""

import re
import secrets
from collections.abc import Mapping
from typing import ClassVar, Self
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from rights_line.channels._path_token import PathToken, path_token
from rights_line.channels._sign_of_life import FORM, SENDER, SignOfLife
from rights_line.core.messages import Inbound, Medium, Reply
from rights_line.errors import Malformed
from rights_line.settings.variable import Variable

# A number with its country code; short codes and names are automated senders.
_PERSON = re.compile(r"\+[1-9][0-9]{6,14}")
_TOKEN = path_token("ELKS_TOKEN")


class Channel:
    """SMS through 46elks."""

    label: ClassVar[str] = "SMS (46elks)"
    media: ClassVar[tuple[Medium, ...]] = (Medium.SMS,)
    required: ClassVar[tuple[Variable, ...]] = (_TOKEN,)
    optional: ClassVar[tuple[Variable, ...]] = ()
    published_as: ClassVar[str] = "RIGHTS_LINE_NUMBER"

    def __init__(self, token: PathToken) -> None:
        self._token = token

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        return cls(PathToken.from_environ(environ, _TOKEN, "elks_sms"))

    def authenticate(self, request: Request, token: str) -> None:
        self._token.verify(token)

    def receive(self, request: Request) -> Inbound:
        texts, senders = request.form.getlist("message"), request.form.getlist("from")
        if request.method != "POST" or len(texts) != 1 or len(senders) > 1:
            raise Malformed
        # Without a number, each message gets a sender of its own: two people never share a session.
        sender = "".join(senders).strip() or secrets.token_hex()
        is_person = bool(_PERSON.fullmatch(sender)) or not any(senders)
        number = request.form.get("id", "")
        return Inbound(sender, texts[0], is_person=is_person, id=number)

    def deliver(self, reply: Reply, sender: str = "") -> Response:
        return Response(reply.text, content_type="text/plain; charset=utf-8")

    def sign_of_life(self) -> SignOfLife:
        form = {"direction": "incoming", "id": "s0", "from": SENDER, "to": SENDER, "message": "0"}
        path = f"/inbound/elks_sms/{self._token.tokens[0]}"
        return SignOfLife(path, {"Content-Type": FORM}, urlencode(form))
