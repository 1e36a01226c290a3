"""RIGHTS_LINE_COUNTS: answers by language, topic and helpline, in tens per quarter."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_line.clock import OSLO
from rights_line.core import ScreenId, tags
from rights_line.core.library import Library
from rights_line.errors import ConfigurationError
from rights_line.ops import counts
from rights_line.ops.counts import QuarterCounts, seconds_to_midnight
from rights_line.sessions.memory import MemorySessionStore
from tests.support.cli import run_python
from tests.support.clock import TUESDAY
from tests.support.log import written
from tests.support.sms_line import client_of, phone_of

WORK, ROSA, START = ScreenId("pl", "41"), ScreenId("pl", "22331160"), ScreenId("mul", "0")
QUARTER = "2026-Q4"


class Counting:
    """The counts of a process, at a time that a test sets."""

    def __init__(self, folder: Path, library: Library) -> None:
        self.file = folder / "counts.json"
        self.now = TUESDAY
        self._library = library
        self.restart()

    def restart(self) -> None:
        """Begin a new process, after the old one was killed."""
        self._counts = QuarterCounts(self.file, self._library, lambda: self.now)

    def add(self, screen: ScreenId, number: int = 1, channel: str = "twilio_sms") -> None:
        for _ in range(number):
            self._counts.count(channel, screen)

    def saved(self) -> dict[str, dict[str, dict[str, int]]]:
        """Save and read the file."""
        self._counts.save()
        return counts.read(self.file)


@pytest.fixture
def counting(tmp_path: Path, small_library: Library) -> Counting:
    return Counting(tmp_path, small_library)


def test_ten_answers_are_counted_by_language_and_topic(counting: Counting) -> None:
    counting.add(WORK, 9)
    assert counting.saved() == {}
    counting.add(WORK)
    tens = {QUARTER: {"languages": {"pl": 10}, "topics": {"work": 10}}}
    assert counting.saved() == tens
    counting.add(WORK, 9)
    assert counting.saved() == tens


def test_language_and_topic_are_never_crossed(counting: Counting) -> None:
    """Ten answers about work in two languages show the topic, and neither language."""
    counting.add(WORK, 5)
    counting.add(ScreenId("ar", "4"), 5)
    assert counting.saved() == {QUARTER: {"topics": {"work": 10}}}


def test_helpline_start_and_draft_have_no_topic(counting: Counting) -> None:
    for screen in (ROSA, START, ScreenId("la", "41")):  # a language without an edition
        counting.add(screen, 10)
    saved = counting.saved()[QUARTER]
    assert saved == {"languages": {"pl": 10, "mul": 10, "la": 10}, "helplines": {"rosa": 10}}


def test_simulator_is_not_counted(counting: Counting) -> None:
    counting.add(WORK, 10, channel="try_it")
    assert counting.saved() == {}


def test_quarter_that_ended_is_never_changed(counting: Counting) -> None:
    """Answers above the last ten are lost with the quarter, which begins in Norway."""
    counting.add(WORK, 19)
    counting.now = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
    before = counting.saved()
    counting.now += timedelta(minutes=1)  # midnight in Norway
    counting.add(WORK, 9)
    assert counting.saved() == before
    counting.add(WORK)
    after = counting.saved()
    assert after.pop("2027-Q1") == {"languages": {"pl": 10}, "topics": {"work": 10}}
    assert after == before


def test_processes_that_share_a_file_add_up(tmp_path: Path, small_library: Library) -> None:
    one, other = (Counting(tmp_path, small_library) for _ in range(2))
    one.add(WORK, 10)
    other.add(WORK, 20)
    one.saved()
    assert other.saved()[QUARTER]["languages"] == {"pl": 30}


def test_file_is_written_also_if_nothing_changed(counting: Counting) -> None:
    """Its time tells nothing: it is written at midnight and at the end of the process."""
    counting.add(WORK, 10)
    counting.saved()
    text = counting.file.read_bytes()
    os.utime(counting.file, (0, 0))
    counting.saved()
    assert counting.file.stat().st_mtime > 0
    assert counting.file.read_bytes() == text
    names = {path.name for path in counting.file.parent.iterdir()}
    assert names == {"counts.json", "counts.lock"}


@settings(deadline=None, max_examples=30)  # each writes up to 24 files
@given(
    screens=st.lists(
        st.tuples(st.sampled_from([WORK, ROSA, START]), st.integers(1, 15)), max_size=12
    )
)
def test_file_holds_tens_that_never_exceed_the_answers(
    screens: list[tuple[ScreenId, int]],
    small_library: Library,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """With a restart after each group of answers, no count is too high or reveals a unit."""
    counting = Counting(tmp_path_factory.mktemp("counts"), small_library)
    for screen, number in screens:
        counting.add(screen, number)
        counting.saved()
        counting.restart()
    for cells in counting.saved().get(QUARTER, {}).values():
        assert all(number > 0 and number % 10 == 0 for number in cells.values())
    answers = sum(number for screen, number in screens if screen.language == "pl")
    shown = counting.saved().get(QUARTER, {}).get("languages", {}).get("pl", 0)
    assert answers - 9 * max(1, len(screens)) <= shown <= answers


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"2026-Q4": {"languages": {"pl": 3}}}', '{"2026-Q4": 10}']
)
def test_malformed_file_stops_the_start_and_is_kept(
    content: str, tmp_path: Path, small_library: Library
) -> None:
    file = tmp_path / "counts.json"
    file.write_text(content)
    with pytest.raises(ConfigurationError, match="RIGHTS_LINE_COUNTS: must hold counts in tens"):
        counts.start(file, small_library)
    assert file.read_text() == content


def test_missing_folder_stops_the_start(tmp_path: Path, small_library: Library) -> None:
    with pytest.raises(ConfigurationError, match="RIGHTS_LINE_COUNTS: must be writable, got No"):
        counts.start(tmp_path / "gone" / "counts.json", small_library)


def test_failed_save_is_logged_and_its_tens_are_kept(
    counting: Counting, capfd: pytest.CaptureFixture[str]
) -> None:
    counting.add(WORK, 10)
    counting.file.mkdir()
    counting._counts.save_or_log()
    counting.file.rmdir()
    assert counting.saved()[QUARTER]["languages"] == {"pl": 10}
    assert json.loads(written(capfd)[1])["outcome"] == "IsADirectoryError"


def test_seconds_to_midnight_follow_summer_time() -> None:
    """In Norway, 25 October 2026 has 25 hours."""
    start = datetime(2026, 10, 25, 0, 0, tzinfo=OSLO)
    assert seconds_to_midnight(start) == 25 * 3600
    assert seconds_to_midnight(TUESDAY.astimezone(UTC)) == 12 * 3600


# The whole line


def test_answers_of_the_line_are_counted_by_their_screen(
    small_library: Library, counting: Counting
) -> None:
    """The start screen, a topic, a helpline, the end; an automatic reply counts nothing."""
    client = client_of(small_library, MemorySessionStore())
    client.application.extensions["webhooks"].count_answer = counting._counts.count
    senders = [phone_of(client, f"+47900000{number}") for number in range(10, 20)]
    for send in senders:
        for text in ("hei", "POLSKI 41", "22331160", "00", "I'm driving right now"):
            send(text)
    assert counting.saved()[QUARTER] == {
        "languages": {"mul": 20, "pl": 20},
        "topics": {"work": 10},
        "helplines": {"rosa": 10},
    }


def test_list_and_acknowledgement_are_counted_apart(counting: Counting) -> None:
    for code in ("list", "ok"):
        counting.add(ScreenId("pl", code), 10)
    assert counting.saved()[QUARTER]["topics"] == {"list": 10, "ok": 10}


def test_number_right_after_a_list_is_counted(small_library: Library, counting: Counting) -> None:
    """A pressed button is its line; the menu, a word and the second number do not count."""
    sessions = MemorySessionStore()
    client = client_of(small_library, sessions)
    client.application.extensions["webhooks"].count_answer = counting._counts.count
    button = small_library.editions["pl"].links["4"]
    for number, texts in enumerate([["4", "1"], [button, "1"], ["0", "4"], ["22331160"], ["hei"]]):
        for sender in range(5):
            phone = f"+479000{number}{sender:03}"
            sessions.save(sessions.open_message("twilio_sms", phone)[0], tags.offered("pl"))
            for text in texts:
                phone_of(client, phone)(text)
    assert counting.saved()[QUARTER]["topics"]["list_followed"] == 10


def test_counting_that_fails_breaks_no_reply(small_library: Library) -> None:
    client = client_of(small_library, MemorySessionStore())
    reply = phone_of(client)("POLSKI 4")

    def fail(*_: object) -> None:
        raise RuntimeError

    client.application.extensions["webhooks"].count_answer = fail
    assert phone_of(client)("POLSKI 4") == reply


SCRIPT = """
import sys
from pathlib import Path
from rights_line.content.assembly.library_builder import build_library
from rights_line.content import ContentSources
from rights_line.core import ScreenId
from rights_line.ops import counts
from tests.support.worlds import SMALL_ROOT
add = counts.start(Path(sys.argv[1]), build_library(ContentSources(SMALL_ROOT), "drafts"))
for _ in range(25): add("twilio_sms", ScreenId("pl", "41"))
"""


def test_process_saves_when_it_ends(tmp_path: Path) -> None:
    file = tmp_path / "counts.json"
    assert run_python({}, "-c", SCRIPT, file) == (0, "")
    (saved,) = counts.read(file).values()
    assert saved == {"languages": {"pl": 20}, "topics": {"work": 20}}
