"""The language of a reply, chosen over all words of a text."""

import pytest

from rights_line.core.conversation import language_question, respond
from rights_line.core.library import Library
from rights_line.core.messages import Inbound
from rights_line.core.understanding import understand
from rights_line.core.understanding.intents import AskLanguage, Intent, ShowScreen, ShowStart
from rights_line.core.understanding.interpretation import Message
from rights_line.core.understanding.normalise import normalise
from rights_line.core.understanding.reply_language import topic_intent
from tests.support.clock import TUESDAY


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("nikt mi nie mówi kiedy to się skończy", "pl"),
        ("я не знаю що мені тепер робити", "uk"),
        ("я не знаю что мне теперь делать", "ru"),
        ("je ne sais pas ce qui va se passer demain", "fr"),
        ("vet ikke hva som skjer med meg i morgen", "nb"),
        # one English word in a text of another language
        ("szef powiedział że passport jest u niego", "pl"),
        # near Norwegian
        ("jeg ved ikke hvad jeg skal gøre, han er her igen", "nb"),
        ("jag vet inte vad jag ska göra, han är här igen", "nb"),
    ],
)
def test_sentence_is_answered_in_its_language(library: Library, text: str, language: str) -> None:
    intent = understand(text, None, library)
    assert isinstance(intent, ShowScreen)
    assert intent.language == language


@pytest.mark.parametrize(
    "text",
    [
        "Mein Chef hat mir den Ausweis weggenommen und bezahlt mich nicht",
        "Ich habe Angst, er schlägt mich jeden Tag",
        "Wir arbeiten zwölf Stunden am Tag und bekommen kein Geld",
        "Mijn baas betaalt me al drie maanden niet",
        "Hij heeft mijn identiteitskaart afgepakt",
        "Το αφεντικό μου δεν με πληρώνει",
        "パスポートを取られました。助けてください",
        "給料を払ってもらえません",
        "ჩემმა უფროსმა პასპორტი წამართვა",
        "사장이 월급을 안 줘요",
        "Իմ գործատուն վերցրել է անձնագիրս",
        "הבוס שלי לקח לי את הדרכון",
        "என் முதலாளி சம்பளம் தரவில்லை",
        "Saya takut dan tidak tahu harus ke mana",
        "Mans priekšnieks man nemaksā algu",
        "Yfirmaður minn borgar mér ekki laun",
        "Nire nagusiak ez dit ordaintzen",
        "Mpiasa tsy mandray karama aho",
    ],
)
def test_sentence_in_language_we_do_not_have_is_not_taken_for_one_we_do(
    library: Library, text: str
) -> None:
    assert not isinstance(understand(text, None, library), ShowScreen)


@pytest.mark.parametrize(
    ("text", "tag", "language"),
    [
        ("nie wiem co mam teraz zrobić", "nb", "pl"),
        ("mój szef zabrał mi passport", "pl", "pl"),
        ("doctor", "so", "so"),
        ("they took my passport and I cannot leave", "pl", "en"),
        # two languages fit: the session decides
        ("mera boss paise nahi de raha", "ur", "ur"),
        ("mera boss paise nahi de raha", "hi", "hi"),
    ],
)
def test_text_in_a_session_keeps_language_unless_clearly_in_another(
    library: Library, text: str, tag: str, language: str
) -> None:
    intent = understand(text, tag, library)
    assert isinstance(intent, ShowScreen)
    assert intent.language == language


@pytest.mark.parametrize("has_memory", [True, False])
def test_question_which_language_lists_answers_that_reach_the_topic(
    library: Library, has_memory: bool
) -> None:
    """One more text is enough, with or without a session."""
    asked = understand("переживаю за подругу", None, library)
    assert asked == AskLanguage(("uk", "ru"), by_script=True, code="94")
    reply, tag = respond(Inbound("", "переживаю за подругу"), None, library, TUESDAY, has_memory)
    lines = reply.text.split("\n")[-2:]
    assert lines == ["Українська 94", "Русский 94"]
    for line, language in zip(lines, ("uk", "ru"), strict=True):
        assert understand(line, tag, library) == ShowScreen(language, "94")


@pytest.mark.parametrize(
    ("text", "tag", "intent"),
    [
        ("qwertyuiop", None, ShowStart()),
        ("qwertyuiop", "pl", ShowScreen("pl", "4")),
        ("nikt mi nie mówi kiedy to się skończy", None, ShowScreen("pl", "4")),
    ],
)
def test_topic_without_a_phrase_is_shown_in_language_of_text_or_session(
    library: Library, text: str, tag: str | None, intent: Intent
) -> None:
    """So a classifier may name a topic."""
    message = Message(normalise(text), tag, library)
    assert topic_intent("4", (), "", message).intent == intent


@pytest.mark.parametrize("by_script", [True, False])
def test_each_answer_of_the_question_which_language_reaches_the_topic(
    library: Library, by_script: bool
) -> None:
    for tag in library.languages:
        asked = AskLanguage((tag,), by_script, "4")
        answer = language_question(asked, library, has_memory=True).split("\n")[-1]
        assert understand(answer, "?", library) == ShowScreen(tag, "4")
