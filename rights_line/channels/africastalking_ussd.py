"""Africa's Talking: USSD, for a phone with no credit; nothing stays in a thread of messages.

In Africa's Talking's dashboard (USSD, Service codes, Callback URL) point the code to
`https://<your host>/inbound/africastalking_ussd/<AFRICASTALKING_TOKEN>`. Leave the address for
events at the end of a session empty: the line does not use them.

    AFRICASTALKING_TOKEN   the secret part of the address: 20 or more of A-Z a-z 0-9 - _
                           (`openssl rand -hex 24`); Africa's Talking does not sign its requests;
                           two, with a comma, while rotating
                           (WEBHOOK_TOKEN, deprecated: the same token for this channel and Kannel)
    AFRICASTALKING_CODES   service codes that answer as if something had been sent already:
                           `*384*7#=9` begins in Polish, whose number is 9; several with a comma

What is dialled before the # counts as sent, too: where the code is `*384*5#`, `*384*5*9#` is Polish
at once, and `*384*5*9*4#` work and pay in it. Her number is in every request; it is never read.
"""

from collections.abc import Mapping
from typing import ClassVar, Self

from werkzeug.wrappers import Request, Response

from rights_line.channels._path_token import PathToken
from rights_line.core.messages import Inbound, Medium, Reply
from rights_line.errors import ConfigurationError, Malformed, Problem
from rights_line.settings import split_list

# Of all that is sent in a session, which Africa's Talking ends after minutes.
_LONGEST = 2000  # characters


class Channel:
    """Africa's Talking's USSD."""

    required_variables: ClassVar[tuple[str, ...]] = ("AFRICASTALKING_TOKEN",)

    def __init__(self, secret: PathToken, codes: Mapping[str, str]) -> None:
        self._secret = secret
        self._codes = codes

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        secret = PathToken.from_environ(environ, "AFRICASTALKING_TOKEN", "africastalking_ussd")
        rows = split_list(environ, "AFRICASTALKING_CODES")
        codes = [row.partition("=")[::2] for row in rows]
        if not all(code.endswith("#") and sent for code, sent in codes):
            problem = f'must list service codes and what to send, got "{",".join(rows)}"'
            raise ConfigurationError(
                [Problem("AFRICASTALKING_CODES", problem, "Write *384*7#=9,*384*8#=12")]
            )
        return cls(secret, dict(codes))

    def authenticate(self, request: Request, token: str) -> None:
        self._secret.verify(token)

    def receive(self, request: Request) -> Inbound:
        sent = request.form.getlist("text")
        if request.method != "POST" or len(sent) != 1 or len(sent[0]) > _LONGEST:
            raise Malformed
        first = self._codes.get(request.form.get("serviceCode", ""), "")
        return Inbound(sender="", text=f"{first}*{sent[0]}", medium=Medium.USSD)

    def deliver(self, reply: Reply) -> Response:
        kind = "END" if reply.ends_session else "CON"
        return Response(f"{kind} {reply.text}", content_type="text/plain; charset=utf-8")
