"""Africa's Talking: USSD, for phones without credit; the replies do not stay on the phone.

In Africa's Talking's dashboard (USSD, Service codes, Callback URL) set the code's callback URL to
`https://<your host>/inbound/africastalking_ussd/<AFRICASTALKING_TOKEN>`; leave the URL for the end
of a session (Events) empty. RIGHTS_LINE_USSD publishes the code.

Anything dialled between the service code and the # is input, too: if the code is `*384*5#`, then
`*384*5*9#` opens the menu in Polish, and `*384*5*9*4#` work and pay. The caller's number is in
every request; the line does not read it.
"""

from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from rights_line.channels._channel import FORM, SENDER, SignOfLife, TokenChannel, path_token
from rights_line.core import Inbound, Medium, Reply
from rights_line.core.ussd import MAX_INPUT
from rights_line.errors import Malformed


class Channel(TokenChannel):
    """Africa's Talking USSD."""

    label = "USSD"
    media = (Medium.USSD,)
    required = (path_token("AFRICASTALKING_TOKEN"),)
    published_as = "RIGHTS_LINE_USSD"

    def receive(self, request: Request) -> Inbound:
        inputs = request.form.getlist("text")
        if request.method != "POST" or len(inputs) != 1 or len(inputs[0]) > MAX_INPUT:
            raise Malformed
        return Inbound(sender="", text=inputs[0], medium=Medium.USSD)

    def deliver(self, reply: Reply, sender: str = "") -> Response:
        kind = "END" if reply.ends_session else "CON"
        return Response(f"{kind} {reply.text}", content_type="text/plain; charset=utf-8")

    def sign_of_life(self) -> SignOfLife:
        form = {"sessionId": "0", "serviceCode": "*0#", "phoneNumber": SENDER, "text": ""}
        return SignOfLife(self.path, {"Content-Type": FORM}, urlencode(form))
