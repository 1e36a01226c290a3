"""The simulator: the drawn phone at `/try`, or `curl --data-urlencode text=hei .../inbound/try_it`.

It has no secret, so anybody can send as any sender: never in service. `make run` enables it,
otherwise CHANNELS must name it.

    text          the text; if repeated, the inputs of a USSD session, in order
    medium        sms (the default), chat, ussd or voice: how to reply
    from          the sender, for sms and chat
    tag, place    the state of a call: the headers Line-Tag and Line-Place of the previous response

The response is plain text; its header Line-Ends is `yes` at the end of a USSD session or a call.
Line-Screen has the language and the code of the screen (`pl 4`); `mul` is several languages. A list
of topics is `pl list`; a reply to thanks, yes, what now and the like is `pl ok`.
"""

from dataclasses import replace
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from rights_line.channels import _channel
from rights_line.core import CallState, Inbound, Medium, Reply
from rights_line.core.ussd import MAX_INPUT
from rights_line.errors import Malformed, Unauthenticated


class Channel(_channel.Channel):
    """The simulator."""

    label = "Simulator"
    media = tuple(Medium)

    def authenticate(self, request: Request, token: str) -> None:
        if token or request.method != "POST" or _is_cross_site(request):
            raise Unauthenticated

    def receive(self, request: Request) -> Inbound:
        form = request.form
        texts = form.getlist("text") or [""]
        sender, last = form.get("from", "try-it"), texts[-1]
        match form.get("medium", "sms"):
            case "sms" | "chat" as medium:
                # Not billable: the simulator must not use up the rate limit of the real senders.
                return Inbound(sender, last, is_billable=False, medium=Medium(medium))
            case "ussd" if len(inputs := "*".join(filter(None, texts))) <= MAX_INPUT:
                return Inbound("", inputs, medium=Medium.USSD)
            case "voice":
                call = CallState(form.get("tag") or None, form.get("place", ""))
                return Inbound("", last, medium=Medium.VOICE, call=call)
            case _:
                raise Malformed

    def deliver(self, reply: Reply, sender: str = "") -> Response:
        text = "\n".join(utterance.text for utterance in reply.spoken) or reply.text
        response = super().deliver(replace(reply, text=text), sender)
        response.headers["Line-Tag"] = reply.call.tag or ""
        response.headers["Line-Place"] = reply.call.screen_code
        response.headers["Line-Screen"] = " ".join(reply.screen or ())
        response.headers["Line-Ends"] = "yes" if reply.ends_session else ""
        return response


def _is_cross_site(request: Request) -> bool:
    """Whether a page of another site made the browser send the request.

    Browsers without Sec-Fetch-Site send the host of that page, or `null`, as Origin; other clients
    send neither.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host
