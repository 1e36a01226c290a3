"""The body of a request, whole or not at all."""

from io import BytesIO

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request

from rights_line.errors import BadRequestBody

MAX_BODY_BYTES = 16 * 1024  # bytes: Twilio's longest SMS, percent-encoded, is 15 KiB


def read_body(incoming: Request) -> None:
    """Read the body, whole: werkzeug takes what was cut off, or has no length, for a shorter one.

    Raises:
        RequestEntityTooLarge: it is longer than any message; the rest is not read.
        Broken: it ends before its end, takes too long, or is badly chunked.
    """
    length, most = incoming.content_length, MAX_BODY_BYTES + 1
    if length is None and "Transfer-Encoding" not in incoming.headers:
        return
    if length is not None and length > MAX_BODY_BYTES:
        raise RequestEntityTooLarge
    try:
        body = incoming.environ["wsgi.input"].read(most if length is None else length)
    except Exception:  # of the server's own kinds
        raise BadRequestBody from None
    if len(body) == most:
        raise RequestEntityTooLarge
    if length not in (None, len(body)):
        raise BadRequestBody
    incoming.environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
