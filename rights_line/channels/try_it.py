"""A phone to try it on, with no gateway: `curl --data-urlencode text=hei .../inbound/try_it`.

It needs no secret and so proves nothing about who asks: `make run` enables it, and on a server it
stays off unless CHANNELS names it. With it there is the drawn phone at `/try`.

    text      what is sent; of several, all of a USSD session, in their order
    medium    sms (the default), chat, ussd or voice: whose answer it is
    from      to be several people, by sms and chat
    tag, place    of a call: what the headers Line-Tag and Line-Place of the last answer said

The answer is text; the header Line-Ends says `yes` at the end of a USSD session or a call.
"""

from collections.abc import Mapping
from typing import ClassVar, Self
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from rights_line.core.messages import Inbound, Medium, Reply
from rights_line.errors import Malformed, Unauthenticated

# Of all that is sent in a USSD session.
_LONGEST = 2000  # characters


class Channel:
    """No gateway at all."""

    required_variables: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        return cls()

    def authenticate(self, request: Request, token: str) -> None:
        if token or request.method != "POST" or _is_of_another_site(request):
            raise Unauthenticated

    def receive(self, request: Request) -> Inbound:
        form = request.form
        texts = form.getlist("text") or [""]
        sender, last = form.get("from", "try-it"), texts[-1]
        match form.get("medium", "sms"):
            case "sms" | "chat" as medium:
                # Whoever finds the page would else spend the answers of those who text.
                return Inbound(sender, last, is_billable=False, medium=Medium(medium))
            case "ussd" if len(sent := "*".join(filter(None, texts))) <= _LONGEST:
                return Inbound("", sent, medium=Medium.USSD)
            case "voice":
                tag, place = form.get("tag") or None, form.get("place", "")
                return Inbound("", last, medium=Medium.VOICE, tag=tag, screen_code=place)
            case _:
                raise Malformed

    def deliver(self, reply: Reply) -> Response:
        said = "\n".join(utterance.text for utterance in reply.spoken) or reply.text
        answer = Response(said, content_type="text/plain; charset=utf-8")
        answer.headers["Line-Tag"] = reply.tag or ""
        answer.headers["Line-Place"] = reply.screen_code
        answer.headers["Line-Ends"] = "yes" if reply.ends_session else ""
        return answer


def _is_of_another_site(request: Request) -> bool:
    """Tell whether a page of another site makes a browser ask.

    The browser itself says so. One that does not know how names the page's host, or (`null`) none;
    what is no browser names nothing.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host
