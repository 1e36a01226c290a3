"""One style for every page, the review file and the simulator, put into the page with its script.

`base.css` holds the tokens and the parts that pages share. A page adds only rules of its own. A
page with style and script inside is one request. No other style or script can run in it: the
content security policy has the hash of each, computed from the very text that is put into the page.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

# The pages for the person have the first alone: an old phone on a slow network waits for each kB.
BASE = ("base.css",)
TOOLS = (*BASE, "tools.css")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_SPACES = re.compile(r"\s*([{};,])\s*|(?<=:)\s+")
_NOTHING = dict.fromkeys(("default-src", "base-uri", "form-action"), "'none'")
_COMMENT_LINE = re.compile(r"^\s*//.*\n", re.MULTILINE)


@dataclass(frozen=True)
class Inline:
    """The text of a page's style element and of its script element."""

    style: str
    script: str = ""

    @cached_property
    def sources(self) -> dict[str, str]:
        """The directives of a content security policy that allow these two alone."""
        texts = {"style-src": self.style, "script-src": self.script}
        return {name: _hash_source(text) for name, text in texts.items() if text}


def inline_files(
    package: str,
    styles: Iterable[str] = (),
    scripts: Iterable[str] = (),
    base: Iterable[str] = TOOLS,
) -> Inline:
    """Return the base, and a page's own files, which are in its package."""
    sheets = [
        *(_text(__name__, name) for name in base),
        *(_text(package, name) for name in styles),
    ]
    parts = [_text(package, name) for name in scripts]
    return Inline(compact_css("\n".join(sheets)), _COMMENT_LINE.sub("", "\n".join(parts)))


def security_policy(directives: Mapping[str, str]) -> str:
    """Return a content security policy that allows nothing but these directives."""
    return "; ".join(f"{name} {value}" for name, value in (_NOTHING | {**directives}).items())


def compact_css(text: str) -> str:
    """Return CSS without comments, and without the spaces that only people need."""
    return _CSS_SPACES.sub(r"\1", _CSS_COMMENT.sub("", text)).strip()


def _text(package: str, name: str) -> str:
    return files(package).joinpath(name).read_text("utf-8")


def _hash_source(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
