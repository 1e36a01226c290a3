"""Down the ladder (design D4), a rung at a time: what Redis may do, and what she reads meanwhile.

Further rungs: a Redis that is killed or stopped under a real gunicorn (test_conversation_redis,
test_load), that refuses or cannot be reached (test_sessions), any function that raises, and the
last resort (test_last_resort), the fallback (test_cli).
"""

import time
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from rights_line.channels import load_channels
from rights_line.core.library import Library
from rights_line.sessions.redis_client import client_factory
from rights_line.sessions.redis_store import RedisSessionStore
from rights_line.web.app import build_app
from tests.support.clock import TUESDAY
from tests.support.phones import ENVIRON, PHONES
from tests.support.redis_line import FAULTS, RECOVERY, SECRET, Fault, Relay, relay_to, screen
from tests.support.servers import RedisServer

LONGEST = 2.0  # seconds that a person may wait for an answer


class Line:
    """A line that reaches its Redis through a relay, and a clock that is moved by hand."""

    def __init__(self, relay: Relay, library: Library) -> None:
        self.now = 0.0
        self.relay = relay
        sessions = RedisSessionStore(client_factory(relay.url), SECRET, lambda: self.now)
        app = build_app(load_channels(SENT_BY, ENVIRON), library, sessions, dict, lambda: TUESDAY)
        self._client: FlaskClient = app.test_client()

    def say(self, text: str, name: str = "try_it") -> str:
        """Return what is answered, with 200 and in time."""
        begun = time.monotonic()
        answer = self._client.open(**PHONES[name](text))
        assert time.monotonic() - begun < LONGEST
        assert answer.status_code == 200
        return answer.text


SENT_BY = ("try_it", "africastalking_ussd", "twilio_voice")


@pytest.fixture
def line(redis: RedisServer, library: Library) -> Iterator[Line]:
    """A line with an empty Redis."""
    with relay_to(redis.port) as relay:
        yield Line(relay, library)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_whatever_redis_does_she_is_answered_in_full(
    fault: Fault, line: Line, library: Library
) -> None:
    """Her language's word beside each code, which works; once Redis is back, the code alone does.

    It breaks while a message is on its way, and goes on for others; the one she sends first meets
    it, and waits for it at most once.
    """
    word = library.editions["pl"].language.word
    menu, four = (screen(library, code, TUESDAY, has_memory=False) for code in ("0", "4"))
    assert line.say(word) == screen(library, "0", TUESDAY)
    assert line.say("4") == screen(library, "4", TUESDAY)

    line.relay.fault = fault
    assert line.say("4") == library.start_stateless
    for _ in range(2):
        assert line.say(word) == menu
        assert line.say(f"{word} 4") == four
        assert line.say("99") == library.listing_stateless
        assert line.say("00") == library.goodbye
        line.now += RECOVERY

    line.relay.fault = None
    assert line.say(word) == screen(library, "0", TUESDAY)
    assert line.say("4") == screen(library, "4", TUESDAY)


@pytest.mark.parametrize("name", ["africastalking_ussd", "twilio_voice"])
def test_who_dials_or_calls_needs_no_redis(name: str, line: Line) -> None:
    """The gateway carries what is to be known: Redis is not asked, so nothing of it is missed."""
    with_redis = line.say("9", name)
    asked = line.relay.turns
    line.relay.fault = FAULTS["silent"]

    assert line.say("9", name) == with_redis
    assert asked == line.relay.turns == 0
