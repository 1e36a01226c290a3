"""The intent of a text, by the rules of docs/design.md in their order (tests/data/rules.tsv)."""

from dataclasses import replace

import pytest
from rapidfuzz.distance import OSA

from rights_line.core.library import Library
from rights_line.core.understanding import (
    AskLanguage,
    AutoReply,
    Intent,
    ListLanguages,
    NotUnderstood,
    OptOut,
    ShowScreen,
    ShowStart,
)
from rights_line.core.understanding.interpret import interpret_to_intent
from rights_line.core.understanding.words.vocabulary import (
    OPT_OUT,
    OTHER_RESERVED,
    YES,
    Entry,
    Kind,
)
from tests.support.inputs import inputs, intent
from tests.support.servers import ROOT
from tests.support.worlds import shown_language


@pytest.fixture(scope="module")
def library(library: Library) -> Library:
    """The rules alone; test_decision.py and test_inputs.py have the sentence model."""
    return library.without_model


@pytest.mark.parametrize(
    ("text", "tag", "expected"), [row for _, *row in inputs(ROOT / "tests/data/rules.tsv")]
)
def test_understand_text_with_tag_returns_intent(
    library: Library, text: str, tag: str | None, expected: str
) -> None:
    found = interpret_to_intent(text, tag, library)
    assert as_shown(found, library) == as_shown(intent(expected), library)


def as_shown(intent: Intent, library: Library) -> Intent:
    """Return a screen with the language it is shown in: a session keeps its own for English."""
    if not isinstance(intent, ShowScreen):
        return intent
    return replace(intent, language=shown_language(library, intent.language, intent.code))


@pytest.mark.parametrize("word", sorted(OPT_OUT | OTHER_RESERVED))
@pytest.mark.parametrize("tag", [None, "?", "pl"])
def test_reserved_word_in_any_state_opts_out_or_shows_start(
    library: Library, word: str, tag: str | None
) -> None:
    is_answer = word == YES and tag == "pl"
    expected = (
        OptOut() if word in OPT_OUT else ShowScreen("pl", "affirm") if is_answer else ShowStart()
    )
    assert expected == interpret_to_intent(word.upper(), tag, library)


def _are_close(languages: tuple[str, ...], library: Library) -> bool:
    return library.languages[languages[0]].close_to == [*languages[1:]]


def test_word_of_several_languages_asks_which_one(
    library: Library, entries: dict[str, Entry]
) -> None:
    """With a tag, such a word is read in the chosen language and asks nothing.

    A word of two close languages is answered in the likelier one, with the offer of the other.
    """
    shared = {
        word: entry
        for word, entry in entries.items()
        if len(entry.languages) > 1 and entry.concept.kind is Kind.TOPIC
        # not a word that only some of them spell like this
        if {*entry.languages} <= {*library.vocabulary.language_model.languages_of_word(word)}
    }
    assert len(shared) > 50
    for word, entry in shared.items():
        untagged = interpret_to_intent(word, None, library)
        if _are_close(entry.languages, library):
            assert isinstance(untagged, ShowScreen)
            assert {untagged.language, untagged.other_language} == {*entry.languages}, word
            continue
        assert isinstance(untagged, ShowStart | AskLanguage), word
        if isinstance(untagged, AskLanguage):
            assert {*untagged.languages} == {*entry.languages}
        assert not isinstance(
            interpret_to_intent(word, entry.languages[0], library), AskLanguage
        ), word
        assert not isinstance(interpret_to_intent(word, "pl", library), AskLanguage), word


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_one_typo_in_any_long_word_leads_to_same_screen_or_none(
    step: int, library: Library, entries: dict[str, Entry]
) -> None:
    names = library.vocabulary.language_words
    emergency = library.vocabulary.long_emergency
    for word, entry in [*library.vocabulary.long_words.values.items()][::step]:
        place = len(word) // 2
        longer = (word[:place] + letter + word[place:] for letter in "aeksz")
        for typo in (word[:place] + word[place + 1 :], *longer):
            intent = interpret_to_intent(typo, None, library)
            is_other = library.titles.find(typo, None) or emergency.one_away(typo)
            is_known = typo in entries or typo in names
            if not is_known and not is_other and isinstance(intent, ShowScreen):
                assert intent.language == entry.languages[0], typo
                assert intent.code in (entry.concept.code, "0"), typo


