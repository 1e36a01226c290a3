"""Texts go through a real Kannel and come back as the conversation wrote them, or as helplines."""

import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rights_line.core.library import Library
from rights_line.core.sms import count
from tests.support.kannel import TOKEN, Kannel, kannel, leaks, line_environ, required
from tests.support.kannel_phones import Phones
from tests.support.servers import LineServer
from tests.support.waiting import wait_until

Answers = Callable[..., str]
Gateway = tuple[Kannel, Phones]

_numbers = itertools.count(40_000_000)
SENT: list[tuple[str, str]] = []


def stranger() -> str:
    """Return a number that nobody has seen."""
    return f"+47{next(_numbers)}"


def say(phones: Phones, *messages: tuple[str, str]) -> None:
    """Send texts, and remember them: they must be found nowhere."""
    SENT.extend(messages)
    phones.send(*messages)


def reply(phones: Phones, number: str, how_many: int = 1) -> list[str]:
    """Return what a number got, once it is that many texts."""
    wait_until(lambda: len(phones.heard().get(number, [])) >= how_many)
    return phones.heard().get(number, [])


TEXTS = {
    "any word": ["qwrtp"],
    "Polish": ["POLSKI"],
    "Polish letters": ["nie dostałem wypłaty"],
    "Polish, and on": ["POLSKI", "4", "41"],
    "Arabic": ["العربية"],
    "Arabic, and on": ["العربية", "٤"],
    "Tigrinya": ["ትግርኛ"],
    "Tigrinya, a whole sentence": ["ሰላም ኣብ ኖርወይ ሓገዝ የድልየኒ ኣሎ"],
    "an emoji": ["🙏"],
    "an emoji and a word": ["4 🙏🏽 polski"],
    "danger": ["ratunku"],
    "Spanish, which folds accents": ["ESPANOL 4"],
    "Norwegian": ["NORSK 4"],
    "Vietnamese": ["VIETNAM 4"],
    "the start, then a number": ["hei", "9"],
    "the languages": ["99"],
    "the end": ["POLSKI", "00"],
    "nothing": [""],
    "Kannel's own word": ["default"],
}


@pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS)
def test_what_arrives_is_what_was_answered(
    texts: list[str], gateway: Gateway, answers: Answers
) -> None:
    """Each answer arrives once and to the letter, however many parts it has."""
    _, phones = gateway
    number = stranger()
    for place, text in enumerate(texts, start=1):
        before = answers(*texts[:place])
        say(phones, (number, text or " "))
        heard = reply(phones, number, place)
        assert len(heard) == place
        assert heard[-1] in (before, answers(*texts[:place]))


def test_the_longest_answers_are_whole(
    gateway: Gateway, library: Library, answers: Answers
) -> None:
    """Of each language the answer with most parts: none is cut off, max-messages is enough."""
    _, phones = gateway
    asked = {}
    for edition in library.editions.values():
        texts = [f"{edition.language.word} {code}" for code in edition.screens if code.isdigit()]
        asked[max(texts, key=lambda text: count(answers(text)).units)] = stranger()
    before = {text: answers(text) for text in asked}
    say(phones, *((number, text) for text, number in asked.items()))
    heard = {text: reply(phones, number) for text, number in asked.items()}

    assert max(count(text).segments for text in before.values()) >= 3
    assert {text for text in asked if heard[text] not in ([before[text]], [answers(text)])} == set()


def test_a_stop_gets_no_answer(gateway: Gateway, line: LineServer, answers: Answers) -> None:
    """After STOP nothing is sent, and what is sent to others goes on."""
    _, phones = gateway
    quiet, other = stranger(), stranger()
    answered = line.output.read_text().count('"answered"')
    say(phones, (quiet, "STOP"))
    wait_until(lambda: line.output.read_text().count('"answered"') > answered)
    say(phones, (other, "POLSKI"))

    assert reply(phones, other) == [answers("POLSKI")]
    assert quiet not in phones.heard()


@pytest.mark.parametrize("number", ["2440123", "004740000001", "4740000002"])
def test_however_a_number_is_written(number: str, gateway: Gateway, answers: Answers) -> None:
    """The answer goes to the number as the centre wrote it."""
    say(gateway[1], (number, "POLSKI"))
    assert reply(gateway[1], number) == [answers("POLSKI")]


def test_one_person_has_one_conversation(gateway: Gateway, answers: Answers) -> None:
    """Where a centre writes a number now so, now so, it is the same person's."""
    _, phones = gateway
    digits = stranger().lstrip("+")
    say(phones, (f"+{digits}", "POLSKI"))
    reply(phones, f"+{digits}")
    say(phones, (f"00{digits}", "4"))
    assert reply(phones, f"00{digits}") == [answers("POLSKI", "4")]


def test_a_machine_gets_no_answer(gateway: Gateway, line: LineServer, answers: Answers) -> None:
    """A name and a short code are not answered, so that there is no loop."""
    _, phones = gateway
    answered = line.output.read_text().count('"answered"')
    say(phones, ("Posten", "POLSKI"), ("26112", "POLSKI"))
    wait_until(lambda: line.output.read_text().count('"answered"') > answered + 1)
    other = stranger()
    say(phones, (other, "POLSKI"))

    assert reply(phones, other) == [answers("POLSKI")]
    assert not {"Posten", "26112"} & set(phones.heard())


