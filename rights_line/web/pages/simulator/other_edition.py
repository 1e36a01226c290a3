"""The same reply in another edition, to show two languages side by side."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from rights_line.content.site import Site
from rights_line.core.conversation.replies import ReplyForm, reply_to_intent
from rights_line.core.fixed_codes import NEXT
from rights_line.core.messages import Inbound, Medium, Reply
from rights_line.core.understanding.intents import ShowScreen
from rights_line.core.ussd import respond_ussd
from rights_line.core.voice import respond_voice


def other_edition_reply(
    shown: ShowScreen, form: ReplyForm, texts: Sequence[str], site: Site
) -> Reply:
    """Return a screen as the line sends it; `texts` are those of the session so far."""
    library, now = site.library, form.moment
    choice = f"{library.languages[shown.language].word} {shown.code}"
    match form.medium:
        case Medium.USSD:
            pages = takewhile(lambda text: text == NEXT, reversed(texts))
            inputs = "*".join([choice, *pages])
            return respond_ussd(Inbound("", inputs, medium=Medium.USSD), library, now)
        case Medium.VOICE:
            return respond_voice(Inbound("", choice, medium=Medium.VOICE), library, now)
        case _:
            return reply_to_intent(replace(shown, other_language=""), library, form)
