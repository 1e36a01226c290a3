"""Read the body of a request completely, or reject it."""

from io import BytesIO

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request

from rights_line.errors import BadRequestBody

MAX_BODY_BYTES = 16 * 1024  # Twilio's longest SMS, percent-encoded, is 15 KiB
# A chat message of 4,096 letters, and the one that it answers, each letter as \u1234 in JSON. A
# chat provider repeats a request that is refused, and holds back the sender's next messages.
MAX_CHAT_BYTES = 64 * 1024


def read(incoming: Request, max_bytes: int) -> None:
    """Read the body into memory: werkzeug would accept a truncated one as complete.

    Raises:
        RequestEntityTooLarge: the body exceeds `max_bytes`; the rest is not read.
        BadRequestBody: the body is truncated, badly chunked, or did not arrive in time.
    """
    length, most = incoming.content_length, max_bytes + 1
    if length is None and "Transfer-Encoding" not in incoming.headers:
        return
    if length is not None and length > max_bytes:
        raise RequestEntityTooLarge
    try:
        body = incoming.environ["wsgi.input"].read(most if length is None else length)
    except Exception:  # each server raises its own types
        raise BadRequestBody from None
    if len(body) == most:
        raise RequestEntityTooLarge
    if length not in (None, len(body)):
        raise BadRequestBody
    incoming.environ |= {
        **{"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))},
        "wsgi.input_terminated": True,  # else werkzeug reads it through a buffer of 64 KiB
    }
