"""A page as a response: its style and script inside it, and the policy that allows these alone."""

from flask import render_template
from werkzeug.wrappers import Response

from rights_line.style.inline import Inline
from rights_line.web.security_headers import page_policy


def page_response(
    template: str, inline: Inline, status: int = 200, has_form: bool = False, **values: object
) -> Response:
    """Render a template that extends layout.html."""
    page = Response(render_template(template, inline=inline, **values), status)
    page.mimetype = "text/html"
    page.headers["Content-Security-Policy"] = page_policy(inline, has_form)
    return page
