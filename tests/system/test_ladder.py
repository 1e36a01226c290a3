"""Degradation (docs/design.md, D4): each way in which Redis may fail, and the replies meanwhile.

Other tests kill or stop Redis under a running line (tests/sessions, `make soak`), and let steps of
a request raise (tests/web).
"""

import time
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from rights_line.channels import load_channels
from rights_line.core.conversation.replies import start_with_code
from rights_line.core.library import Library
from rights_line.sessions.redis_client import redis_client_factory
from rights_line.sessions.redis_store import RedisSessionStore
from rights_line.web.app import build_app
from tests.support.clock import TUESDAY
from tests.support.phones import ENVIRON, PHONES
from tests.support.redis_line import FAULTS, RECOVERY, SECRET, Fault, Relay, relay_to, screen
from tests.support.servers import RedisServer

LONGEST = 2.0  # seconds that a sender may wait for a reply


class Line:
    """A line that reaches its Redis through a relay, with a clock that the test moves."""

    def __init__(self, relay: Relay, library: Library) -> None:
        self.now = 0.0
        self.relay = relay
        sessions = RedisSessionStore(redis_client_factory(relay.url), SECRET, lambda: self.now)
        app = build_app(
            load_channels(["try_it"], ENVIRON), library, sessions, dict, lambda: TUESDAY
        )
        self._client: FlaskClient = app.test_client()

    def send(self, text: str) -> str:
        """Return the reply, which must have status 200 and be in time."""
        begun = time.monotonic()
        answer = self._client.open(**PHONES["try_it"].message(text))
        assert time.monotonic() - begun < LONGEST
        assert answer.status_code == 200
        return answer.text


@pytest.fixture
def line(redis: RedisServer, library: Library) -> Iterator[Line]:
    """A line with an empty Redis."""
    with relay_to(redis.port) as relay:
        yield Line(relay, library)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_redis_fault_does_not_prevent_full_replies(
    fault: Fault, line: Line, library: Library
) -> None:
    """Without a session, screens name the language's word with each code, and both work.

    The fault begins between two messages. Once Redis is back, the code alone works again.
    """
    word = library.editions["pl"].language.word
    menu, four = (screen(library, code, TUESDAY, has_memory=False) for code in ("0", "4"))
    assert line.send(word) == screen(library, "0", TUESDAY)
    assert line.send("4") == screen(library, "4", TUESDAY)

    line.relay.fault = fault
    assert line.send("4") == start_with_code("4", library)
    for _ in range(2):
        assert line.send(word) == menu
        assert line.send(f"{word} 4") == four
        assert line.send("99") == library.lists[""].first.stateless_text
        assert line.send("00") == library.goodbye
        line.now += RECOVERY

    line.relay.fault = None
    assert line.send(word) == screen(library, "0", TUESDAY)
    assert line.send("4") == screen(library, "4", TUESDAY)
