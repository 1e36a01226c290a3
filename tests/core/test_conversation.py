"""Replies of a conversation, and the tag that is remembered after each."""

from pathlib import Path

import pytest

from rights_line.content import ContentSources
from rights_line.content.assembly.library_builder import build_library
from rights_line.core import CallState, Inbound, Medium, Reply, tags
from rights_line.core.conversation import conversation_reply, resolve
from rights_line.core.conversation.replies import ReplyForm, reply_to_intent
from rights_line.core.library import Library
from rights_line.core.screen import Head
from rights_line.core.sms import count_sms, sms_segments
from rights_line.core.understanding import ShowScreen
from rights_line.core.understanding.interpret import interpret_to_intent
from rights_line.core.voice import respond_voice
from rights_line.library import ROOT
from tests.support.clock import TUESDAY
from tests.support.wording import missing_helplines

FOLDER = Path(__file__).parent.parent / "conversations"
TRANSCRIPTS = [ROOT / "README.md", *sorted(FOLDER.glob("*.txt"))]


def send(
    library: Library, text: str, tag: str | None = None, has_memory: bool = True
) -> tuple[Reply, str | None]:
    """Return the reply to one text at noon on a Tuesday, and the tag after it."""
    return conversation_reply(Inbound("sender", text), tag, library, TUESDAY, has_memory)


def test_every_text_before_approval_gets_the_numbers_alone(small_sources: ContentSources) -> None:
    """The line has nothing to answer yet, so it does not ask what happened."""
    library = build_library(small_sources, "approved")
    first, tag = send(library, "hello")

    again, _ = send(library, "hello", tag)

    assert again == first


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_conversation_follows_its_transcript(
    library: Library, path: Path, request: pytest.FixtureRequest
) -> None:
    """Replies are those in the file; --update-conversations writes them anew."""
    whole = path.read_text("utf-8")
    block = whole if path.parent == FOLDER else whole.partition("```text\n")[2].partition("```")[0]
    sent = [line[2:] for line in block.splitlines() if line.startswith("> ")]
    turns, tag = [], None
    for text in sent:
        reply, tag = send(library, text, tag)
        turns.append(f"> {text}\n{_quoted(reply.text)}\n")
    transcript = "\n".join(turns)
    if request.config.getoption("--update-conversations"):
        path.write_text(whole.replace(block, transcript), "utf-8")
        return

    assert sent
    assert block == transcript


def _quoted(reply: str) -> str:
    return "\n".join(f"< {line}".rstrip() for line in reply.split("\n"))


def test_start_screen_has_helplines_in_first_of_two_segments(library: Library) -> None:
    parts = sms_segments(library.start)

    assert len(parts) <= 2
    assert missing_helplines(parts[0]) == []


@pytest.mark.parametrize("has_memory", [True, False])
def test_menu_of_each_language_has_helplines(library: Library, has_memory: bool) -> None:
    for tag, edition in library.editions.items():
        answer = send(library, edition.language.word, has_memory=has_memory)[0].text
        assert missing_helplines(answer) == [], tag


def test_text_after_00_gets_reply_of_new_sender(library: Library) -> None:
    tag = send(library, "POLSKI")[1]
    assert send(library, "00", tag)[1] is None
    assert send(library, "4", send(library, "00", tag)[1]) == send(library, "4", None)


def test_text_delivered_twice_gets_same_reply(library: Library) -> None:
    """A provider may deliver a message twice, if need be without an id."""
    tag = "pl"
    for text in ("4", "41", "0", "POLSKI 4", "112"):
        first, after = send(library, text, tag)
        assert (first, after) == send(library, text, after)


def test_menu_without_memory_shows_language_word_with_each_code(library: Library) -> None:
    """Such a code is understood although the language is not remembered.

    On a screen in another language, a link to one in English has the word of English.
    """
    for tag, edition in library.editions.items():
        word, is_own = edition.language.word, edition.screens["4"].language == tag
        menu = send(library, word, has_memory=False)[0].text
        assert f"{word if is_own else 'ENGLISH'} 4 " in menu
        topic = send(library, f"{word} 4", has_memory=False)[0].text
        leads_to_english = is_own and edition.screens["41"].language != tag
        assert f"{'ENGLISH' if leads_to_english else word} 41 " in topic
        assert f"{word} 0 " in topic


