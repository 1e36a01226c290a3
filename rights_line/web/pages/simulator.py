"""A phone to try it on: what is said, what it costs, what a locked phone shows, whose words it is.

The answer comes by the way of every gateway's, `/inbound/try_it`; the page itself carries what was
sent, and nothing is kept of it here.
"""

import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from flask import Blueprint, current_app, render_template, request
from werkzeug.wrappers import Response

from rights_line.content.languages import SOURCE
from rights_line.content.site import Site
from rights_line.core import sms, ussd_pages
from rights_line.core.library import MULTILINGUAL, PREVIEW_LENGTH
from rights_line.core.messages import Medium
from rights_line.web.pages.tracing import String, Tracer

UNITS = {"GSM-7": "septets", "UCS-2": "UTF-16 units"}
MISSING_GLYPH = "□"
_MAX_PRICE = 10_000


@dataclass(frozen=True)
class SimulatorTurn:
    """One answer as the page shows it.

    Attributes:
        medium: how it came.
        sent: what was written or keyed for it.
        parts: what is said, cut where a new SMS segment begins.
        language: the one that most of it is in; `mul`: several.
        direction: which way that is written.
        cost: its encoding, units and segments.
        price: of all its segments; empty where none was given.
        preview: what a locked phone shows of it.
        voice: who says it; empty where it is not said.
        strings: what it is made of.
        ends: whether the session or the call is over.
    """

    medium: Medium
    sent: str
    parts: tuple[str, ...]
    language: str
    direction: str
    cost: sms.Count
    price: str
    preview: str
    voice: str
    strings: tuple[String, ...]
    ends: bool

    @property
    def limit(self) -> int:
        """Return how many units a segment, or a USSD page, may have."""
        if self.medium is Medium.USSD:
            return ussd_pages.LIMITS[self.cost.encoding]
        return sms.LIMITS[self.cost.encoding][self.cost.segments > 1]

    @property
    def state(self) -> str:
        """Return `approved` where somebody has read every string of it, or `draft`."""
        read = [string.approved for string in self.strings if string.approved is not None]
        return "" if not read else "approved" if all(read) else "draft"


def add_routes(blueprint: Blueprint, site: Site) -> None:
    """Add the phone, where its gateway is there."""
    if not site.tries:
        return
    tracer = cache(lambda: Tracer(site.sources))  # a moment's work, for whoever asks first

    @blueprint.get("/try")
    def phone() -> str:
        return _page(site, {"from": secrets.token_hex(8)}, None)

    @blueprint.post("/try")
    def tried() -> str | Response:
        answer: Response = current_app.extensions["gateways"].answer(request, "try_it")
        if answer.status_code != 200:
            return answer
        turn = _turn(answer, request.form, site, tracer())
        state = {"from": request.form.get("from", "")}
        if turn.medium is Medium.VOICE and not turn.ends:
            headers = answer.headers
            state |= {"tag": headers.get("Line-Tag", ""), "place": headers.get("Line-Place", "")}
        return _page(site, state, turn)


def _page(site: Site, state: Mapping[str, str], turn: SimulatorTurn | None) -> str:
    goes_on = turn and turn.medium is Medium.USSD and not turn.ends
    return render_template(
        "try.html",
        editions=site.library.editions.values(),
        state=state,
        sent=list(filter(None, request.form.getlist("text"))) if goes_on else [],
        medium=turn.medium if turn else Medium.SMS,
        media=list(Medium),
        price=request.form.get("price", "")[:8],
        boxes="boxes" in request.form,
        turn=turn,
        units=UNITS,
    )


def _turn(answer: Response, form: Any, site: Site, tracer: Tracer) -> SimulatorTurn:
    text = answer.get_data(as_text=True)
    asked = form.get("medium")
    medium = next((each for each in Medium if each.value == asked), Medium.SMS)
    strings = tuple(tracer.strings(text))
    tags = [string.language for string in strings if string.language != MULTILINGUAL]
    language = max(tags, key=tags.count) if tags else MULTILINGUAL
    row = site.library.languages.get(language)
    by_sms = medium is Medium.SMS
    parts = sms.segments(text) if by_sms else [text]
    cost = sms.count(text)
    shown = replace_non_latin if "boxes" in form and medium is not Medium.VOICE else str
    first_line = text.split("\n")[0]
    return SimulatorTurn(
        medium=medium,
        sent=(form.getlist("text") or [""])[-1],
        parts=tuple(map(shown, parts)) if text else (),
        language=language,
        direction=row.direction if row else "auto",
        cost=cost,
        price=_price(form.get("price", ""), cost.segments) if by_sms and text else "",
        preview=shown(first_line[:PREVIEW_LENGTH]) if by_sms or medium is Medium.CHAT else "",
        voice=site.library.languages[language if row else SOURCE].voice,
        strings=strings,
        ends=answer.headers.get("Line-Ends") == "yes",
    )


def replace_non_latin(text: str) -> str:
    """Return a text as a phone shows it that has only Latin letters."""
    return "".join(MISSING_GLYPH if _is_foreign(character) else character for character in text)


def _is_foreign(character: str) -> bool:
    if character.isascii() or character in sms.SEPTETS:
        return False
    return not unicodedata.name(character, "").startswith("LATIN")


def _price(of_one: str, segments: int) -> str:
    """Return what so many segments cost; empty where the price of one is no number."""
    try:
        price = Decimal(of_one.strip().replace(",", "."))
    except InvalidOperation:
        return ""
    if not (price.is_finite() and 0 <= price < _MAX_PRICE):
        return ""
    return f"{segments} × {price} = {segments * price}"
