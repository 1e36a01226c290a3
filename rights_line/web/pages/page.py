"""What pages share: the response with its style and script, the reader's language, and links.

The links lead up, to other languages, and to the pages about a safe phone.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flask import render_template, request
from werkzeug.wrappers import Response

from rights_line.core import CLOSE, LANGUAGES, MENU
from rights_line.core.library import ENGLISH
from rights_line.core.model import Language
from rights_line.core.screen import Phrase, Screen
from rights_line.library.site import Site
from rights_line.style import Inline
from rights_line.web.http import page_policy

# Tags that browsers send -> ours, where ours is not a prefix of theirs.
ALIASES = {
    **{"no": "nb", "nn": "nb", "tl": "fil", "zh": "zh-Hans", "mo": "ro"},
    **{"fa-af": "prs", "ku": "kmr", "hr": "bs", "sr": "bs", "sh": "bs"},
}


def page_response(
    template: str, inline: Inline, status: int = 200, has_form: bool = False, **values: object
) -> Response:
    """Render a template that extends layout.html; the policy allows its style and script alone."""
    text = render_template(template, inline=inline, **values)
    page = Response(text, status, mimetype="text/html")
    page.headers["Content-Security-Policy"] = page_policy(inline, has_form)
    return page


def helper_page(
    template: str,
    inline: Inline,
    reads: str,
    status: int = 200,
    has_form: bool = False,
    **values: object,
) -> Response:
    """Render a page for helpers, in the language that they read."""
    values |= {"reads": reads, "name_in": _name_in}
    page = page_response(template, inline, status, has_form, **values)
    page.vary.add("Accept-Language")
    return page


def reading_language(languages: Iterable[str]) -> str:
    """Return the language of a link (`?in=nb`), else the best for the browser, else English."""
    wanted = [request.args.get("in", ""), *request.accept_languages.values()]
    return negotiate_language(wanted, languages) or ENGLISH


def negotiate_language(wanted: Iterable[str], available: Iterable[str]) -> str | None:
    """Return the first wanted language that is available; None if there is none.

    Args:
        wanted: the names that a browser sends, in its order of preference.
        available: our tags.
    """
    known = {tag.lower(): tag for tag in available}
    for name in wanted:
        full = name.lower().replace("_", "-")
        primary = full.partition("-")[0]
        for candidate in (full, ALIASES.get(full, ""), primary, ALIASES.get(primary, "")):
            if tag := known.get(candidate.lower()):
                return tag
    return None


def _name_in(reads: str, row: Language) -> str:
    """Return the name of a language, for a helper who reads Norwegian or English."""
    return row.norwegian if reads != ENGLISH else row.english or row.label


class Link(NamedTuple):
    """A link to another screen."""

    href: str
    code: str
    label: Phrase


class Navigation:
    """Builds links between the pages of a site; each is labelled with the title of its screen."""

    def __init__(self, site: Site) -> None:
        self._library = site.library
        self._country = site.pages.country
        # A heading that names no subject.
        self.neutral_title = Phrase(self._country.title, self._country.languages[0])
        self._safety_codes, self._phrases = site.pages.safety, site.pages.phrases
        offered = (tag for tag in self._library.editions if not self.is_bare_edition(tag))
        self.offered_tags = tuple(offered)
        # Latin letters first, then by script: readers look for their letters first.
        self.languages = sorted(
            self._library.languages.values(),
            key=lambda row: (row.script != "Latn", row.script, row.own_name.casefold()),
        )

    def is_bare_edition(self, tag: str) -> bool:
        """Whether an edition holds only the helplines, because its texts are not approved."""
        return not self._library.editions[tag].screens[MENU].links

    def screen_href(self, tag: str, code: str) -> str:
        if code == CLOSE:
            return self._country.leave_to
        if code == LANGUAGES:
            return self.languages_href(tag, MENU)
        return f"/{tag}/" if code == MENU else f"/{tag}/{code}"

    def languages_href(self, tag: str, code: str) -> str:
        """Return the page that lists a screen in each language; empty if there is no choice."""
        return f"/{tag}/{code}/languages" if self.offered_tags else ""

    def language_links(self, code: str) -> Iterator[Link]:
        """Yield a link to a screen in each language, or to what the language has instead."""
        for tag in (row.tag for row in self.languages if self.offered_tags):
            if tag in self.offered_tags or tag in self._library.unsupported:
                target = code if tag in self.offered_tags else MENU
                label = Phrase(self._library.languages[tag].own_name, tag)
                yield Link(self.screen_href(tag, target), "", label)

    def parent_link(self, tag: str, code: str) -> Link | None:
        """Return the link one level up: 52 is below 5, and a helpline below the menu."""
        screens = self._library.editions[tag].screens
        if code == MENU:
            return None
        if code not in self._library.contact_codes:
            for length in range(len(code) - 1, 0, -1):
                if parent := screens.get(code[:length]):
                    href = self.screen_href(tag, parent.code)
                    return Link(href, parent.code, self.screen_title(parent))
        return Link(self.screen_href(tag, MENU), MENU, self._phrases[tag]["menu"])

    def safety_links(self, tag: str) -> Iterator[Link]:
        """Yield the links to the pages about a safe phone, and about who sees this."""
        edition = self._library.editions[tag]
        for code in self._safety_codes:
            if code not in edition.withheld:
                title = self.screen_title(edition.screens[code])
                yield Link(self.screen_href(tag, code), code, title)

    def screen_title(self, screen: Screen) -> Phrase:
        """Return the heading of a screen; a neutral one if it has none that may be shown."""
        return screen.title if screen.title.text else self.neutral_title
