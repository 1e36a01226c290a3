"""The simulator at /try: a drawn phone that answers as the line does, and says why.

A message takes the path of every channel. The page carries the conversation; nothing is stored.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from rights_line.channels import SIMULATOR
from rights_line.core import tags
from rights_line.core.conversation import replies, turn
from rights_line.core.conversation.replies import ReplyForm
from rights_line.core.fixed_codes import ACTS, MENU
from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Medium, ScreenId
from rights_line.core.screen import Head
from rights_line.core.sms import ASSUMED_PRICE, count_sms
from rights_line.core.understanding.intents import ShowScreen
from rights_line.core.understanding.interpretation import Interpretation
from rights_line.core.understanding.text.normalised_text import normalise_text
from rights_line.library.site import Site
from rights_line.style import Inline, inline_files
from rights_line.web.pages.navigation import Navigation
from rights_line.web.pages.page import helper_page, reading_language
from rights_line.web.webhooks import STATELESS

_INLINE = inline_files("rights_line.web.pages", ["inline/try.css"], ["inline/try.js"])
_LINK = re.compile(r"(\d(?: ?\d)*):? (\D.*?)\.?")  # "41 Pay"; in a call "4 1: Pay."


class Reason(NamedTuple):
    """Why a message got its reply, and the session after it."""

    found: Interpretation
    shown: ShowScreen | None
    next_tag: str | None
    head: Head


def add(blueprint: Blueprint, site: Site) -> None:
    """Add /try, if the channel `try_it` is configured."""
    if not site.has_simulator:
        return
    navigation = Navigation(site)

    @blueprint.get("/try")
    def simulator_phone() -> Response:
        return _page(site, navigation, state={"from": secrets.token_hex(8)})

    @blueprint.post("/try")
    def simulator_reply() -> Response:
        webhooks = current_app.extensions["webhooks"]
        answer: Response = webhooks.handle(request, SIMULATOR).prepared_response()
        if answer.status_code != 200:
            return answer
        form, sent = request.form, request.form.getlist("text") or [""]
        screen = ScreenId(*ids) if (ids := answer.headers["Line-Screen"].split()) else None
        reason = _reason(sent[-1], form.get("session") or None, screen, _medium(), site.library)
        shown = _shown_turn(sent[-1], answer, screen, site)
        state = {"from": form.get("from", ""), "session": (reason and reason.next_tag) or ""}
        state |= {name: answer.headers[f"Line-{name}"] for name in ("tag", "place")}
        keys = sent if _medium() is Medium.USSD and not shown["ends"] else []
        values = {"state": state, "texts": list(filter(None, keys)), "turn": shown}
        return _page(site, navigation, reason, **values)


def _shown_turn(
    sent: str, answer: Response, screen: ScreenId | None, site: Site
) -> dict[str, object]:
    """Return what the page shows of a message and its reply."""
    text, tag = answer.get_data(as_text=True), screen.language if screen else ""
    return {
        "sent": sent,
        "reply": text,
        "ends": answer.headers["Line-Ends"] == "yes",
        "segments": count_sms(text).segments if _medium() is Medium.SMS else 0,
        "row": site.library.languages.get(tag),
        "links": list(_reply_links(text, site.library)),
        "is_draft": tag in site.library.editions and not site.is_offered(tag),
    }


def _page(
    site: Site, navigation: Navigation, reason: Reason | None = None, **values: object
) -> Response:
    reads, library = reading_language(site.pages.country.languages), site.library
    beside = library.editions.get(request.form.get("beside", reads))
    # The script of the page asks for the reply alone, and has the style and itself already.
    is_asked_by_script = request.headers.get("Sec-Fetch-Dest") == "empty"
    return helper_page(
        "try.html",
        Inline("") if is_asked_by_script else _INLINE,
        reads,
        has_form=True,
        site=site,
        navigation=navigation,
        medium=_medium(),
        media=list(Medium),
        price=ASSUMED_PRICE,
        reason=reason,
        acts=ACTS,
        title_of=lambda code: _title(code, reads, navigation, library),
        beside=beside and beside.language,
        other=_reply_in(beside.language.tag, reason, site) if beside and reason else "",
        status=200,
        **values,
    )


def _medium() -> Medium:
    return next((one for one in Medium if one.value == request.form.get("medium")), Medium.SMS)


def _reason(
    text: str, tag: str | None, screen: ScreenId | None, medium: Medium, library: Library
) -> Reason | None:
    """Return why a text led to a screen; the line may have forgotten the session of the page."""
    inbound, normalised = Inbound("", text), normalise_text(text, library.own_lines)
    if medium in STATELESS:  # keys are no sentence
        library = replace(library, reader=None)
    for each in dict.fromkeys((tag, None, tags.awaiting())):
        found, intent, next_tag, head, _ = turn.understand(inbound, normalised, each, library)
        if replies.screen_id(intent) == screen:
            shown = intent if isinstance(intent, ShowScreen) else None
            return Reason(found, shown, next_tag, head)
    return None


def _reply_in(tag: str, reason: Reason, site: Site) -> str:
    """Return the same reply in another language, by SMS; empty if it is in that one already."""
    library, shown = site.library, reason.shown
    if not shown or shown.language in (tag, *library.unsupported):
        return ""
    other = replace(shown, language=tag, other_language="")
    form = ReplyForm(Medium.SMS, site.now(), True, reason.head)
    return replies.reply_to_intent(other, library, form).text


def _title(code: str, reads: str, navigation: Navigation, library: Library) -> str:
    screens = library.editions[reads if reads in library.editions else library.default].screens
    is_titled = code in screens and code != MENU
    return navigation.screen_title(screens[code]).text if is_titled else ""


def _reply_links(text: str, library: Library) -> Iterator[tuple[str, str]]:
    """Yield the code and the label of each line that names one."""
    for match in filter(None, map(_LINK.fullmatch, text.splitlines())):
        code = match[1].replace(" ", "")
        if code in library.codes or code in library.numbers or code in ("98", "01"):
            yield code, match[2]
