"""A call: what is said, by whom, where the keys lead, and that nothing is read of who calls."""

import io
import os
import re
import shutil
import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from rights_line.channels.twilio_voice import Channel
from rights_line.content.loader import ContentSources, build_library
from rights_line.content.screen_tree import ScreenTree
from rights_line.content.speech import recording_script
from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Medium, Reply
from rights_line.core.voice import respond_voice
from rights_line.editorial.lint import lint
from rights_line.errors import ConfigurationError
from rights_line.sessions.memory import MemorySessionStore
from rights_line.web.app import build_app
from tests.support import twilio_phone
from tests.support.clock import TUESDAY
from tests.support.folders import change, put
from tests.support.twilio_phone import SENDER, keyed, without_spaces
from tests.support.voice_call import PATH, Call

LIFELINES = ("112", "22331160", "116111")
ENVIRON = twilio_phone.ENVIRON | {"CHANNELS": "twilio_voice"}
CONNECTING = ENVIRON | {"TWILIO_VOICE_CONNECT": "yes", "RIGHTS_LINE_NUMBER": "+4759440000"}


def line(library: Library, environ: dict[str, str] = ENVIRON) -> FlaskClient:
    """Return the line with this gateway, and a clock that stands still."""
    gateway = Channel.from_environ(environ)
    app = build_app({"twilio_voice": gateway}, library, MemorySessionStore(), dict, lambda: TUESDAY)
    return app.test_client()


@pytest.fixture
def call(library: Library) -> Call:
    """A call that has just been taken."""
    return Call(line(library))


def test_a_call_begins_with_the_numbers_and_the_languages(call: Call) -> None:
    """In Norwegian and English first, then each language by its own voice."""
    norwegian, english, *languages = call.says

    for say in (norwegian, english):
        assert all(
            number in without_spaces(say.text or "").replace(",", "") for number in LIFELINES
        )
    assert [say.get("voice") for say in (norwegian, english)] == ["Polly.Liv", "Polly.Amy"]
    assert ("9: Polski.", "Polly.Ewa") in [(say.text, say.get("voice")) for say in languages]
    assert languages[-1].text == "More languages: 9 9."


@pytest.mark.parametrize(("voice", "say"), [("nb", 0), ("en", 1)])
def test_the_helplines_are_heard_within_ten_seconds(library: Library, voice: str, say: int) -> None:
    """A real voice says them in that time, at its usual speed."""
    speaker = shutil.which("espeak-ng")
    if speaker is None:
        assert "CI" not in os.environ, "CI has a voice"
        pytest.skip("espeak-ng is not installed")
    text = library.voice.opening[say].text
    made = subprocess.run([speaker, "-v", voice, "--stdout", text], capture_output=True, check=True)
    with wave.open(io.BytesIO(made.stdout)) as sound:
        rate = sound.getframerate() * sound.getsampwidth()
    seconds = len(made.stdout) / rate

    assert 5 < seconds < 10


