"""One conversation, the same on every channel."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from rights_line.channels import registered_channels
from rights_line.core import ussd_pages
from rights_line.core.library import Library
from rights_line.core.sms import replace_sms_letters
from rights_line.web.app import create_app
from rights_line.web.webhooks import STATELESS
from tests.support import phones, twilio_phone
from tests.support.phones import africastalking_ussd
from tests.support.voice_call import Call

TRANSCRIPT = Path(__file__).parent / "ways_in.txt"
WRITE = " Lub opisz sprawę."
TOKEN = africastalking_ussd.TOKEN

# Sends a text or keys, and returns all that is shown or spoken.
Route = Callable[[str], str]


def by_twilio(client: FlaskClient, sender: str) -> Route:
    """Return a phone that texts through Twilio."""

    def send(text: str) -> str:
        request = twilio_phone.request(twilio_phone.fields(text, sender))
        return twilio_phone.reply_text(client.post(**request).data)

    return send


def by_text(client: FlaskClient, name: str) -> Route:
    """Return a phone that texts through a channel."""
    phone = phones.PHONES[name]
    return lambda text: phone.read(client.open(**phone.message(text)))


def by_ussd(client: FlaskClient) -> Route:
    """Return a phone in a USSD session that reads every USSD page."""
    sent: list[str] = []

    def page() -> str:
        form = africastalking_ussd.fields("*".join(sent[1:]))
        shown = client.post(f"/inbound/africastalking_ussd/{TOKEN}", data=form).text
        assert shown[:4] in ("CON ", "END ")
        assert ussd_pages.fits_page(shown[4:])
        return shown[4:]

    def send(text: str) -> str:
        sent.append(text)
        pages = [page()]
        while re.search(r"^98 ", pages[-1], re.MULTILINE):
            sent.append("98")
            pages.append(page())
        navigation = re.compile(r"^(?:98 .*|01 <|0 menu)$\n?", re.MULTILINE)
        return "\n".join(navigation.sub("", shown) for shown in pages)

    return send


def by_voice(client: FlaskClient) -> Route:
    """Return a phone that calls."""
    calls: list[Call] = []

    def send(keys: str) -> str:
        if not calls:
            calls.append(Call(client))
            return calls[0].heard
        return calls[0].press(keys).heard

    return send


ROUTES: Mapping[str, Callable[[FlaskClient], Route]] = {
    "WhatsApp": lambda client: by_twilio(client, f"whatsapp:{twilio_phone.SENDER}"),
    "africastalking_ussd": by_ussd,
    "twilio_voice": by_voice,
    **{
        name: partial(by_text, name=name)
        for name, kind in registered_channels().items()
        if kind.media[0] not in STATELESS
    },
}


def turns() -> Iterator[tuple[str, list[str]]]:
    """Yield each input of the transcript, and the expected screen."""
    for line in TRANSCRIPT.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            sent, *screen = line.split()
            yield sent, screen


def expected(screen: list[str], library: Library) -> list[str]:
    """Return the expected parts in order: the text, then the label of each choice."""
    if screen == ["closed"]:
        return [library.goodbye]
    if screen == ["start"]:
        lifelines = ["112", "22331160", "116111"]
        return lifelines + [row.own_name for row in library.languages.values()][:2]
    language, code = screen
    shown = library.editions[language].screens[code]
    labels = (line.partition(" ")[2] for line in shown.links.split("\n") if line != "0 menu")
    return [shown.body, *labels]


def essence(text: str, library: Library) -> str:
    """Remove the differences between media: accents, spaces, pauses, capitals."""
    folded = replace_sms_letters(text, library.editions["pl"].language.fold)
    return re.sub(r"\W", "", folded.casefold())


def test_channels_all_have_a_route() -> None:
    """A channel for USSD or calls needs a row above; one for texts has it by its phone."""
    assert {*registered_channels()} == ROUTES.keys() - {"WhatsApp"}


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_conversation_is_the_same_on_every_route(
    route: Callable[[FlaskClient], Route], library: Library
) -> None:
    """Language, topic, its second screen, menu and close show the same complete screens."""
    send = route(create_app(phones.ALL_CHANNELS).test_client())

    for sent, screen in turns():
        answer = essence(send(sent), library)
        place = 0
        for part in expected(screen, library):
            part = part.removesuffix(WRITE)  # a call leaves it out
            begin = 0 if screen == ["start"] else place  # a call names 116 111 last
            place = answer.find(essence(part, library), begin)
            assert place >= 0, (sent, part, answer)
