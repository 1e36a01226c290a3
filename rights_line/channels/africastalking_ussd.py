"""Africa's Talking: USSD, for phones without credit; the replies do not stay on the phone.

In Africa's Talking's dashboard (USSD, Service codes, Callback URL) set the code's callback URL to
`https://<your host>/inbound/africastalking_ussd/<AFRICASTALKING_TOKEN>`; leave the URL for the end
of a session (Events) empty. RIGHTS_LINE_USSD publishes the code.

Anything dialled between the service code and the # is input, too: if the code is `*384*5#`, then
`*384*5*9#` opens the menu in Polish, and `*384*5*9*4#` work and pay. The caller's number is in
every request; the line does not read it.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from rights_line.channels._channel import FORM, SENDER, SignOfLife, TokenChannel, path_token
from rights_line.core.messages import Inbound, Medium, Reply
from rights_line.core.ussd import MAX_INPUT
from rights_line.errors import Malformed
from rights_line.settings import variable
from rights_line.settings.variable import Variable, variable_list


def _are_service_codes(value: str) -> bool:
    """Whether each part is a USSD service code and its input, such as `*384*7#=9`."""
    return all(re.fullmatch("[^=]*#=.+", part) for part in variable.parts(value))


_CODES = Variable(
    "AFRICASTALKING_CODES",
    "none",
    "Service codes that start with some input: `*384*7#=9` starts in language 9, Polish; "
    "comma-separated.",
    _are_service_codes,
    'must list service codes and their input, got "{value}"',
    "Write *384*7#=9,*384*8#=12",
)


class Channel(TokenChannel):
    """Africa's Talking USSD."""

    label = "USSD"
    media = (Medium.USSD,)
    required = (path_token("AFRICASTALKING_TOKEN"),)
    optional = (_CODES,)
    published_as = "RIGHTS_LINE_USSD"

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(environ)
        codes = variable_list(environ, _CODES.name)
        self._first_inputs = dict(code.split("=", 1) for code in codes)

    def receive(self, request: Request) -> Inbound:
        inputs = request.form.getlist("text")
        if request.method != "POST" or len(inputs) != 1 or len(inputs[0]) > MAX_INPUT:
            raise Malformed
        first = self._first_inputs.get(request.form.get("serviceCode", ""), "")
        return Inbound(sender="", text=f"{first}*{inputs[0]}", medium=Medium.USSD)

    def deliver(self, reply: Reply, sender: str = "") -> Response:
        kind = "END" if reply.ends_session else "CON"
        return Response(f"{kind} {reply.text}", content_type="text/plain; charset=utf-8")

    def sign_of_life(self) -> SignOfLife:
        form = {"sessionId": "0", "serviceCode": "*0#", "phoneNumber": SENDER, "text": ""}
        return SignOfLife(self.path, {"Content-Type": FORM}, urlencode(form))
