"""The page of the simulator: send a message and see the reply, the reason for it and its cost.

A message takes the same path as on any channel, through `/inbound/try_it`. The page itself carries
the messages of the session; the server stores none of them.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from rights_line.channels import SIMULATOR, channel_class
from rights_line.content.assembly.screen_tree import ScreenTree
from rights_line.content.site import Site
from rights_line.core.conversation.replies import ReplyForm
from rights_line.core.fixed_codes import BACK, NEXT
from rights_line.core.library import Head
from rights_line.core.messages import Medium
from rights_line.core.sms import ASSUMED_PRICE
from rights_line.core.understanding.intents import ShowScreen
from rights_line.style.inline import Inline, inline_files
from rights_line.web.pages.page_response import page_response
from rights_line.web.pages.simulator.other_edition import other_edition_reply
from rights_line.web.pages.simulator.reply_reason import (
    ACT_NAMES,
    ReplyReason,
    reply_reason,
    screen_titles,
)
from rights_line.web.pages.simulator.screen_strings import ScreenStrings
from rights_line.web.pages.simulator.simulator_turn import (
    SimulatorTurn,
    screen_in_response,
    simulated_medium,
    simulated_text,
    simulator_turn,
)
from rights_line.web.webhooks import STATELESS

UNITS = {"GSM-7": "septets", "UCS-2": "UTF-16 units"}
# The script of the page asks for the reply alone, and has the style and itself already.
_INLINE_OF_REPLY = Inline("")
INLINE = inline_files("rights_line.web.pages", ["inline/try.css"], ["inline/try.js"])


def add_simulator(blueprint: Blueprint, site: Site) -> None:
    """Add /try, if the channel `try_it` is configured."""
    if not site.has_simulator:
        return
    simulator = SimulatorPage(site)
    blueprint.add_url_rule("/try", "simulator_phone", simulator.show_empty_phone)
    blueprint.add_url_rule("/try", "simulator_reply", simulator.show_reply, methods=["POST"])


class SimulatorPage:
    """Renders the page of the simulator."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._channel = channel_class(SIMULATOR).from_environ({})
        self._strings = ScreenStrings(site)
        self._titles = screen_titles(ScreenTree(site.sources.content))

    def show_empty_phone(self) -> Response:
        """Return the page before the first message, with a sender of its own."""
        return self._render_page({"from": secrets.token_hex(8)})

    def show_reply(self) -> Response:
        """Send the message of the submitted form to the line, and return its reply."""
        webhooks = current_app.extensions["webhooks"]
        response: Response = webhooks.handle_webhook(request, SIMULATOR).prepared_response()
        if response.status_code != 200:
            return response
        form = request.form
        tag = form.get("session", "")
        reason = self._reason(response, tag)
        shown = reason.shown if reason else None
        turn = simulator_turn(response, form, self._site, self._strings, shown)
        state = {"from": form.get("from", ""), "session": tag}
        if reason:
            state["session"] = reason.next_tag or ""
        if turn.medium is Medium.VOICE and not turn.ends:
            headers = response.headers
            state |= {"tag": headers.get("Line-Tag", ""), "place": headers.get("Line-Place", "")}
        return self._render_page(state, turn, reason)

    def _reason(self, response: Response, tag: str) -> ReplyReason | None:
        """Return why the reply came; a USSD key that turns a page says nothing about it."""
        medium, text = simulated_medium(request.form), simulated_text(request.form)
        if medium is Medium.USSD and text in (NEXT, BACK):
            return None
        screen = screen_in_response(response)
        return reply_reason(text, tag or None, screen, medium, self._site.library)

    def _other_turn(self, turn: SimulatorTurn, reason: ReplyReason | None) -> SimulatorTurn:
        """Return the same reply in the other edition; one in several languages stays.

        So does an answer to thanks and the like by USSD or in a call, which no code leads to.
        """
        editions, form = self._site.library.editions, request.form
        edition = editions.get(turn.screen.language) if turn.screen else None
        shown = reason.shown if reason and reason.shown else None
        if turn.screen is None or edition is None:
            return turn
        if turn.medium in STATELESS or not shown:
            shown = ShowScreen(*turn.screen)
        if shown.code not in edition.screens:
            return turn
        shown = replace(shown, language=form["beside"])
        head = reason.head if reason else Head.NONE
        reply_form = ReplyForm(turn.medium, self._site.now(), True, head)
        reply = other_edition_reply(shown, reply_form, _session_texts(), self._site)
        response = self._channel.deliver(reply)
        return simulator_turn(response, form, self._site, self._strings, shown)

    def _render_page(
        self,
        state: Mapping[str, str],
        turn: SimulatorTurn | None = None,
        reason: ReplyReason | None = None,
    ) -> Response:
        library, form = self._site.library, request.form
        beside = library.editions.get(form.get("beside", ""))
        language = library.editions.get(turn.screen.language if turn and turn.screen else "")
        session_open = turn and turn.medium is Medium.USSD and not turn.ends
        return page_response(
            "try.html",
            _INLINE_OF_REPLY if request.headers.get("Sec-Fetch-Dest") == "empty" else INLINE,
            has_form=True,
            site=self._site,
            editions=library.editions.values(),
            titles=self._titles,
            acts=ACT_NAMES,
            word=(language or library.editions[library.default]).language.word,
            state=state,
            sent=_session_texts() if session_open else [],
            medium=simulated_medium(form),
            media=self._channel.media,
            price=form.get("price", "")[:8],
            assumed_price=ASSUMED_PRICE,
            boxes="boxes" in form,
            beside=beside.language if beside else None,
            turns=[turn, self._other_turn(turn, reason) if turn and beside else None],
            reason=reason,
            units=UNITS,
        )


def _session_texts() -> Sequence[str]:
    return list(filter(None, request.form.getlist("text")))
