"""What a text names plainly counts in every language, also inside a long text."""

import random

import pytest

from rights_line.content import ContentSources
from rights_line.core.library import Library
from rights_line.core.understanding import ShowScreen
from rights_line.core.understanding.interpret import interpret, interpret_to_intent
from rights_line.core.understanding.words.normalised_text import normalise_text
from rights_line.core.understanding.words.vocabulary import Kind
from tests.support.messages import messages, shown
from tests.support.worlds import WITH_TEXTS

WANTS_TO_DIE = "12"
PASSPORT = "52"
MY_CHILDREN = "33"


def code(text: str, tag: str | None, library: Library) -> str:
    intent = interpret_to_intent(text, tag, library)
    return intent.code if isinstance(intent, ShowScreen) and not intent.is_list else ""


def phrases(concept: str, tag: str, sources: ContentSources) -> list[str]:
    return [*sources.languages[tag].written_words.get(concept, ())]


def missed_suicide(
    library: Library, sources: ContentSources, languages: list[str], count: int
) -> tuple[list[tuple[str, str]], int]:
    """Return the texts not read so, and the number of all: alone, and between everyday ones."""
    missed, of = [], 0
    for tag in languages:
        choose = random.Random(tag)
        named = phrases("suicidal", tag, sources)
        assert len(named) >= 10, tag
        for phrase in choose.sample(named, min(count, len(named))):
            before, after = choose.sample(messages(tag), 2)
            texts = (phrase, f"{before[:120]}. {phrase}. {after[:120]}")
            missed += [(tag, text) for text in texts if code(text, tag, library) != WANTS_TO_DIE]
            of += len(texts)
    return missed, of


def test_word_of_suicide_counts_alone_and_in_a_long_text(
    library: Library, sources: ContentSources, languages: list[str]
) -> None:
    missed, _ = missed_suicide(library, sources, languages, count=2)
    assert missed == []


def test_number_that_was_swallowed_is_no_age_and_leads_to_wish_to_die(
    library: Library, sources: ContentSources
) -> None:
    """It often follows screen 12, and says nothing else."""
    texts = {tag: phrases("swallowed", tag, sources) for tag in WITH_TEXTS}
    missed = [
        (tag, text)
        for tag, patterns in texts.items()
        for text in (pattern.replace("0", "15") for pattern in patterns)
        if code(text, tag, library) != WANTS_TO_DIE
    ]
    assert all(texts.values())
    assert missed == []
    assert code("i took 15 crowns from him", "en", library) != WANTS_TO_DIE


def test_despair_alone_leads_to_wish_to_die_and_beside_a_need_to_the_need(
    library: Library, sources: ContentSources
) -> None:
    texts = [(tag, text) for tag in WITH_TEXTS for text in phrases("despair", tag, sources)]
    assert {tag for tag, _ in texts} == {*WITH_TEXTS}
    missed = [(tag, text) for tag, text in texts if code(text, tag, library) != WANTS_TO_DIE]
    assert missed == []
    found = interpret(normalise_text("i see no way out", library.own_lines), "en", library)
    assert found.is_emergency  # no limit withholds its reply
    assert code("he locked us in and i see no way out", "en", library) == "1"
    assert code("my boss has not paid since may, i see no way out", "en", library) == "41"


@pytest.mark.parametrize(
    ("concept", "expected"),
    [
        ("he_is_here", "1"),
        ("lost", "11"),
        ("may_i_go", "43"),
        ("where_to", "3"),
        ("get_it_back", "52"),
        ("complain", "41"),
    ],
)
def test_short_text_that_needs_the_one_before_leads_to_its_screen(
    concept: str, expected: str, library: Library, sources: ContentSources
) -> None:
    texts = [(tag, text) for tag in sources.languages for text in phrases(concept, tag, sources)]
    assert texts
    missed = [(tag, text) for tag, text in texts if code(text, tag, library) != expected]
    assert missed == []


@pytest.mark.slow
def test_words_of_suicide_in_any_language_count_alone_and_in_a_long_text(
    library: Library, sources: ContentSources
) -> None:
    """All but one in a hundred: an everyday text may hold another rule's words, or a list."""
    missed, of = missed_suicide(library, sources, WITH_TEXTS, count=30)
    assert len(missed) <= of * 0.01, missed


@pytest.mark.parametrize(
    ("concept", "expected"), [("passport_taken", PASSPORT), ("my_children", MY_CHILDREN)]
)
def test_phrase_of_a_certain_concept_leads_to_its_screen_in_each_language(
    library: Library, sources: ContentSources, languages: list[str], concept: str, expected: str
) -> None:
    for tag in languages:
        named = phrases(concept, tag, sources)
        assert len(named) >= 3, (tag, concept)
        assert {code(phrase, tag, library) for phrase in named[:5]} == {expected}, tag


def test_what_people_do_besides_telling_a_need_is_answered_in_each_language(
    library: Library, sources: ContentSources, languages: list[str]
) -> None:
    acts = [row.concept for row in sources.concepts.values() if row.concept.kind is Kind.ACT]
    replies = [concept for concept in acts if not concept.code.isdigit()]
    assert len(replies) >= 7
    for tag in languages:
        for concept in replies:
            wrong = [
                phrase
                for phrase in phrases(concept.id, tag, sources)
                if code(phrase, tag, library) not in (concept.code, "9")  # 9 is titled "More"
            ]
            assert phrases(concept.id, tag, sources), (tag, concept.id)
            assert wrong == [], (tag, concept.id)


