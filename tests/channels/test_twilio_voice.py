"""Tests of the voice channel of Twilio: speech, keys, recordings and privacy."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from rights_line.channels.twilio_voice import Channel
from rights_line.content import ContentSources
from rights_line.content.assembly.library_builder import build_library
from rights_line.content.assembly.speech import recordable_texts
from rights_line.core import CLOSE, DANGER, LANGUAGES, MENU, CallState, Inbound, Medium
from rights_line.core.library import Library
from rights_line.core.voice import respond_voice
from rights_line.errors import ConfigurationError
from tests.support import twilio_phone
from tests.support.clock import TUESDAY
from tests.support.folders import CATALOG, ROWS, change, put, swap
from tests.support.phones import request_of
from tests.support.sms_line import line_of
from tests.support.twilio_phone import PUBLIC_URL, SENDER, keyed
from tests.support.wording import missing_helplines

PATH = "/inbound/twilio_voice"
HEARD_FIRST = (
    "Niebezpieczeństwo: dzwoń pod 1 1 2. Darmowa rozmowa całą dobę: 2 2, 3 3, 1 1, 6 0. "
    "Poniżej 18 lat: 1 1 6, 1 1 1."
)
ENVIRON = twilio_phone.ENVIRON | {"CHANNELS": "twilio_voice"}
ENVIRON_WITH_DIALLING = ENVIRON | {
    "TWILIO_VOICE_CONNECT": "yes",
    "RIGHTS_LINE_NUMBER": "+4759440000",
}


class Call:
    """A caller's phone: presses keys and follows the addresses in the TwiML."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.path = PATH
        self.press("")

    def press(self, keys: str) -> "Call":
        answer = self._client.post(**twilio_phone.request(keyed(keys), self.path))
        assert (answer.status_code, answer.content_type) == (200, "text/xml; charset=utf-8")
        self.twiml = ElementTree.fromstring(answer.data)
        self.path = next(iter(self.gathers)).get("action", "").removeprefix(PUBLIC_URL) or PATH
        return self

    @property
    def gathers(self) -> list[ElementTree.Element]:
        return self.twiml.findall("Gather") or [ElementTree.Element("none")]

    @property
    def says(self) -> list[ElementTree.Element]:
        """The texts spoken before the caller has to press a key."""
        return list(self.gathers[0].iter("Say")) or list(self.twiml.iter("Say"))

    @property
    def heard(self) -> str:
        return "\n".join(say.text or "" for say in self.says)


def line(library: Library, environ: dict[str, str] = ENVIRON) -> FlaskClient:
    """Return a client of a line with this channel and a fixed clock."""
    return line_of(library, Channel.from_environ(environ))


@pytest.fixture
def call(library: Library) -> Call:
    """Return a call to the real line, which has just been answered."""
    return Call(line(library))


def test_opening_says_the_numbers_twice_then_the_languages_of_one_key(call: Call) -> None:
    """Digits alone, then each language in its own voice, then what each number is for."""
    first, second, *languages = call.says

    for say in (first, second):
        assert say.text == "1 1 2. 2 2, 3 3, 1 1, 6 0."
    assert [say.get("voice") for say in (first, second)] == ["Polly.Liv", "Polly.Amy"]
    assert ("9: Polski.", "Polly.Ewa") in [(say.text, say.get("voice")) for say in languages]
    numbers = re.findall(r"^(\d[\d ]*): ", call.heard, re.MULTILINE)
    assert numbers == [*"123456789"]
    assert languages[-3].text == "Other languages: the number on the card, or 9 9."
    for say in languages[-2:]:
        assert missing_helplines(digits(say.text or "")) == []


def digits(text: str) -> str:
    return text.replace(",", "")