def test_start_without_memory_shows_words_instead_of_numbers(library: Library) -> None:
    """The number of a language would not be understood in the next text."""
    start = send(library, "hello", has_memory=False)[0].text
    listing = "\n".join(send(library, code, has_memory=False)[0].text for code in ("99", "990"))
    assert start.endswith("\n99 +")
    listed = [edition.language.word for edition in library.editions.values()]
    assert [word for word in listed if word not in listing] == []
    assert start.split("\n")[5:-1] == [word for word in listed if word in start]
    assert len(start.split("\n")) > 18
    assert "9 Polski" not in start + listing


def test_each_list_of_languages_is_short_and_with_its_rest_complete(library: Library) -> None:
    """Whatever the session: two segments at most."""
    choices = {edition.language.choice for edition in library.editions.values()}
    for tag in (None, "?", *library.editions):
        listing, state = send(library, "99", tag)
        assert send(library, "99", state) == (listing, state)  # delivered twice
        rest, _ = send(library, "990", state)
        assert max(count_sms(text).segments for text in (listing.text, rest.text)) <= 2
        *shown, more = listing.text.split("\n")[1:]
        assert {*shown, *rest.text.split("\n")[1:]} == choices
        assert more == "990 +"


@pytest.mark.parametrize(("tag", "first"), [("ti", "ti am"), ("am", "ti am"), ("hi", "hi")])
def test_list_of_languages_begins_with_the_script_of_the_session(
    library: Library, tag: str, first: str
) -> None:
    choices = {library.languages[one].choice for one in first.split()}
    assert {*send(library, "99", tag)[0].text.split("\n")[1 : len(choices) + 1]} == choices


@pytest.mark.parametrize("name", ["AMHARSK", "AMHARIC", "amharisk", "አማርኛ", "34"])
def test_name_of_a_short_edition_leads_to_its_menu(library: Library, name: str) -> None:
    """Also with a typing error; it tells what to say on the phone."""
    reply, tag = send(library, name, "?")
    assert tag == "am"
    assert reply.text.startswith(library.editions["am"].helplines)
    assert "amharisk" in reply.text.split("\n")[1]


@pytest.mark.parametrize(
    "text", ["spinach", "polite", "engine", "romantic", "persons", "turkey", "saheli"]
)
def test_other_word_is_no_misspelt_language(library: Library, text: str) -> None:
    assert tags.is_awaiting(send(library, text)[1])


def test_call_after_the_list_of_languages_has_none(library: Library) -> None:
    """The tag goes into a URL, which holds a language or nothing."""
    asked = Inbound("sender", "99", medium=Medium.VOICE, call=CallState("ar", "0"))
    assert respond_voice(asked, library, TUESDAY).call == CallState(None, "99")


def test_list_of_few_languages_is_whole(small_library: Library) -> None:
    listing = send(small_library, "99", "pl")[0].text
    assert listing == send(small_library, "990", "?")[0].text == small_library.listing


def test_text_112_gets_advice_to_call_and_keeps_tag(small_library: Library) -> None:
    reply, tag = send(small_library, "112")
    assert "Call, do not text" in reply.text
    assert tag is None
    assert send(small_library, "112", "pl")[1] == "pl"


def test_opt_out_gets_empty_reply_and_forgets_tag(library: Library) -> None:
    """The provider reports an opt-out, or the text is one of its words."""
    message = Inbound("sender", "no more", opted_out=True)
    assert conversation_reply(message, "pl", library, TUESDAY, True) == (Reply(""), None)
    assert send(library, "STOP", "pl") == (Reply(""), None)


def test_list_carries_its_lines_for_buttons_and_a_mark_for_the_next_text(
    small_library: Library,
) -> None:
    """Without a session a line does not choose the language, so there are no buttons."""
    asked = ShowScreen("pl", "0", offered=("1", "4"), is_list=True)
    shown, tag = resolve(asked, None, small_library)
    found = [
        reply_to_intent(intent, small_library, ReplyForm(Medium.CHAT, TUESDAY, memory, Head.NONE))
        for intent, memory in ((shown, True), (shown, False), (ShowScreen("pl", "4"), True))
    ]

    assert tag == "pl+"
    assert found[0].choices == tuple(found[0].text.split("\n")[-3:])
    assert [line.partition(" ")[0] for line in found[0].choices] == ["1", "4", "0"]
    assert found[1].choices == found[2].choices == ()
    assert resolve(ShowScreen("pl", "4"), tag, small_library)[1] == "pl"


def test_line_of_a_list_is_read_as_its_code_in_every_language(library: Library) -> None:
    for tag, edition in library.editions.items():
        for code in {*edition.links} - library.contact_codes:
            line = edition.links[code]
            assert interpret_to_intent(line, tag, library) == ShowScreen(tag, code), line
