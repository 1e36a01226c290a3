"""The pages as one Flask blueprint, with the headers that each of them has."""

from flask import Blueprint
from werkzeug.wrappers import Response

from rights_line.pages import Site, cards, outreach, trying

# Nothing from other hosts, nothing kept, nobody told where she came from.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self';"
    " img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}


def pages(site: Site) -> Blueprint:
    """Return every page."""
    blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static")
    for module in (trying, outreach, cards):
        module.add_routes(blueprint, site)
    return blueprint


def protect(response: Response) -> Response:
    """Put the headers on an answer, whatever it is."""
    response.headers.update(HEADERS)
    return response