@pytest.mark.parametrize(
    ("keys", "heard"),
    [
        (["9"], "Niebezpieczeństwo: dzwoń pod 1 1 2."),
        (["9", "4"], "Praca i płaca: zadzwoń do ROSA, 2 2, 3 3, 1 1, 6 0"),
        (["9", "4", "41"], "Mała wypłata lub żadna"),
        (["9", "4", "*"], "Praca i płaca:"),
        (["9", "4", "0"], "Niebezpieczeństwo: dzwoń pod 1 1 2."),
        (["9", "99", "2", "4"], "Work and pay: call ROSA, 2 2, 3 3"),
        (["*"], "1 1 2. 2 2, 3 3, 1 1, 6 0."),
        (["9", "7777"], HEARD_FIRST),
        (["9", "112"], "Niebezpieczeństwo teraz: zadzwoń pod 1 1 2."),
        (["112"], "In danger now: call 1 1 2."),
        (["9", "#"], "Niebezpieczeństwo: dzwoń pod 1 1 2."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_pressed_keys_lead_to_the_screen(
    keys: list[str], heard: str, small_library: Library
) -> None:
    """The codes are those of the SMS and the card; the URL carries language and place."""
    call = Call(line(small_library))
    for pressed in keys:
        call.press(pressed)
    assert call.heard.startswith(heard)


def test_pressing_00_ends_the_call(call: Call) -> None:
    """The caller hears only "OK."."""
    twiml = call.press("9").press("00").twiml

    assert [verb.tag for verb in twiml] == ["Say", "Hangup"]
    assert twiml[0].text == "OK."


@pytest.mark.parametrize("keys", [[], ["9"], ["9", "1"], ["9", "4"]], ids=str)
def test_silence_repeats_the_screen_then_says_the_helplines(keys: list[str], call: Call) -> None:
    """In the language of the call, at first in Norwegian and English; and then it ends."""
    for pressed in keys:
        call.press(pressed)
    first, second, *helplines, goodbye, hangup = call.twiml

    assert ElementTree.tostring(first) == ElementTree.tostring(second)
    assert (first.tag, hangup.tag) == ("Gather", "Hangup")
    voices = ["Polly.Ewa"] if keys else ["Polly.Liv", "Polly.Amy"]
    assert [(say.tag, say.get("voice")) for say in helplines] == [("Say", name) for name in voices]
    assert [missing_helplines(digits(say.text or "")) for say in helplines] == [[] for _ in voices]
    assert (goodbye.text, goodbye.get("voice")) == ("OK.", voices[-1])


@pytest.mark.parametrize("number", ["2", "4", "9"], ids=["English", "Arabic", "Polish"])
def test_topics_are_named_danger_first_and_each_key_leads_to_its_own(
    number: str, call: Call, library: Library
) -> None:
    """In the order of the list by SMS. `*` says the screen again, and 0 the list."""
    edition = library.editions[library.numbers[number]]
    topics = call.press(number).heard
    named = re.findall(r"^(\d[\d ]*): ", topics, re.MULTILINE)
    keys = [
        key for key in (name.replace(" ", "") for name in named) if key not in (LANGUAGES, CLOSE)
    ]

    assert keys[0] == DANGER
    assert keys == [key for key in re.findall(r"\d+", edition.screens[MENU].links) if key in keys]
    for key in keys:
        heard = call.press(key).heard
        assert place_of(call) == [key]
        assert heard.startswith(edition.speech.screens[key].body)
        assert call.press("*").heard == heard
        assert call.press("0").heard == topics


def test_gather_waits_for_the_first_and_the_second_key(call: Call) -> None:
    """Five seconds or more for the first key; then # or two seconds end the input."""
    gather = call.gathers[0]

    assert {name: gather.get(name) for name in ("input", "timeout", "finishOnKey", "method")} == {
        **{"input": "dtmf", "timeout": "2", "finishOnKey": "#", "method": "POST"}
    }
    assert gather[-1].tag == "Pause"
    assert int(gather[-1].get("length", 0)) >= 5


def spoken_screens(library: Library) -> Iterator[tuple[str, str, str]]:
    """Yield tag, code and text of every spoken screen."""
    for tag, edition in library.editions.items():
        for code in edition.speech.screens:
            pressed = Inbound("", code, medium=Medium.VOICE, call=CallState(tag))
            reply = respond_voice(pressed, library, TUESDAY)
            yield tag, code, "\n".join(part.text for part in (*reply.spoken, *reply.closing))


def test_spoken_number_is_read_digit_by_digit(library: Library) -> None:
    """A voice must not read 112 as "one hundred and twelve", in any language."""
    spoken = list(spoken_screens(library))
    numbers = sorted(library.contact_codes, key=len, reverse=True)

    assert len(spoken) > 1000
    for tag, code, text in spoken:
        for run in re.findall(r"\d[\d ]*\d", text.replace(",", "")):
            groups = run.split()
            assert "".join(groups) not in numbers or all(map(_is_digit, groups)), (tag, code, run)
    assert any("2 2, 3 3, 1 1, 6 0" in text for _, _, text in spoken)


def _is_digit(group: str) -> bool:
    return len(group) == 1


def untranslate_work(folder: Path) -> None:
    """Delete the Polish text of screen 4."""
    change(folder, CATALOG, swap(r'(msgid "Work and pay: .*\nmsgstr )".*"', r'\1""'))


def test_screen_in_english_only_begins_with_the_helplines_in_the_language(
    small_folder: Path,
) -> None:
    """The voice of the language says the helplines, the English voice the screen."""
    untranslate_work(small_folder)
    library = build_library(ContentSources(small_folder), "drafts")
    says = Call(line(library)).press("9").press("4").says

    voices = ["Polly.Ewa", "Polly.Amy", "Polly.Ewa", "Polly.Amy"]
    assert [say.get("voice") for say in says[:4]] == voices
    assert all("2 2, 3 3, 1 1, 6 0" in (say.text or "") for say in says[:2])
    assert "4 1: " in (says[3].text or "")


@pytest.mark.parametrize("number", ["5", "14", "18", "19", "30", "32", "33", "34"])
def test_language_that_cannot_be_heard_gets_the_numbers_and_its_name_three_times(
    number: str, call: Call, library: Library
) -> None:
    """By the Norwegian voice, because that is the word to say to the helpline."""
    row = library.languages[library.numbers[number]]
    says = call.press(number).says

    assert row.voice == ""
    assert [say.text for say in says] == [f"1 1 2. 2 2, 3 3, 1 1, 6 0. Si: {row.norwegian}."] * 3
    assert {say.get("voice") for say in says} == {"Polly.Liv"}
    assert missing_helplines(digits(call.says[-1].text or "")) in ([], ["116111"])


def test_language_that_cannot_be_heard_is_put_through_with_9(small_folder: Path) -> None:
    """On every screen; also while the language is not approved."""
    change(small_folder, ROWS, swap("^  voice: Polly.Zeina\n", ""))
    for serve in ("drafts", "approved"):
        library = build_library(ContentSources(small_folder), serve)
        called = Call(line(library, ENVIRON_WITH_DIALLING)).press("4")
        assert called.heard.endswith("Si: arabisk.\nPress 9 for ROSA.")
        assert called.press("9").twiml[0].text == "+4722331160"
    silent = Call(line(library)).press("4")
    assert "ROSA." not in silent.heard
    assert silent.press("9").twiml.find("Dial") is None


def test_pidgin_is_heard_in_english(call: Call) -> None:
    """From its key and from its own number, with the codes of English."""
    english = call.press("16").heard

    assert english.startswith("In danger: call 1 1 2.")
    assert parse_qs(urlsplit(call.path).query)["tag"] == ["en"]
    call.path = f"{PATH}?tag=pcm"
    assert call.press("").heard == english


def test_number_of_a_language_without_a_code_chooses_it_on_every_screen(call: Call) -> None:
    """Who presses 1 and, too late, 4, hears Norwegian, and presses 14 again."""
    menu = call.press("1").heard
    assert call.press("77").heard == menu  # "say more" would be wrong
    assert "Si: somali." in call.press("14").heard


def test_key_without_a_meaning_keeps_the_numbers(small_library: Library) -> None:
    """After a change of language the menu asks for no number to be sent again."""
    call = Call(line(small_library))
    assert "1 1 2" in call.press("9").press("55555").heard
    assert "last number" not in call.press("9").press("99").press("2").heard


def test_closed_helpline_is_announced_with_its_next_opening(small_library: Library) -> None:
    """The announcement is between the text and the choices."""
    night = TUESDAY.replace(hour=3)
    pressed = Inbound("", "23351600", medium=Medium.VOICE, call=CallState("en"))

    heard = [part.text for part in respond_voice(pressed, small_library, night).spoken]

    assert heard[1] == "UDI is closed now. Opens: Tuesday 10:00."
    assert heard[2] == "Press a number. Star: hear it again."


def test_pressing_9_dials_only_after_asking_to_talk(small_library: Library) -> None:
    """On other screens 9 is a topic, even where the operator allows dialling."""
    call = Call(line(small_library, ENVIRON_WITH_DIALLING)).press("2")
    offered = call.press("2").heard.endswith("To call ROSA now, press 9.")
    dial = call.press("9").twiml

    assert offered
    assert [verb.tag for verb in dial] == ["Dial", "Say", "Say", "Hangup"]
    assert (dial[0].text, dial[0].get("callerId")) == ("+4722331160", "+4759440000")
    assert SENDER not in ElementTree.tostring(dial).decode()
    elsewhere = Call(line(small_library, ENVIRON_WITH_DIALLING)).press("2").press("4").press("9")
    assert elsewhere.twiml.find("Dial") is None
    assert place_of(elsewhere) == ["9"]


def place_of(call: Call) -> list[str]:
    """Return the code of the screen in the URL of a call."""
    return parse_qs(urlsplit(call.path).query)["place"]


def test_request_with_a_changed_place_is_refused(call: Call, library: Library) -> None:
    """The signature covers language and place in the URL."""
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
        {"From": "sip:caller@example.org"},
        {"Digits": "4" * 21},
        {"Digits": "4a"},
        {"Digits": "²"},
    ],
    ids=str,
)
def test_call_with_unusual_fields_gets_the_opening(more: dict[str, str], library: Library) -> None:
    """Input that no phone keypad can send counts as silence."""
    answer = line(library).post(**twilio_phone.request(keyed("") | more, PATH))

    assert answer.status_code == 200
    assert "1 1 2. 2 2, 3 3, 1 1, 6 0." in answer.text


def test_receive_reads_only_keys_and_own_query() -> None:
    request = request_of(f"{PATH}?tag=pl&place=4", data=keyed("9"))
    read = Channel.from_environ(ENVIRON).receive(request)

    assert read == Inbound("", "9", medium=Medium.VOICE, call=CallState("pl", "4"))


def test_unknown_tag_and_place_are_ignored(library: Library) -> None:
    """The call continues as if nothing had been chosen."""
    path = f"{PATH}?tag=xx&place=%F0%9F%8C%BB&tag=pl&more=1"
    answer = line(library).post(**twilio_phone.request(keyed("4"), path))

    assert answer.status_code == 200
    assert "Polly.Zeina" in answer.text


def test_action_url_holds_language_and_code_only(call: Call) -> None:
    """Twilio logs URLs."""
    query = parse_qs(urlsplit(call.press("9").press("4").path).query)

    assert query == {"tag": ["pl"], "place": ["4"]}


@pytest.mark.parametrize("before", [[], ["9"], ["9", "4"]], ids=["first", "after 9", "after 9 4"])
@pytest.mark.parametrize("keys", ["97531864", "4797531864", "7777"])
def test_action_url_does_not_hold_an_unknown_number(
    keys: str, before: list[str], call: Call
) -> None:
    """It may be a phone number, and others than Twilio may log the URL."""
    for pressed in before:
        call.press(pressed)

    assert place_of(call.press(keys)) == ["0"]


AUDIO = "https://audio.example.org/line"


@pytest.fixture
def recorded(small_folder: Path) -> Path:
    """Return files with recordings: screen 4 in Polish and in Arabic, which has no voice here."""
    change(small_folder, ROWS, swap("^  voice: Polly.Zeina\n", ""))
    for tag in ("pl", "ar"):
        record(small_folder, tag, "4")
    return small_folder


def record(folder: Path, tag: str, name: str) -> None:
    """Bind a recording to the text of today."""
    sources = ContentSources(folder)
    texts = recordable_texts(sources.languages[tag], sources.tree)
    (mark,) = (text.fingerprint for text in texts if text.name == name)
    change(folder, f"locales/{tag}/recordings.yaml", put(f'"{name}": "{mark}"\n'))


def test_recorded_screen_is_played_and_others_are_spoken(recorded: Path) -> None:
    library = build_library(ContentSources(recorded), "drafts", audio_url=AUDIO)
    call = Call(line(library)).press("9").press("4")

    plays = [play.text or "" for play in call.gathers[0].iter("Play")]
    assert len(plays) == 1
    assert re.fullmatch(rf"{AUDIO}/pl/4-[0-9a-f]{{12}}\.wav", plays[0])
    assert "Praca i płaca" not in call.heard
    assert call.press("41").heard.startswith("Mała wypłata")

    call = Call(line(library)).press("4").press("4")  # a language without a voice
    assert [f"{AUDIO}/ar/4-" in (play.text or "") for play in call.gathers[0].iter("Play")] == [
        True
    ]
    assert call.press("8").heard.startswith("1 1 2. 2 2, 3 3, 1 1, 6 0. Si: arabisk.")


def test_recorded_menu_is_played_while_a_screen_that_it_names_waits(small_folder: Path) -> None:
    """The recording does not say that 4 is in English; nor does the simulator."""
    untranslate_work(small_folder)
    record(small_folder, "pl", "0")
    library = build_library(ContentSources(small_folder), "drafts", audio_url=AUDIO)
    call = Call(line(library)).press("9")
    menu = respond_voice(Inbound("", "", call=CallState("pl", MENU)), library, TUESDAY).spoken[0]

    assert (call.gathers[0].findtext("Play") or "").startswith(f"{AUDIO}/pl/0-")
    assert "(English)" not in menu.text
    assert call.press("4").heard.startswith(HEARD_FIRST)


@pytest.mark.parametrize(
    ("variables", "places"),
    [
        ({"TWILIO_VOICE_CONNECT": "yes"}, ["RIGHTS_LINE_NUMBER"]),
        ({"TWILIO_VOICE_CONNECT": "yes", "RIGHTS_LINE_NUMBER": "2500"}, ["RIGHTS_LINE_NUMBER"]),
        ({"TWILIO_VOICE_CONNECT": "true"}, ["RIGHTS_LINE_NUMBER", "TWILIO_VOICE_CONNECT"]),
        ({"TWILIO_AUTH_TOKEN": ""}, ["TWILIO_AUTH_TOKEN"]),
    ],
    ids=str,
)
def test_from_environ_invalid_variable_is_named(
    variables: dict[str, str], places: list[str]
) -> None:
    """Dialling needs the line's own number."""
    with pytest.raises(ConfigurationError) as raised:
        Channel.from_environ(ENVIRON | variables)

    assert [problem.place for problem in raised.value.problems] == places
