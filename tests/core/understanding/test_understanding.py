"""The intent of a text, by the rules of docs/design.md in their order."""

from dataclasses import replace

import pytest
from rapidfuzz.distance import OSA

from rights_line.core.library import Library
from rights_line.core.understanding import (
    AskLanguage,
    AutoReply,
    EndSession,
    Helpline,
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
from tests.support.worlds import shown_language


@pytest.fixture(scope="module")
def library(library: Library) -> Library:
    """The rules alone; test_decision.py and test_inputs.py have the sentence model."""
    return library.without_model


@pytest.mark.parametrize(
    ("text", "tag", "intent"),
    [
        # words reserved by providers
        ("STOP", "pl", OptOut()),
        (" Stopp. ", None, OptOut()),
        ("please stop it", None, ShowScreen("en", "0")),
        ("HELP", None, ShowStart()),
        ("info", "nb", ShowStart()),
        # codes
        ("0", "pl", ShowScreen("pl", "0")),
        ("0", None, ShowStart()),
        ("00", "pl", EndSession()),
        ("00", None, EndSession()),
        ("99", "pl", ListLanguages()),
        ("4", "pl", ShowScreen("pl", "4")),
        ("4.", "pl", ShowScreen("pl", "4")),
        ("nr 4", "pl", ShowScreen("pl", "4")),
        ("٤", "ar", ShowScreen("ar", "4")),
        ("41", "en", ShowScreen("en", "41")),
        ("4", None, ShowStart("4")),
        ("4", "xx", ShowStart("4")),
        ("41", "?", ShowStart("41")),
        ("77", "pl", NotUnderstood()),
        ("911", "en", ShowScreen("en", "1")),
        # an age that is no code
        ("15", "pl", ShowScreen("pl", "8")),
        ("17", None, ShowStart()),
        ("18", "pl", NotUnderstood()),
        # the list of languages was just shown
        ("9", "?", ShowScreen("pl", "0")),
        ("4", "?", ShowScreen("ar", "0")),
        ("3", "?", ShowScreen("ro", "0")),
        ("98", "?", ShowStart()),
        # a line of the list, as it stands there
        ("9 Polski", "?", ShowScreen("pl", "0")),
        ("4 Arabi", "?", ShowScreen("ar", "0")),
        ("4 Polski", "?", ShowScreen("pl", "4")),
        ("POLSKI 9", "?", ShowScreen("pl", "9")),
        ("9 Polski", None, ShowScreen("pl", "9")),
        # a language's word or name, alone or with a code
        ("POLSKI", None, ShowScreen("pl", "0")),
        ("polski", "nb", ShowScreen("pl", "0")),
        ("polsk", None, ShowScreen("pl", "0")),
        ("Polish", "?", ShowScreen("pl", "0")),
        ("po polsku", None, ShowScreen("pl", "0")),
        ("العربية", None, ShowScreen("ar", "0")),
        ("3arabi", None, ShowScreen("ar", "0")),
        ("POLSKI 4", None, ShowScreen("pl", "4")),
        ("polski4", "nb", ShowScreen("pl", "4")),
        ("POLSKI 41", None, ShowScreen("pl", "41")),
        ("4 polski", None, ShowScreen("pl", "4")),
        ("4POLSKI", None, ShowScreen("pl", "4")),
        ("4中文", None, ShowScreen("zh-Hans", "4")),
        ("4 1 polski", None, ShowScreen("pl", "41")),
        ("POLSKI nr 4", None, ShowScreen("pl", "4")),
        ("italiano4", None, ShowScreen("it", "4")),
        ("press 4", "pl", ShowScreen("pl", "4")),
        ("press 4", None, ShowStart("4")),
        ("код 4", "ru", ShowScreen("ru", "4")),
        ("ARABI ٤", None, ShowScreen("ar", "4")),
        ("POLSKI 0", None, ShowScreen("pl", "0")),
        ("POLSKI 00", "pl", EndSession()),
        ("POLSKI 99", None, ListLanguages()),
        ("POLSKI 77", None, ShowScreen("pl", "0")),
        # several codes: 1 wins, else the first
        ("1 and 7", "en", ShowScreen("en", "1")),
        ("7 and 1", "en", ShowScreen("en", "1")),
        ("4 og 5", "nb", ShowScreen("nb", "4")),
        ("4 og 5", None, ShowScreen("nb", "4")),
        ("6, 3", "pl", ShowScreen("pl", "6")),
        ("6 3", "pl", ShowScreen("pl", "6")),
        ("4, 1", "pl", ShowScreen("pl", "1")),
        ("4 1", "pl", ShowScreen("pl", "41")),
        ("6, 3", None, ShowStart("6")),
        ("seven", "en", ShowScreen("en", "7")),
        ("siedem", None, ShowScreen("pl", "7")),
        ("one two", "en", ShowScreen("en", "1")),
        ("7 and 112", "en", Helpline("112")),
        ("112 and 7", "en", Helpline("112")),
        ("6 and also my tooth hurts", "en", ShowScreen("en", "6")),
        ("6 and he hits me", "en", ShowScreen("en", "1")),
        ("00, 4", "pl", EndSession()),
        # beside words of courtesy
        ("ok 41", "pl", ShowScreen("pl", "41")),
        ("4 dziękuję", "pl", ShowScreen("pl", "4")),
        ("proszę 4", "pl", ShowScreen("pl", "4")),
        ("dziękuję 77", "pl", ShowScreen("pl", "thanks")),
        # a word that is a number in one language and something else in another
        ("fire", "en", NotUnderstood()),
        # a number that is not a code
        ("2 months without pay", "en", ShowScreen("en", "4")),
        ("one of us is ill", "en", ShowScreen("en", "6")),
        # numbers of helplines
        ("112", "pl", Helpline("112")),
        ("112", None, Helpline("112")),
        ("112", "?", Helpline("112")),
        ("22331160", None, Helpline("22331160")),
        ("22 33 11 60", "nb", Helpline("22331160")),
        ("+47 22 33 11 60", "nb", Helpline("22331160")),
        ("004722331160", "nb", Helpline("22331160")),
        ("116 111", "nb", Helpline("116111")),
        # a number in an unknown text
        ("call 112", "pl", Helpline("112")),
        ("一一二", "pl", Helpline("112")),
        ("112 112 112", "pl", Helpline("112")),
        ("I called 112 no answer", None, Helpline("112")),
        ("tel +47 22 33 11 60", None, Helpline("22331160")),
        ("police 112", "pl", Helpline("112")),
        ("kl 11.2", "pl", NotUnderstood()),
        ("qwerty 1122 41", "pl", NotUnderstood()),
        # repeated letters
        ("dangerrrr", None, ShowScreen("en", "1")),
        ("he will killlll meeee", None, ShowScreen("en", "1")),
        ("ratunkuuuuu", None, ShowScreen("pl", "1")),
        ("stopppp", "pl", NotUnderstood()),
        # emergency words win wherever they stand
        ("danger", None, ShowScreen("en", "1")),
        ("I am in danger at work", "pl", ShowScreen("en", "1")),
        ("moja praca ratunku", None, ShowScreen("pl", "1")),
        # keywords: whole, then the first in the text
        ("lege", None, ShowScreen("nb", "6")),
        ("they took my passport", "nb", ShowScreen("en", "52")),
        ("nie dostałem wypłaty", None, ShowScreen("pl", "4")),
        ("nie dostalem wyplaty", None, ShowScreen("pl", "4")),
        ("under 18", None, AskLanguage(("nb", "en"), code="8")),
        ("شرطة", None, ShowScreen("ar", "7")),
        ("shorta", None, ShowScreen("ar", "7")),
        ("język", "nb", ListLanguages()),
        ("koniec", "pl", ShowScreen("pl", "thanks")),
        ("koniec", "nb", ShowScreen("pl", "thanks")),
        ("make it koniec", "pl", NotUnderstood()),
        # an English word in another session
        ("doctor", "so", ShowScreen("so", "6")),
        ("my boss has my passport", "ti", ShowScreen("en", "52")),
        ("doctor", "pl", ShowScreen("pl", "6")),
        ("danger", "hi", ShowScreen("hi", "1")),
        ("salary", "ar", ShowScreen("ar", "4")),
        ("work", "en", ShowScreen("en", "4")),
        ("praca", "en", ShowScreen("pl", "4")),
        # greetings and empty texts
        ("hello", None, ShowStart()),
        ("hello", "pl", ShowStart()),
        ("menu", "pl", ShowStart()),
        ("", "pl", ShowStart()),
        ("😀", None, ShowStart()),
        # unknown words
        ("qwertyuiop", None, NotUnderstood()),
        ("qwertyuiop", "pl", NotUnderstood()),
        ("²", "pl", ShowStart()),
        ("4²", "pl", ShowScreen("pl", "4")),
        # unknown words by their script; one of several languages asks which
        ("วันจันทร์", None, ShowScreen("th", "0")),
        ("კარგი", None, NotUnderstood()),
        ("какаоо", None, AskLanguage(("bg", "uk", "ru"), by_script=True)),
        ("абвгд", None, AskLanguage(("bg", "uk", "ru"), by_script=True)),
        ("ቋቋ ቆቆ", None, AskLanguage(("ti", "am"), by_script=True)),
        ("ਕੁਝ ਨਹੀਂ", None, ShowScreen("pa", "0")),
        ("不知道啊", None, ShowScreen("zh-Hans", "0")),
        # one typing error in a long word of one language
        ("schronieniee", None, ShowScreen("pl", "3")),
        ("schroniene", None, ShowScreen("pl", "3")),
        ("polskii", None, NotUnderstood()),
        ("NORSKK", None, NotUnderstood()),
        ("oppholdstilatelse", "pl", ShowScreen("nb", "5")),
        # emergency words, which win wherever they stand
        ("emergancy", None, ShowScreen("en", "1")),
        ("my boss, i am kidnaped", "pl", ShowScreen("en", "1")),
        ("jestem tu, niebespieczeństwo", None, ShowScreen("pl", "1")),
        ("nødsituasjonn", None, ShowScreen("nb", "1")),
        ("vi vaska tre ganger", None, ShowScreen("nb", "0")),
        # not for the police, children, numbers or reserved words
        ("policjja", None, NotUnderstood()),
        ("niepelnoletnni", None, NotUnderstood()),
        ("unsubscribee", "pl", NotUnderstood()),
        ("stopalll", "pl", NotUnderstood()),
        ("1161112", "pl", NotUnderstood()),
    ],
)
def test_understand_text_with_tag_returns_intent(
    library: Library, text: str, tag: str | None, intent: Intent
) -> None:
    found = interpret_to_intent(text, tag, library)
    assert as_shown(found, library) == as_shown(intent, library)


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
        "Loved an image",
        "Questioned a photo.",
        "‼️ to “In danger: call 112. To talk, day”",
        "I’m driving with Do Not Disturb While Driving turned on. I’ll see your message when",
        "Jeg kjører",
        "Jeg kjører med Ikke forstyrr under kjøring slått på.",
        "Your message to +47 412 34 567 could not be delivered.",
        "I am out of the office until Monday",
        "Liked “In danger: call 112.”",
        'Loved "Work and pay: call ROSA"',
        "Laughed at an image",
        "Emphasized “hello”",
        "Reacted 👍 to “Papers and permits”",
        "Removed a like from “Papers and permits”",
        "Likte «Er du i fare? Ring 112»",
        "👍 to “In danger: call 112. To talk, day”",
        "❤️ til «Er du i fare? Ring 112»",
        "\u200a\u200b👍\u200b to “ Work and pay: call ROSA ”",
        "Polubiono „Niebezpieczenstwo: dzwon pod 112. Darmowa rozmowa cala dobe: 22 33 11 60…",
        "Le gustó “In danger: call 112. To talk, day and night, free: 22 33 11 60. Under…”",
        "Message not delivered",
        "Your message could not be delivered: mailer-daemon",
        "Undeliverable: work",
        "Automatic reply: out of office",
        "Automatisk svar: jeg er på ferie",
        "I'm driving right now",
        "Jeg kjører, svarer senere",
        "Can't talk right now. What's up?",
        "Meldingen kunne ikke leveres",
    ],
)
def test_automatic_text_is_auto_reply(small_library: Library, text: str) -> None:
    """Reactions, automatic replies and failed deliveries ask nothing."""
    assert AutoReply() == interpret_to_intent(text, "en", small_library)


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
    for text in (library.start, library.start_stateless, library.fallback):
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
