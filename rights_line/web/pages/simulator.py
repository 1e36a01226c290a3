"""The simulator at /try: send a message and see the reply, its cost and its source strings.

A message takes the same path as on any channel, through `/inbound/try_it`. The page itself carries
the messages of the session; the server stores none of them.
"""

import secrets
from collections.abc import Mapping

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from rights_line.channels import SIMULATOR, channel_class
from rights_line.content.site import Site
from rights_line.core.messages import Medium
from rights_line.style.inline import inline_files
from rights_line.web.pages.page_response import page_response
from rights_line.web.pages.screen_strings import ScreenStrings
from rights_line.web.pages.simulator_turn import SimulatorTurn, simulator_turn

UNITS = {"GSM-7": "septets", "UCS-2": "UTF-16 units"}
INLINE = inline_files(__package__, ["inline/try.css"], ["inline/try.js"])


def add_simulator(blueprint: Blueprint, site: Site) -> None:
    """Add /try, if the channel `try_it` is configured."""
    if not site.has_simulator:
        return
    strings = ScreenStrings(site)

    @blueprint.get("/try")
    def simulator_phone() -> Response:
        return _simulator_page(site, {"from": secrets.token_hex(8)}, None)

    @blueprint.post("/try")
    def simulator_reply() -> Response:
        webhooks = current_app.extensions["webhooks"]
        response: Response = webhooks.handle_webhook(request, SIMULATOR).prepared_response()
        if response.status_code != 200:
            return response
        turn = simulator_turn(response, request.form, site, strings)
        state = {"from": request.form.get("from", "")}
        if turn.medium is Medium.VOICE and not turn.ends:
            headers = response.headers
            state |= {"tag": headers.get("Line-Tag", ""), "place": headers.get("Line-Place", "")}
        return _simulator_page(site, state, turn)


def _simulator_page(site: Site, state: Mapping[str, str], turn: SimulatorTurn | None) -> Response:
    session_open = turn and turn.medium is Medium.USSD and not turn.ends
    return page_response(
        "try.html",
        INLINE,
        has_form=True,
        editions=site.library.editions.values(),
        state=state,
        sent=list(filter(None, request.form.getlist("text"))) if session_open else [],
        medium=turn.medium if turn else Medium.SMS,
        media=channel_class(SIMULATOR).media,
        price=request.form.get("price", "")[:8],
        boxes="boxes" in request.form,
        turn=turn,
        units=UNITS,
    )
