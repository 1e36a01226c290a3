"""The load of `make soak` and of other tests notices a wrong reply."""

from rights_line.channels import twilio_sms
from rights_line.core.library import Library
from tests.support.clock import TUESDAY
from tests.support.load import LoadGenerator

# The text of a Polish speaker, the language and code of the reply (or the menu), and the outcome.
JUDGED: tuple[tuple[str, tuple[str, str] | None, str], ...] = (
    *(("{}", ("pl", "0"), "full"), ("4", ("pl", "4"), "full"), ("4", None, "menu")),
    *(("{}", None, "wrong"), ("4", ("nb", "4"), "wrong"), ("4", ("pl", "41"), "wrong")),
    ("00", ("pl", "0"), "wrong"),
)


def test_reply_in_another_language_or_with_another_screen_is_wrong(library: Library) -> None:
    load = LoadGenerator(str, library)
    for text, shown, outcome in JUDGED:
        reply = library.start_stateless
        if shown:
            edition = library.editions[shown[0]]
            screen = edition.screens[shown[1]]
            reply = screen.texts_at(edition.form, TUESDAY, library.holidays).sms
        body = twilio_sms.twiml(reply).encode()
        assert load.judge(200, body, "pl", text, [TUESDAY]) == outcome, (text, shown)
        assert load.judge(500, b"", "pl", text, [TUESDAY]) == "500"