@pytest.mark.parametrize(
    ("keys", "heard"),
    [
        (["9"], "Niebezpieczeństwo: dzwoń pod 1 1 2."),
        (["9", "4"], "Praca i płaca: zadzwoń do ROSA, 2 2, 3 3, 1 1, 6 0"),
        (["9", "4", "41"], "Mała wypłata lub żadna"),
        (["9", "4#"], "Praca i płaca:"),
        (["9", "4", "*"], "Praca i płaca:"),
        (["9", "4", "0"], "Niebezpieczeństwo: dzwoń pod 1 1 2."),
        (["9", "99"], "Ved fare, ring 1 1 2."),
        (["9", "99", "2", "4"], "Work and pay: call ROSA, 2 2, 3 3"),
        (["*"], "Ved fare, ring 1 1 2."),
        (["9", "7777"], "Nie rozumiem."),
        (["9", "112"], "Niebezpieczeństwo teraz: zadzwoń pod 1 1 2."),
        (["112"], "In danger now: call 1 1 2."),
        (["9", "#"], "Niebezpieczeństwo: dzwoń pod 1 1 2."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_where_keys_lead(keys: list[str], heard: str, call: Call) -> None:
    """The codes are those of the SMS and the card; her language and place travel in the address."""
    for pressed in keys:
        call.press(pressed)

    assert call.heard.startswith(heard)


def test_00_ends_the_call(call: Call) -> None:
    """The bland word, and the line is dead: there is no more to press."""
    twiml = call.press("9").press("00").twiml

    assert [verb.tag for verb in twiml] == ["Say", "Hangup"]
    assert twiml[0].text == "OK."


def test_after_silence_it_is_said_again_and_then_the_numbers(call: Call) -> None:
    """A second time, word for word; then the helplines in her language, and it hangs up."""
    first, second, *last = call.press("9").press("4").twiml

    assert ElementTree.tostring(first) == ElementTree.tostring(second)
    assert first.tag == "Gather"
    assert [verb.tag for verb in last] == ["Say", "Hangup"]
    assert last[0].text == call.press("0").says[0].text


def test_a_key_has_time_and_a_second_key_too(call: Call) -> None:
    """She may think before the first key; after one, two seconds without another end it, or #."""
    gather = call.gathers[0]

    assert {name: gather.get(name) for name in ("input", "timeout", "finishOnKey", "method")} == {
        **{"input": "dtmf", "timeout": "2", "finishOnKey": "#", "method": "POST"}
    }
    assert gather[-1].tag == "Pause"
    assert int(gather[-1].get("length", 0)) >= 5


def aloud(library: Library) -> Iterator[tuple[str, str, str]]:
    """Yield all that is said in every language: tag, code, text."""
    for tag, edition in library.editions.items():
        for code in edition.speech.screens:
            pressed = Inbound("", code, medium=Medium.VOICE, tag=tag)
            reply = respond_voice(pressed, library, TUESDAY)
            yield tag, code, "\n".join(part.text for part in (*reply.spoken, *reply.closing))


def test_every_number_is_said_digit_by_digit(library: Library) -> None:
    """No voice makes "hundred and twelve" of a number, in any language."""
    spoken = list(aloud(library))
    numbers = sorted(library.contact_codes, key=len, reverse=True)

    assert len(spoken) > 1000
    for tag, code, text in spoken:
        for run in re.findall(r"\d[\d ]*\d", text.replace(",", "")):
            groups = run.split()
            assert "".join(groups) not in numbers or all(map(_is_digit, groups)), (tag, code, run)
    assert any("2 2, 3 3, 1 1, 6 0" in text for _, _, text in spoken)


def _is_digit(group: str) -> bool:
    return len(group) == 1


def test_a_screen_that_exists_only_in_english_has_the_helplines_first(call: Call) -> None:
    """Of a card: the numbers by its own voice, then the whole screen by the English one."""
    says = call.press("23").press("4").says

    assert [(say.get("voice"), (say.text or "")[:20]) for say in says[:3]] == [
        ("Polly.Celine", "Danger: appelez le 1"),
        ("Polly.Amy", "Work and pay: call R"),
        ("Polly.Amy", "4 1: Pay.\n4 2: Debt."),
    ]


@pytest.mark.parametrize("number", ["14", "25", "26"])
def test_a_language_without_a_voice_says_so(number: str, call: Call, library: Library) -> None:
    """In Norwegian and English, with the numbers, and what to say to whoever answers there."""
    tag = library.language_by_number(number)
    assert tag
    row = library.languages[tag]
    says = call.press(number).says

    assert (row.voice, {say.get("voice") for say in says}) == ("", {"Polly.Liv", "Polly.Amy"})
    assert "Dette språket har vi ingen stemme for." in call.heard
    assert call.heard.count(row.norwegian) == 2
    assert all(number in without_spaces(call.heard).replace(",", "") for number in LIFELINES)


def test_a_closed_helpline_says_so(library: Library) -> None:
    """Outside its hours, between what is said and the choices."""
    night = TUESDAY.replace(hour=3)
    pressed = Inbound("", "23351600", medium=Medium.VOICE, tag="en")

    heard = [part.text for part in respond_voice(pressed, library, night).spoken]

    assert heard[1] == "UDI is closed now. Opens: Tuesday 10:00."


def test_she_is_put_through_only_where_she_asked_to_talk(library: Library) -> None:
    """9 dials after "talk to someone", where the operator allows it; elsewhere it is a topic."""
    call = Call(line(library, CONNECTING)).press("2")
    offered = call.press("2").heard.endswith("To call ROSA now, press 9.")
    dial = call.press("9").twiml

    assert offered
    assert [verb.tag for verb in dial] == ["Dial", "Say", "Hangup"]
    assert (dial[0].text, dial[0].get("callerId")) == ("+4722331160", "+4759440000")
    assert SENDER not in ElementTree.tostring(dial).decode()
    elsewhere = Call(line(library, CONNECTING)).press("2").press("4").press("9")
    assert elsewhere.twiml.find("Dial") is None
    assert "9 1: Going home." in elsewhere.heard


def test_without_leave_nobody_is_put_through(call: Call) -> None:
    """Unless the operator sets it, 9 is what it is everywhere, and is not offered."""
    heard = call.press("2").press("2").heard

    assert "press 9" not in heard
    assert "9 1: Going home." in call.press("9").heard


def test_her_place_is_signed(call: Call, library: Library) -> None:
    """Who changes the language or the place in the address is no gateway."""
    call.press("9")
    form = keyed("4")
    forged = twilio_phone.request(form, call.path)
    forged["path"] = call.path.replace("tag=pl", "tag=ar")

    assert forged["path"] != call.path
    assert line(library).post(**forged).status_code == 403


@pytest.mark.parametrize(
    "more",
    [
        {"From": "anonymous", "Caller": "anonymous"},
        {"From": "", "Caller": ""},
        {"From": "sip:her@example.org"},
        {"Digits": "4" * 21},
        {"Digits": "4a"},
        {"Digits": "²"},
    ],
    ids=str,
)
def test_an_odd_call_is_answered(more: dict[str, str], library: Library) -> None:
    """Whoever calls, however: what was not keyed on a phone counts as silence."""
    answer = line(library).post(**twilio_phone.request(keyed("") | more, PATH))

    assert answer.status_code == 200
    assert "Ved fare, ring 1 1 2." in answer.text


def test_nothing_is_read_of_who_calls() -> None:
    """What is taken from a request is the keys, and what we wrote into the address ourselves."""
    form = keyed("9")
    builder = EnvironBuilder(f"{PATH}?tag=pl&place=4", method="POST", data=form)

    read = Channel.from_environ(ENVIRON).receive(Request(builder.get_environ()))

    assert read == Inbound("", "9", medium=Medium.VOICE, tag="pl", screen_code="4")


def test_who_calls_makes_no_difference(library: Library) -> None:
    """The number is not read: with another, or none, every byte of the answer is the same."""
    sid = {"CallSid": f"CA{'1' * 32}"}
    answers = {
        line(library).post(**twilio_phone.request(keyed("9", caller, **sid), PATH)).data
        for caller in (SENDER, "+4790000002", "anonymous", "")
    }

    assert len(answers) == 1


def test_an_address_made_up_is_no_harm(library: Library) -> None:
    """A tag or a place that does not exist is as if nothing had been chosen."""
    path = f"{PATH}?tag=xx&place=%F0%9F%8C%BB&tag=pl&more=1"
    answer = line(library).post(**twilio_phone.request(keyed("4"), path))

    assert answer.status_code == 200
    assert "Polly.Zeina" in answer.text


def test_the_address_says_only_language_and_code(call: Call) -> None:
    """What Twilio keeps of it tells no more than the card does."""
    query = parse_qs(urlsplit(call.press("9").press("4").path).query)

    assert query == {"tag": ["pl"], "place": ["4"]}


@pytest.mark.parametrize("before", [[], ["9"], ["9", "4"]], ids=" ".join)
@pytest.mark.parametrize("keys", ["97531864", "4797531864", "7777"])
def test_the_address_has_no_number_that_she_keys(keys: str, before: list[str], call: Call) -> None:
    """What leads nowhere is not in the address, which others than Twilio may write down."""
    for pressed in before:
        call.press(pressed)

    assert parse_qs(urlsplit(call.press(keys).path).query)["place"] == ["0"]


def test_the_last_resort_is_said(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks, five voices say the numbers, and the call ends."""
    broken = line(library)
    monkeypatch.setattr(Channel, "receive", lambda *_: 1 / 0)

    answer = broken.post(**twilio_phone.request(keyed("9"), PATH))

    verbs = ElementTree.fromstring(answer.data)
    assert answer.status_code == 200
    assert [verb.tag for verb in verbs] == [*["Say"] * 5, "Hangup"]
    assert all(
        number in without_spaces(verbs[say].text or "").replace(",", "")
        for say in range(5)
        for number in LIFELINES
    )


AUDIO = "https://audio.example.org/line"


@pytest.fixture
def recorded(folder: Path) -> Path:
    """A copy of the files, in which screen 4 has been read out in Polish and Somali."""
    sources = ContentSources(folder)
    for tag in ("pl", "so"):
        names = (
            name
            for name, _ in recording_script(sources.languages[tag], ScreenTree(sources.content))
        )
        code, _, mark = next(
            name.removesuffix(".mp3").removeprefix(f"{tag}/").partition("-")
            for name in names
            if name.startswith((f"{tag}/4-", f"{tag}/8-"))
        )
        change(folder, f"locales/{tag}/recordings.yaml", put(f'"{code}": "{mark}"\n'))
    return folder


def test_a_recording_takes_the_place_of_a_voice(recorded: Path) -> None:
    """What somebody has read out is played; the rest is said."""
    library = build_library(ContentSources(recorded), "drafts", audio_url=AUDIO)
    call = Call(line(library)).press("9").press("4")

    plays = [play.text or "" for play in call.gathers[0].iter("Play")]
    assert len(plays) == 1
    assert re.fullmatch(rf"{AUDIO}/pl/4-[0-9a-f]{{12}}\.mp3", plays[0])
    assert "Praca i płaca" not in call.heard
    assert call.press("41").heard.startswith("Mała wypłata")


def test_a_recording_gives_a_language_its_voice(recorded: Path) -> None:
    """Somali has no voice with the provider: what was recorded is heard all the same."""
    library = build_library(ContentSources(recorded), "drafts", audio_url=AUDIO)
    call = Call(line(library)).press("14").press("8")

    assert [f"{AUDIO}/so/8-" in (play.text or "") for play in call.gathers[0].iter("Play")] == [
        True
    ]
    assert "Dette språket har vi ingen stemme for." in call.press("4").heard


def test_without_an_address_nothing_is_played(recorded: Path) -> None:
    """Where the operator has put no recordings anywhere, the voice says it all."""
    call = Call(line(build_library(ContentSources(recorded), "drafts"))).press("9").press("4")

    assert list(call.twiml.iter("Play")) == []
    assert call.heard.startswith("Praca i płaca")


def test_a_recording_of_another_text_is_not_played(recorded: Path) -> None:
    """One letter changed, and the voice says the new text; `check` names the recording."""
    change(
        recorded,
        "locales/pl/LC_MESSAGES/messages.po",
        lambda text: text.replace("Praca i płaca: zadzwoń", "Praca i płaca: dzwoń"),
    )
    sources = ContentSources(recorded)
    call = Call(line(build_library(sources, "drafts", audio_url=AUDIO))).press("9").press("4")

    assert list(call.twiml.iter("Play")) == []
    assert call.heard.startswith("Praca i płaca: dzwoń")
    named = [fault.place for fault in lint(sources) if "since it was recorded" in fault.summary]
    assert named == ["locales/pl/recordings.yaml:1"]


@pytest.mark.parametrize(
    ("variables", "faults"),
    [
        ({"TWILIO_VOICE_CONNECT": "yes"}, ["RIGHTS_LINE_NUMBER"]),
        ({"TWILIO_VOICE_CONNECT": "yes", "RIGHTS_LINE_NUMBER": "2500"}, ["RIGHTS_LINE_NUMBER"]),
        ({"TWILIO_VOICE_CONNECT": "true"}, ["RIGHTS_LINE_NUMBER", "TWILIO_VOICE_CONNECT"]),
        ({"TWILIO_AUTH_TOKEN": ""}, ["TWILIO_AUTH_TOKEN"]),
    ],
    ids=str,
)
def test_a_wrong_variable_is_named(variables: dict[str, str], faults: list[str]) -> None:
    """Nobody is put through from a number that is not the line's own."""
    with pytest.raises(ConfigurationError) as refused:
        Channel.from_environ(ENVIRON | variables)

    assert [fault.place for fault in refused.value.problems] == faults


def test_a_text_alone_is_said() -> None:
    """Where there is only a text, it is said once."""
    answer = Channel.from_environ(ENVIRON).deliver(Reply("Call 112.", ends_session=True))

    assert [verb.tag for verb in ElementTree.fromstring(answer.data)] == ["Say", "Hangup"]
