"""QR codes: an SMS with the keyword of a language, a call, or the URL of a language's pages."""

from io import BytesIO

import segno

SCALE = 20  # pixels per module: large enough that a designer only scales it down
QUIET_ZONE = 4  # modules of empty space around the code, as ISO/IEC 18004 requires


def sms_text(number: str, word: str) -> str:
    """Return the content of a code that opens an SMS with a word in it."""
    return f"SMSTO:{number.replace(' ', '')}:{word}"


def call_link(number: str, language_number: str) -> str:
    """Return the link that calls the line and chooses a language, after a pause of four seconds."""
    return f"tel:{number.replace(' ', '')},,{language_number}"


def url(public_url: str, tag: str = "") -> str:
    """Return the URL of a language's pages, or without a tag that of the start page."""
    return f"{public_url}/{tag}/" if tag else f"{public_url}/"


def width(text: str) -> int:
    """Return the width of a code in modules, with the quiet zone."""
    across, _ = segno.make_qr(text, error="m").symbol_size(border=QUIET_ZONE)
    return int(across)


def qr_svg(text: str, name: str) -> str:
    """Return a code as an SVG element, with `name` as its label for screen readers."""
    code = segno.make_qr(text, error="m")
    svg: str = code.svg_inline(border=QUIET_ZONE, omitsize=True, svgclass="qr", lineclass=None)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)


def files(text: str) -> dict[str, bytes]:
    """Return a code as files: file name extension -> content."""
    return {kind: _file(text, kind) for kind in ("svg", "png")}


def _file(text: str, kind: str) -> bytes:
    buffer = BytesIO()
    segno.make_qr(text, error="m").save(buffer, kind=kind, scale=SCALE, border=QUIET_ZONE)
    return buffer.getvalue()
