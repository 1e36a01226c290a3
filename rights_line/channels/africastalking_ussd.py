"""Africa's Talking: USSD, for phones without credit; the replies do not stay on the phone.

In Africa's Talking's dashboard (USSD, Service codes, Callback URL) set the code's callback URL to
`https://<your host>/inbound/africastalking_ussd/<AFRICASTALKING_TOKEN>`. Leave the URL for the end
of a session (Events) empty: the line does not use it.

    AFRICASTALKING_TOKEN   the secret at the end of the URL: 20 or more of A-Z a-z 0-9 - _
                           (`openssl rand -hex 24`), since requests are not signed; two, separated
                           by a comma, while it is rotated
                           (WEBHOOK_TOKEN, deprecated: one token for this channel and Kannel)
    AFRICASTALKING_CODES   service codes that start with some input already sent:
                           `*384*7#=9` starts in Polish, whose number is 9; comma-separated

Anything dialled between the service code and the # is input, too: if the code is `*384*5#`, then
`*384*5*9#` opens the menu in Polish, and `*384*5*9*4#` work and pay. The caller's number is in
every request; the line does not read it.
"""

from collections.abc import Mapping
from typing import ClassVar, Self

from werkzeug.wrappers import Request, Response

from rights_line.channels._path_token import PathToken
from rights_line.core.messages import Inbound, Medium, Reply
from rights_line.core.ussd import MAX_INPUT
from rights_line.errors import ConfigurationError, Malformed
from rights_line.settings import split_list, variable_problems


class Channel:
    """Africa's Talking USSD."""

    required_variables: ClassVar[tuple[str, ...]] = ("AFRICASTALKING_TOKEN",)

    def __init__(self, token: PathToken, first_inputs: Mapping[str, str]) -> None:
        self._token = token
        self._first_inputs = first_inputs

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        token = PathToken.from_environ(environ, "AFRICASTALKING_TOKEN", "africastalking_ussd")
        if problems := list(variable_problems(environ, "AFRICASTALKING_CODES")):
            raise ConfigurationError(problems)
        codes = split_list(environ, "AFRICASTALKING_CODES")
        return cls(token, dict(code.split("=", 1) for code in codes))

    def authenticate(self, request: Request, token: str) -> None:
        self._token.verify(token)

    def receive(self, request: Request) -> Inbound:
        inputs = request.form.getlist("text")
        if request.method != "POST" or len(inputs) != 1 or len(inputs[0]) > MAX_INPUT:
            raise Malformed
        first = self._first_inputs.get(request.form.get("serviceCode", ""), "")
        return Inbound(sender="", text=f"{first}*{inputs[0]}", medium=Medium.USSD)

    def deliver(self, reply: Reply) -> Response:
        kind = "END" if reply.ends_session else "CON"
        return Response(f"{kind} {reply.text}", content_type="text/plain; charset=utf-8")
