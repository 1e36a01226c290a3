"""Redis dies three times under a steady load: no reply is late or wrong."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from rights_line.channels import twilio_sms
from rights_line.core.library import Library
from tests.support.clock import TUESDAY
from tests.support.load import LoadGenerator, Tally
from tests.support.soak import THRICE, Line, problems, soak, started

# With LONG=1 a full minute at 200 messages a second, and latency limits; else a short version.
LONG = bool(os.environ.get("LONG"))
RATE, SECONDS = (200, 60.0) if LONG else (50, 9.0)
AT_MOST = 0.3  # seconds for 99 of 100 replies, on an otherwise idle machine with two cores


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """The line as the Procfile runs it, with a Redis of its own."""
    with started(tmp_path_factory.mktemp("load")) as made:
        yield made


def test_messages_are_answered_while_redis_dies_three_times(line: Line, library: Library) -> None:
    """Each reply has status 200 and is in the sender's language, or lists the languages."""
    events = [(at * SECONDS / 60, act) for at, act in THRICE]

    baseline = soak(line, library, RATE, SECONDS / 6, [])
    tally = soak(line, library, RATE, SECONDS, events)

    figures = f"{tally}. While nothing failed: {baseline}"
    assert tally.right == tally.outcomes.total() == RATE * SECONDS, figures
    assert tally.outcomes["menu"] > 0, figures
    assert tally.late_while_idle <= tally.right / 100, figures
    assert line.server.is_running
    if LONG:
        assert baseline.outcomes["menu"] == 0, figures
        assert tally.late == 0, figures
        assert tally.percentile(99) < AT_MOST, figures


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
            screen = library.editions[shown[0]].screens[shown[1]]
            reply = screen.texts_at(TUESDAY, library.holidays).sms
        body = twilio_sms.twiml(reply).encode()
        assert load.judge(200, body, "pl", text, [TUESDAY]) == outcome, (text, shown)
        assert load.judge(500, b"", "pl", text, [TUESDAY]) == "500"


WELL = Tally(Counter(full=99, menu=1), [0.01] * 100, [0.001] * 100)
# What is changed, keys without a TTL, problems.
TALLIES: tuple[tuple[dict[str, object], int, int], ...] = (
    ({}, 0, 0),
    ({}, 1, 1),
    ({"outcomes": Counter(full=99, wrong=1)}, 0, 1),
    ({"outcomes": Counter({"full": 99, "500": 1})}, 0, 1),
    ({"delays": [(60.0, 2.1)]}, 0, 1),
    ({"delays": [(60.0, 2.1)], "jams": [60.3]}, 0, 0),  # overloaded meanwhile
    ({"delays": [(60.0, 2.1)], "jams": [50.0]}, 0, 1),
    ({"delays": [(60.0, 2.1)], "jams": [62.2]}, 0, 1),
)


def test_soak_reports_wrong_and_late_replies_unless_the_machine_was_overloaded() -> None:
    for changes, keys_without_ttl, count in TALLIES:
        found = problems(replace(WELL, **changes), keys_without_ttl)  # type: ignore[arg-type]
        assert len(found) == count, changes
    tally = Tally()
    for due, sent, answered in ((10.0, 10.1, 12.0), (20.0, 20.25, 22.5)):
        tally.sent(due, sent)
        tally.answered(due, answered)
    assert (tally.jams, tally.delays, tally.late) == ([20.25], [(20.0, 2.5)], 1)
