"""What stands around a need does not change its screen: courtesy, an age, a country."""

import random
from collections.abc import Iterator

import pytest

from rights_line.content import ContentSources
from rights_line.core import Inbound
from rights_line.core.conversation import conversation_reply
from rights_line.core.library import Library
from rights_line.core.understanding import Helpline, Interpretation, ShowScreen, ShowStart
from rights_line.core.understanding.choice import Choice
from rights_line.core.understanding.interpret import interpret_to_intent
from rights_line.core.understanding.sentences import _offer_screens
from tests.support.clock import TUESDAY
from tests.support.messages import messages, shown
from tests.support.worlds import ONE_OF_EACH_SCRIPT

FORMS = ("{words} {text}", "{words}! {text}", "{text} {words}", "{words}, {words} {text}")
MIN_SAME = 0.98  # share of the messages of a language
ABOUT_MINORS = {"8", "81", "82", "83"}


def led_to(text: str, tag: str | None, library: Library) -> tuple[str, bool]:
    """Return the code that a text leads to, or the kind of intent, and whether a list asks."""
    intent = interpret_to_intent(text, tag, library)
    return getattr(intent, "code", type(intent).__name__), getattr(intent, "is_list", False)


def surrounded(language: str, sources: ContentSources, count: int) -> Iterator[tuple[str, str]]:
    """Yield messages, and the same with words of greeting, help and politeness around them."""
    choose = random.Random(language)
    written = sources.languages[language].written_words
    courtesy = [*written.get("menu", ()), *written.get("courtesy", ())]
    texts = messages(language)
    for text in choose.sample(texts, min(count, len(texts))):
        words = choose.choice(courtesy)
        yield text, choose.choice(FORMS).format(words=words, text=text)


def changed(language: str, library: Library, pairs: list[tuple[str, str]]) -> list[str]:
    """Return the longer texts that lead elsewhere than the messages in them.

    Thanks are courtesy themselves: with a call for help beside them, the menu is right.
    """
    return [
        longer
        for text, longer in pairs
        if led_to(text, language, library)
        not in (("thanks", False), led_to(longer, language, library))
    ]


def test_help_and_greetings_around_a_message_change_nothing(
    library: Library, sources: ContentSources
) -> None:
    pairs = {tag: [*surrounded(tag, sources, count=8)] for tag in ONE_OF_EACH_SCRIPT}
    other = [text for tag in pairs for text in changed(tag, library, pairs[tag])]
    assert len(other) <= (1 - MIN_SAME) * sum(map(len, pairs.values())), other


@pytest.mark.slow
def test_help_and_greetings_around_messages_of_any_language_change_nothing(
    library: Library, sources: ContentSources
) -> None:
    for tag in library.editions:
        pairs = [*surrounded(tag, sources, count=40)]
        other = changed(tag, library, pairs)
        assert len(other) <= max(1, (1 - MIN_SAME) * len(pairs)), other


@pytest.mark.parametrize(
    "text",
    [
        "25 anyos ako",
        "25 anyos ako at hindi ako binabayaran",
        "i am 31 years old and alone",
        "jeg er tjuefem år",
        "عمري ٢٥ سنة",
        "मैं 25 साल की हूँ",
        "mam dwadzieścia pięć lat i nie mam gdzie spać",
    ],
)
def test_age_of_an_adult_leads_to_no_page_for_minors_and_is_no_code(
    library: Library, text: str
) -> None:
    intent = interpret_to_intent(text, None, library)
    assert isinstance(intent, ShowScreen | ShowStart)
    assert intent.code not in ABOUT_MINORS | {"25", "31"}