def test_long_word_is_two_typos_away_from_any_reserved_word(library: Library) -> None:
    for word in library.vocabulary.long_words.values:
        assert word.isalpha()
        assert all(OSA.distance(word, other) > 1 for other in OPT_OUT | OTHER_RESERVED), word
        assert library.vocabulary.long_words.values[word].concept.code not in {"7", "8", "00"}, word


def test_unknown_word_in_arabic_script_offers_arabic_first(library: Library) -> None:
    """Arabic is supported, so it comes before the other languages of its script."""
    intent = interpret_to_intent("ابتثجح", None, library)
    assert isinstance(intent, AskLanguage)
    assert intent.languages[0] == "ar"
    assert NotUnderstood() == interpret_to_intent("ابتثجح", "ar", library)


@pytest.mark.parametrize(
    "text",
    [
        "I cant talk right now, he hits me",
        "I can't talk right now",
        "kan ikke snakke nå, han er her",
        "I am driving away, he will kill me",
        "Jeg kjører bort fra han, hjelp",
        "Jeg kjører med en mann som slår meg",
        "message not sent please help",
        "the message to police was not sent he has a knife",
        "sms til politiet ble ikke levert hjelp",
        "he locked me out of office",
        "i am out of the office where i worked, they let me go without money",
        "out of office until he pays me i cannot go home",
        "automatic reply is all I get from the police",
        "delivery report for my boss, he took my passport",
        "undelivered parcels, they do not pay me",
        "liked 'him' but he hits me",
        'questioned "by police" and they beat me',
        '👊 to "me" every day he hits',
        "Loved a man, he beats me",
        "liked a boy",
        "- he 'I kill you'",
        "… says “I kill you”",
        # quotations
        *("“doctor”", "I liked it", "he said 'work'", 'my boss "took my passport"'),
        "message police",
    ],
)
def test_personal_text_like_automatic_one_is_not_auto_reply(library: Library, text: str) -> None:
    """An auto-reply gets silence, which could hurt a person."""
    for tag in (None, "pl"):
        assert AutoReply() != interpret_to_intent(text, tag, library)


def test_quoted_menu_shows_start_unless_a_code_is_added(library: Library) -> None:
    menu = library.editions["en"].screens["0"]
    quoted = f"{menu.body}\n{menu.links}"
    assert ShowStart() == interpret_to_intent(quoted, "en", library)
    assert ShowScreen("en", "4") == interpret_to_intent(f"{quoted}\n4", "en", library)
    assert ShowScreen("en", "4") == interpret_to_intent(f"> {menu.body}\n4", "en", library)


def test_quoted_start_screen_shows_start_and_reaction_to_it_is_auto_reply(library: Library) -> None:
    """A reaction may be in any language that a phone has."""
    ours = [library.start, library.start_stateless, library.fallback]
    for text in (*ours, *(library.editions[tag].helplines for tag in ("en", "pl"))):
        for reaction in ("Le gustó “%s”", "Polubiono „%s”", "A aimé « %s »", "Понравилось «%s»"):
            assert AutoReply() == interpret_to_intent(reaction % text[:120], "pl", library)
    for text in (library.start, library.start_stateless, library.listing):
        assert ShowStart() == interpret_to_intent(text, None, library)
        assert ShowScreen("en", "4") == interpret_to_intent(f"{text}\n4", "en", library)
    for text in ("ok", "OK.", "pause"):
        assert AutoReply() != interpret_to_intent(f'he said "{text}"', None, library)


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_chinese_or_thai_word_within_other_letters_is_found(
    step: int, library: Library, entries: dict[str, Entry]
) -> None:
    """Their scripts have no spaces between words. `make test` takes each fifth."""
    for tag in ("th", "zh-Hans"):
        for word, entry in [*entries.items()][::step]:
            is_topic = entry.concept.kind is Kind.TOPIC and entry.languages == (tag,)
            if is_topic and len(word) > 2 and not word.isascii() and " " not in word:
                intent = interpret_to_intent(
                    f"我们{word}" if tag == "zh-Hans" else f"กก{word}", None, library
                )
                asked = entry.concept.code == "99" and intent == ListLanguages()
                assert asked or (isinstance(intent, ShowScreen) and intent.language == tag), word
