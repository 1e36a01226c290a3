"""One reply in the simulator: its segments, cost and links, and the lock-screen preview."""

import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.wrappers import Response

from rights_line.core import sms, ussd_pages
from rights_line.core.library import MULTILINGUAL
from rights_line.core.messages import Medium, ScreenId
from rights_line.core.screen import lock_screen_preview
from rights_line.core.sms import ASSUMED_PRICE
from rights_line.core.understanding.intents import ShowScreen
from rights_line.library.site import Site
from rights_line.web.pages.simulator.reply_links import ReplyLink, reply_links
from rights_line.web.pages.simulator.screen_strings import ScreenString, ScreenStrings

MISSING_GLYPH = "□"
_MAX_PRICE = 10_000


@dataclass(frozen=True)
class SimulatorTurn:
    """One reply as the simulator shows it."""

    medium: Medium
    sent: str  # the message that it replies to
    parts: tuple[str, ...]  # the text, split into SMS segments
    language: str  # of most of its strings; `mul` if it is multilingual
    direction: str  # of that language
    cost: sms.Count
    price: Decimal  # of one segment
    preview: str  # the part that a locked phone shows
    voice: str  # that reads it aloud
    strings: tuple[ScreenString, ...]
    links: tuple[ReplyLink, ...]
    screen: ScreenId | None
    ends: bool  # whether the session or the call ends here

    @property
    def limit(self) -> int:
        """The maximum number of units in one segment, or in one USSD page."""
        if self.medium is Medium.USSD:
            return ussd_pages.LIMITS[self.cost.encoding]
        return sms.LIMITS[self.cost.encoding][self.cost.segments > 1]

    @property
    def state(self) -> str:
        """`approved` if every translatable string is, else `draft`; empty if there are none."""
        states = [string.is_approved for string in self.strings if string.is_approved is not None]
        return "" if not states else "approved" if all(states) else "draft"


def simulator_turn(
    response: Response, form: Any, site: Site, screens: ScreenStrings, shown: ShowScreen | None
) -> SimulatorTurn:
    """Build the turn from the response of the channel and the submitted form.

    `shown` is the reply with the topics that it offers; None if nobody knows why it came.
    """
    text = response.get_data(as_text=True)
    medium = simulated_medium(form)
    screen = screen_in_response(response)
    strings = tuple(screens.strings_of_screen(screen, medium, shown)) if screen else ()
    tags = [string.language for string in strings]
    language = max(tags, key=tags.count) if tags else MULTILINGUAL
    row = site.library.languages.get(language)
    by_sms = medium is Medium.SMS
    parts = sms.sms_segments(text) if by_sms else [text]
    display = simulate_missing_fonts if "boxes" in form and medium is not Medium.VOICE else str
    return SimulatorTurn(
        medium=medium,
        sent=simulated_text(form),
        parts=tuple(map(display, parts)) if text else (),
        language=language,
        direction=row.direction if row else "auto",
        cost=sms.count_sms(text),
        price=_simulated_price(form.get("price", "")),
        preview=display(lock_screen_preview(text)) if by_sms or medium is Medium.CHAT else "",
        voice=(row or site.library.languages[site.library.default]).voice,
        strings=strings,
        links=tuple(reply_links(text, site.library)),
        screen=screen,
        ends=response.headers.get("Line-Ends") == "yes",
    )


def screen_in_response(response: Response) -> ScreenId | None:
    """Return the screen that the channel names."""
    identifier = response.headers.get("Line-Screen", "").split()
    return ScreenId(*identifier) if identifier else None


def simulated_medium(form: Any) -> Medium:
    """Return the medium of a submitted form: SMS if it names none."""
    asked = form.get("medium")
    return next((each for each in Medium if each.value == asked), Medium.SMS)


def simulated_text(form: Any) -> str:
    """Return the last message of a submitted form."""
    return str((form.getlist("text") or [""])[-1])


def simulate_missing_fonts(text: str) -> str:
    """Return a text as a phone without fonts for other scripts shows it."""
    return "".join(letter if _is_latin_letter(letter) else MISSING_GLYPH for letter in text)


def _is_latin_letter(letter: str) -> bool:
    is_basic = letter.isascii() or letter in sms.SEPTETS
    return is_basic or unicodedata.name(letter, "").startswith("LATIN")


def _simulated_price(price_per_segment: str) -> Decimal:
    """Return the price that was entered; the assumed one if it is not plausible."""
    try:
        price = Decimal(price_per_segment.strip().replace(",", "."))
    except InvalidOperation:
        return ASSUMED_PRICE
    return price if price.is_finite() and 0 <= price < _MAX_PRICE else ASSUMED_PRICE