@pytest.mark.parametrize(
    ("text", "code", "first_link"),
    [
        ("i am 16", "8", ""),
        ("i am 16 and they do not pay me", "8", "41"),
        ("mam 16 lat i zabrali mi paszport", "8", "52"),
        ("i am 15 and he hits me", "1", "8"),
        ("i am 14 hours a day at work", "41", ""),
        ("i am 16 and want to go home to my country", "912", "8"),
        ("i am 30 and want to go home to my country", "91", ""),
        ("i am 17 and have no papers. does barnevernet help me or only others", "8", "5"),
        ("i am 15 i want money to live", "8", "92"),
        ("nie mam 18 lat", "8", ""),
        ("i am not 18 yet", "8", ""),
        ("i am 16 and alone, who is my guardian", "82", "8"),
        ("i came to norway alone im 16, who decides for me", "82", "8"),
        ("i am 16 and need somewhere to sleep tonight", "81", "8"),
        ("i am 15, it is my fault because i said yes", "83", "8"),
        ("i am 15, it is my fault, he beats me now", "1", "8"),
        ("my passport says i am 21 but i am 17", "8", "52"),
        ("i am 15 and he beats me now", "1", "8"),
        # a girl or a boy after "I am" is the sender
        ("im a girl of 15 and must clean", "8", ""),
        ("hello, i am a 16 year old boy", "8", ""),
        ("je suis un garçon de 16 ans, sans papiers", "8", ""),
        ("jeg er ei jente på 15", "8", ""),
        ("我是一个15岁的女孩", "8", ""),
        ("i know a girl of 15", "941", ""),
        ("i am the teacher of a girl of 15", "902", ""),
        ("my friend is a boy of 16", "941", ""),
        # an age that stands in a phrase, too
        ("j'ai 17 ans, on ne me paie pas", "8", ""),
        ("j'ai 15 ans, on ne me paie pas", "8", ""),
    ],
)
def test_age_of_a_minor_leads_to_8_with_the_topic_as_first_link(
    library: Library, text: str, code: str, first_link: str
) -> None:
    intent = shown(text, None, library)
    assert intent.code == code
    assert (*intent.offered, "")[0] == first_link or not first_link


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("i am 16 and need a lawyer", "7 Police and lawyer"),  # 71
        ("im 15 i owe money", "4 Work and pay"),  # 42
        ("i am 16 i want asylum", "5 Papers"),  # 53
    ],
)
def test_link_to_a_sub_screen_is_that_of_its_topic(library: Library, text: str, line: str) -> None:
    """A minor gets the screen for minors, whose links would lose it."""
    reply, _ = conversation_reply(Inbound("", text), None, library, TUESDAY, True)
    assert f"\n{line}" in reply.text


def test_offered_helpline_is_a_link(library: Library) -> None:
    text = "my boss beats me, number of the support centre"
    reply, _ = conversation_reply(Inbound("", text), None, library, TUESDAY, True)
    assert "\n80040008 Support Centre" in reply.text


def test_list_of_topics_has_no_helpline(library: Library) -> None:
    choice = Choice("1", (), offered=("1", "80040008", "4"), asks=True)
    found = Interpretation(ShowScreen("en", "1"), "")
    offered = _offer_screens(found, choice, library.contact_codes).intent
    assert offered == ShowScreen("en", "0", offered=("1", "4"), is_list=True)


@pytest.mark.parametrize(
    ("text", "shows_helpline"),
    [
        ("do they speak tigrinya at 116 111", True),
        ("is 116 111 free for children", True),
        ("he is hitting me 116 111", False),
        ("he will hit me 116111", False),
        ("i called 116111 nobody answers", False),
        ("i am 16 is it 116 111", False),
        ("a man came and he took my passport 116111", False),
    ],
)
def test_number_of_a_helpline_in_a_short_text_leads_to_it(
    library: Library, text: str, shows_helpline: bool
) -> None:
    intent = interpret_to_intent(text, None, library)
    assert (intent == Helpline("116111")) == shows_helpline


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        # of another person
        ("my pupil is 15 and does not come to school any more", None),
        ("my son is 16 years old", None),
        ("the girl next door is 14 and works all day", None),
        # of an adult, and nothing else
        *(("25 years old", "en"), ("jeg er rundt 25", "en"), ("อายุ 25 ค่ะ", "en"), ("25岁", "en")),
    ],
)
def test_age_that_is_no_minor_s_leads_to_no_screen_for_minors(
    library: Library, text: str, tag: str | None
) -> None:
    assert shown(text, tag, library).code not in ABOUT_MINORS


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("she is 34", "94"), ("she is 15", "941"), ("she took 14 pills", "12")),
        ("she is nineteen, not a child", "94"),
        ("yes she is still there", "affirm"),
        ("he pays 10 an hour", "41"),  # an amount
        ("he will hit me at 9", "0"),  # a time; the list begins with danger
    ],
)
def test_text_about_her_is_of_somebody_to_worry_about_only_if_it_tells_her_age(
    library: Library, text: str, code: str
) -> None:
    assert shown(text, "en", library).code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        # a call for help in front does not hide a danger
        *(("hjelp han kveler meg", "1"), ("السلام عليكم عم يخنقني", "1")),
        # two ages are those of the sender's children
        *(("two girls, 4 and 7", "33"), ("doua fete de 4 si 7 ani", "33")),
        # thanks do not hide that he comes
        ("he is coming now, thanks", "1"),
        # what a correction begins with says nothing
        ("no, i mean the debt", "42"),
        # a language that a sentence asks for
        ("do you speak somali? my english is not good on the phone", "0"),
        # the country of the sender does not name a topic
        *(("i am from nigeria", "0"), ("jestem z ukrainy", "0"), ("soy de colombia", "0")),
    ],
)
def test_surroundings_leave_the_need_or_are_it(library: Library, text: str, code: str) -> None:
    assert shown(text, None, library).code == code
