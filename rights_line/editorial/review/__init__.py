"""One HTML file in which a reviewer reads the texts of a language, without a network.

The page, its style and its script are in page/. The content security policy allows these,
by hash, and nothing else: no request can leave the file.
"""

import json
from datetime import date
from html import escape
from importlib.resources import files
from string import Template

from rights_line.editorial.review.review_model import ReviewModel
from rights_line.style import inline_files, security_policy

_SCRIPTS = ("texts.js", "chips.js", "state.js", "step.js", "overview.js", "file.js", "start.js")


def review_file(
    model: ReviewModel, asker: str = "", reply_to: str = "", due: date | None = None
) -> str:
    """Return the page; it says who asks, the e-mail address for the answers, and the last day."""
    last = due.isoformat() if due else ""
    data = {**model, "invitation": {"asker": asker, "reply_to": reply_to, "due": last}}
    inline = inline_files(__package__, ["page/page.css"], [f"page/{name}" for name in _SCRIPTS])
    page = files(__package__).joinpath("page/page.html").read_text("utf-8")
    return Template(page).substitute(
        csp=security_policy(inline.sources),
        country=escape(model["country"]),
        name=escape(model["language"]["name"]),
        style=inline.style,
        script=inline.script,
        # In a script element only "<" could end the data.
        model=json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
    )