CROWD = ["POLSKI", "العربية", "ትግርኛ", "NORSK 4", "qwrtp", "RUSSKI 41", "ratunku", "🙏"]


def crowd(how_many: int) -> dict[str, str]:
    """Return what each of so many strangers writes."""
    texts = itertools.cycle(CROWD)
    return {stranger(): next(texts) for _ in range(how_many)}


def test_a_burst(gateway: Gateway, answers: Answers) -> None:
    """500 people write at once, and each gets her answer, once."""
    _, phones = gateway
    asked = crowd(500)
    before = {text: answers(text) for text in CROWD}
    say(phones, *asked.items())
    wait_until(lambda: phones.heard().keys() >= asked.keys())
    after = {text: answers(text) for text in CROWD}
    heard = phones.heard()
    wrong = {
        text: heard.get(number, [])
        for number, text in asked.items()
        if heard.get(number) not in ([before[text]], [after[text]])
    }

    assert wrong == {}


def test_the_line_is_killed_in_the_middle(
    gateway: Gateway, line: LineServer, answers: Answers, library: Library
) -> None:
    """Everybody gets one answer: the right one, or the helplines; never one of Kannel's own."""
    _, phones = gateway
    asked = crowd(400)
    messages = list(asked.items())
    before = {text: answers(text) for text in CROWD}
    say(phones, *messages[:300])
    wait_until(lambda: len(phones.heard().keys() & asked.keys()) >= 20)
    line.kill()
    say(phones, *messages[300:])
    time.sleep(1)
    early = phones.heard().keys() & asked.keys()
    line.start()
    wait_until(lambda: phones.heard().keys() >= asked.keys())
    after = {text: answers(text) for text in CROWD}
    heard = phones.heard()
    others = {
        number: heard.get(number, [])
        for number, text in asked.items()
        if heard.get(number) not in ([before[text]], [after[text]])
    }

    assert len(early) < len(asked)
    assert [texts for texts in others.values() if texts != [library.fallback]] == []
    # Who was not answered before it came back is asked for again, and need not be put off.
    assert asked.keys() - early - others.keys() != set()


def test_kannel_keeps_nothing(gateway: Gateway) -> None:
    """Kannel writes no file but what we catch of its output, and there is nobody in that."""
    running, phones = gateway
    say(phones, (stranger(), "POLSKI 4"))
    assert reply(phones, SENT[-1][0])
    texts = {text for _, text in SENT if len(text) > 3 and text != "default"}

    assert leaks(running.folder, [number for number, _ in SENT if len(number) > 8], texts) == []
    ours = {running.folder / name for name in ("kannel.conf", "bearerbox", "smsbox")}
    assert {*running.folder.rglob("*"), *running.open_files()} == ours


@pytest.fixture(params=[4, 3, 1])
def without_line(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Kannel, Phones, int]]:
    """A Kannel that asks once, and a line that does not run; at three levels of Kannel's log."""
    required()
    nobody = LineServer(line_environ(tmp_path))
    impatient = {"http-request-retry = 20": "http-request-retry = 0"}
    with kannel(tmp_path / "kannel", nobody, request.param, impatient) as (running, phones):
        yield running, phones, request.param


def test_no_line_at_all(without_line: tuple[Kannel, Phones, int], library: Library) -> None:
    """Kannel itself says the helplines, and logs nothing; at lower levels it would."""
    running, phones, level = without_line
    number = stranger()
    phones.send((number, "POLSKI"))

    assert reply(phones, number) == [library.fallback]
    assert bool(leaks(running.folder, [number], ["POLSKI"])) == (level == 1)
    assert bool(leaks(running.folder, [], [TOKEN])) == (level < 4)


# get-url as it was shipped before post-url.
GET = {
    'post-url = "http://127.0.0.1:8000/inbound/kannel_sms/${KANNEL_TOKEN}"\nsend-sender = true': (
        'get-url = "http://127.0.0.1:8000/inbound/kannel_sms/${KANNEL_TOKEN}?from=%p&to=%P&text=%b'
        '&charset=%C&coding=%c&id=%I&smsc=%i"'
    )
}


# deployment -> (the variable of the token, what its kannel.conf has otherwise)
OTHERS = {
    "before the upgrade": ("WEBHOOK_TOKEN", GET),
    "UCS-2 as it is": ("KANNEL_TOKEN", {"mo-recode = true": "mo-recode = false"}),
}


@pytest.fixture(scope="module", params=[*OTHERS.values()], ids=[*OTHERS])
def other_phones(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Phones]:
    """Phones of a deployment that is not as shipped."""
    required()
    variable, changes = request.param
    folder = tmp_path_factory.mktemp("other")
    environ = line_environ(folder)
    environ[variable] = environ.pop("KANNEL_TOKEN")
    server = LineServer(environ)
    try:
        server.start()
        with kannel(folder / "kannel", server, changes=changes) as (_, phones):
            yield phones
    finally:
        server.stop()


@pytest.mark.parametrize("text", ["POLSKI", "nie dostałem wypłaty", "العربية", "ትግርኛ", "ratunku"])
def test_other_configurations_get_the_same_answers(
    text: str, other_phones: Phones, answers: Answers
) -> None:
    """GET and WEBHOOK_TOKEN, which are deprecated, and texts that Kannel does not recode."""
    number = stranger()
    other_phones.send((number, text))
    assert reply(other_phones, number) == [answers(text)]