@pytest.mark.parametrize(
    ("text", "expected", "links"),
    [
        ("they do not pay me and took my passport", "52", {"4"}),
        ("i do not want the police, he does not pay me", "2", {"4"}),
        ("call me he is at the door", "1", {"23"}),
        ("he beats me and keeps my passport", "1", {"52"}),
        ("worried about my friend, she took pills", "12", {"94"}),
        ("patron maaş vermiyor, dövüyor", "0", {"1", "4"}),  # danger by one word: a list
        ("he beats me, i have no bed and he took my passport", "1", {"3", "52"}),
        ("he reads my messages and does not pay me", "41", {"96"}),
        ("félek a rendőrségtől, kitoloncolnak?", "2", {"5"}),  # a long word names a topic, too
    ],
)
def test_second_thing_in_a_text_is_a_link(
    library: Library, text: str, expected: str, links: set[str]
) -> None:
    intent = shown(text, None, library)
    assert intent.code == expected
    assert links <= {*intent.offered}


@pytest.mark.parametrize(
    ("text", "expected", "wrong"),
    [
        ("no police please, he does not pay me", "41", "7"),
        ("i took pills", "12", "6"),
        ("i do not want to go back to my country", "54", "91"),
        ("ma bade erja3 3a baladi", "54", "91"),
        ("nie chcę wracać do kraju, boję się", "54", "91"),
        ("no quiero volver con mi marido", "3", "91"),
        ("i do not want to live with him anymore", "3", "12"),
        ("не хочу больше жить с ним", "3", "12"),
        ("they take me out of norway for a forced marriage", "13", "91"),
    ],
)
def test_screen_that_is_wrong_for_a_meaning_is_neither_shown_nor_offered(
    library: Library, text: str, expected: str, wrong: str
) -> None:
    intent = shown(text, None, library)
    assert intent.code == expected
    assert wrong not in intent.offered


@pytest.mark.parametrize(
    ("text", "tag", "expected"),
    [
        ("thank you very much for this", "en", "thanks"),
        ("ok he has a knife", "en", "1"),
        ("goodbye. thank you for being kind to me. dont look for me", "en", "12"),
        ("eshi keziyas", "am", "go_on"),  # "ok, and then", in Latin letters
        ("thanks, where do i sleep", "en", "3"),
        ("he is not here now", "en", "0"),
        ("no, I have not taken anything, I only write", "en", "deny"),
        ("i cannot read, a friend writes this", "en", "cannot_read"),
        # to be spoken with, and to read another language
        ("y hablan español?", "es", "2"),
        ("z kim można porozmawiać po polsku", None, "2"),
        ("snakker dere polsk", "nb", "0"),
        ("fy faen ubrukelig dritt", "nb", "insult"),  # two phrases of one act
        ("in Arabic please", "fil", "0"),  # the model says: the list of languages
        ("uff feil nummer gitt", "nb", "wrong_number"),  # an act among other words
        ("wrong number? my boss gave me this and keeps my passport", "en", "52"),
        ("میں انیس سال کی ہوں", "ur", "0"),  # nineteen
        ("and if she is 16?", "en", "941"),
        ("my daughter is 15, school?", "en", "92"),
        # an act beside a topic: its sub-screen
        ("he does not pay me, where can i complain", "en", "41"),
        ("he does not pay me", "en", "41"),
        ("he hit me just now, where can i complain", "en", "1"),
    ],
)
def test_what_the_rules_say_beats_what_the_model_takes_for_likely(
    library: Library, text: str, tag: str, expected: str
) -> None:
    assert code(text, tag, library) == expected


def test_language_that_tells_ages_has_their_words(sources: ContentSources) -> None:
    """An adult's age in words must not open the page for children."""
    words = {tag: row.written_words for tag, row in sources.languages.items()}
    assert [tag for tag in words if "my_age" in words[tag] and "ages" not in words[tag]] == []


def test_asking_how_to_reach_a_service_leads_to_it_in_every_language(
    library: Library, sources: ContentSources, languages: list[str]
) -> None:
    asked = {tag: phrases("reach", tag, sources) for tag in languages}
    assert [tag for tag in languages if not asked[tag]] == []
    reached = {"udi": "23351600", "støttesenteret": "80040008", "nav": "92", "barnevernet": "946"}
    wrong = [
        (tag, text)
        for tag in languages
        for name, screen in reached.items()
        for text in (row.replace("0", name) for row in asked[tag][:6])
        if code(text, tag, library) != screen
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("si llamo a rosa le avisan a la policía", "es"),
        ("czy rosa zapisuje to co piszę", "pl"),
        ("does rosa keep what i write", "en"),
    ],
)
def test_question_about_rosa_is_not_answered_with_what_this_line_keeps(
    library: Library, text: str, tag: str
) -> None:
    assert code(text, tag, library) not in ("", "97")
