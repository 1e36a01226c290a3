"""One HTML file in which a reviewer reads the texts of a language, without a network.

The page, its style and its script are in page/. The content security policy allows these,
by hash, and nothing else: no request can leave the file.
"""

import base64
import hashlib
import json
from html import escape
from importlib.resources import files
from string import Template

from rights_line.editorial.review.review_model import ReviewModel

_SCRIPTS = ("texts.js", "state.js", "step.js", "overview.js", "start.js")


def review_file(model: ReviewModel) -> str:
    style, script = _review_file_part("page.css"), "\n".join(map(_review_file_part, _SCRIPTS))
    policy = {
        "default-src": "'none'",
        "style-src": _review_file_hash(style),
        "script-src": _review_file_hash(script),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return Template(_review_file_part("page.html")).substitute(
        csp="; ".join(f"{name} {value}" for name, value in policy.items()),
        country=escape(model["country"]),
        name=escape(model["language"]["name"]),
        style=style,
        script=script,
        # In a script element only "<" could end the data.
        model=json.dumps(model, ensure_ascii=False).replace("<", "\\u003c"),
    )


def _review_file_part(name: str) -> str:
    return (files(__package__) / "page" / name).read_text("utf-8")


def _review_file_hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
