"""A line in process, and a phone that texts to it through Twilio's channel."""

from collections.abc import Callable

from flask.testing import FlaskClient

from rights_line.channels import Channel, load_channels
from rights_line.core.library import Library
from rights_line.sessions import SessionStore
from rights_line.sessions.memory import MemorySessionStore
from rights_line.web.app import build_app
from tests.support import twilio_phone
from tests.support.clock import TUESDAY
from tests.support.twilio_phone import SENDER

CHANNEL = "twilio_sms"

# Sends a text, from another sender and with other fields if given, and returns the reply.
Send = Callable[..., str]


def line_of(
    library: Library, *channels: Channel, sessions: SessionStore | None = None
) -> FlaskClient:
    """Return a client of a line with these channels, at noon on `TUESDAY`."""
    named = {channel.name(): channel for channel in channels}
    sessions = sessions or MemorySessionStore()
    return build_app(named, library, sessions, dict, lambda: TUESDAY).test_client()


def client_of(library: Library, sessions: SessionStore) -> FlaskClient:
    """Return a client of a line with Twilio's SMS and these sessions."""
    (channel,) = load_channels([CHANNEL], twilio_phone.ENVIRON).values()
    return line_of(library, channel, sessions=sessions)


def phone(library: Library, sessions: SessionStore, sender: str = SENDER) -> Send:
    """Return a phone that texts to a line with these sessions."""
    return phone_of(client_of(library, sessions), sender)


def phone_of(client: FlaskClient, sender: str = SENDER) -> Send:
    """Return a phone that texts to the line of a client."""

    def send(body: str, sender: str = sender, **more: str) -> str:
        answer = client.post(**twilio_phone.request(twilio_phone.fields(body, sender, **more)))
        assert answer.status_code == 200
        return twilio_phone.reply_text(answer.data)

    return send
