"""QR codes: a text message with a language's word in it, or the web address of a language."""

from io import BytesIO

import segno

SCALE = 20  # pixels a module: a designer makes it smaller, never larger
QUIET = 4  # modules of nothing around the code, as its standard asks


def sms(number: str, word: str) -> str:
    """Return what opens a message to a number with a word in it."""
    return f"SMSTO:{number.replace(' ', '')}:{word}"


def web(public_url: str, tag: str = "") -> str:
    """Return the address of a language's pages, or of all."""
    return f"{public_url}/{tag}/" if tag else f"{public_url}/"


def width(text: str) -> int:
    """Return how many modules wide a code is, with the quiet zone."""
    across, _ = segno.make_qr(text, error="m").symbol_size(border=QUIET)
    return int(across)


def inline(text: str, name: str) -> str:
    """Return a code as an SVG element, called `name` by those who read aloud."""
    code = segno.make_qr(text, error="m")
    drawn: str = code.svg_inline(border=QUIET, omitsize=True, svgclass="qr", lineclass=None)
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)


def files(text: str) -> dict[str, bytes]:
    """Return a code as files: the ending of the name -> what is in it."""
    return {kind: _file(text, kind) for kind in ("svg", "png")}


def _file(text: str, kind: str) -> bytes:
    sink = BytesIO()
    segno.make_qr(text, error="m").save(sink, kind=kind, scale=SCALE, border=QUIET)
    return sink.getvalue()
