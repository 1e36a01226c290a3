"""The simulator at /try: a drawn phone that answers as the line does.

A message takes the path of every channel. The page carries the conversation; nothing is stored.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from rights_line.channels import SIMULATOR
from rights_line.core import BACK, NEXT, Medium, ScreenId
from rights_line.core.conversation.replies import ReplyForm, reply_to_intent
from rights_line.core.library import Library
from rights_line.core.screen import Head
from rights_line.core.sms import ASSUMED_PRICE, count_sms
from rights_line.core.understanding import ShowScreen
from rights_line.core.understanding.interpret import interpret
from rights_line.core.understanding.words.normalised_text import normalise_text
from rights_line.library.site import Site
from rights_line.style import Inline, inline_files
from rights_line.web.pages.page import Navigation, helper_page, reading_language

_INLINE = inline_files("rights_line.web.pages", ["inline/try.css"], ["inline/try.js"])
_LINK = re.compile(r"(\d(?: ?\d)*):? (\D.*?)\.?")  # "41 Pay"; in a call "4 1: Pay."


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
        prepared = current_app.extensions["webhooks"].handle(request, SIMULATOR)
        answer = Response(prepared.body, prepared.status, list(prepared.headers))
        if answer.status_code != 200:
            return answer
        form, sent = request.form, request.form.getlist("text") or [""]
        screen = ScreenId(*ids) if (ids := answer.headers["Line-Screen"].split()) else None
        shown = _shown_turn(sent[-1], answer, screen, site)
        state = {name: answer.headers[f"Line-{name}"] for name in ("tag", "place")}
        state["from"] = form.get("from", "")
        keys = sent if _medium() is Medium.USSD and not shown["ends"] else []
        values = {"state": state, "texts": list(filter(None, keys)), "turn": shown}
        return _page(site, navigation, sent[-1], screen, **values)


def _shown_turn(
    sent: str, answer: Response, screen: ScreenId | None, site: Site
) -> dict[str, object]:
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
    site: Site,
    navigation: Navigation,
    sent: str = "",
    screen: ScreenId | None = None,
    **values: object,
) -> Response:
    reads = reading_language(site.pages.country.languages)
    beside = site.library.editions.get(request.form.get("beside", reads))
    # The script of the page asks for the reply alone, and has the style and itself already.
    is_asked_by_script = request.headers.get("Sec-Fetch-Dest") == "empty"
    return helper_page(
        "try.html",
        Inline("") if is_asked_by_script else _INLINE,
        reads,
        status=200,
        has_form=True,
        site=site,
        navigation=navigation,
        medium=_medium(),
        media=list(Medium),
        price=ASSUMED_PRICE,
        beside=beside and beside.language,
        other=_reply_in(beside.language.tag, sent, screen, site) if beside and screen else "",
        **values,
    )


def _medium() -> Medium:
    return next((one for one in Medium if one.value == request.form.get("medium")), Medium.SMS)


def _reply_in(language: str, sent: str, screen: ScreenId, site: Site) -> str:
    """Return the reply in another language, by SMS; empty if it is in that one already."""
    library = site.library
    found = interpret(normalise_text(sent, library.own_lines), screen.language, library)
    is_there = screen.language in (language, *library.unsupported)
    if is_there or not isinstance(found.intent, ShowScreen):
        return ""
    head = Head.HELPLINES if found.has_head else Head.NONE
    other = replace(found.intent, language=language, other_language="")
    return reply_to_intent(other, library, ReplyForm(Medium.SMS, site.now(), True, head)).text


def _reply_links(text: str, library: Library) -> Iterator[tuple[str, str]]:
    """Yield the code and the label of each line that names one."""
    for match in filter(None, map(_LINK.fullmatch, text.splitlines())):
        code = match[1].replace(" ", "")
        if code in library.codes or code in library.numbers or code in (NEXT, BACK):
            yield code, match[2]
