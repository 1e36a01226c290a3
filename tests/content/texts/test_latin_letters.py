"""Bulgarian, Ukrainian and Russian in Latin letters: docs/design.md, D36."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from rights_line.content import ContentSources
from rights_line.content.assembly.texts import TABLES, in_latin_letters, latin_source
from rights_line.core import Medium
from rights_line.core.library import Edition, Library
from rights_line.core.screen import Head
from rights_line.core.sms import count_sms
from tests.support.sites import joined

MAX_SEGMENTS = 3  # of a screen, below the line of helplines; five in Cyrillic


@pytest.mark.parametrize(
    ("tag", "text", "latin"),
    [
        ("bg", "Щастие, България, полиция!", "Shtastie, Balgaria, politsia!"),
        ("uk", "Її м’ята, згода, Юлія: пʼятниця", "Yii miata, zghoda, Yuliia: piatnytsia"),
        ("ru", "Щека, объявление, моя жизнь", "Shcheka, ob'yavlenie, moya zhizn"),
        # capitals: an abbreviation, and a word of one letter
        ("uk", "ЄЕЗ. Я", "YEEZ. Ya"),
        # what is Latin, and what a number is put in for
        ("uk", "ROSA: {rosa}, d'Or, 22 33", "ROSA: {rosa}, d'Or, 22 33"),
    ],
)
def test_text_is_written_by_the_table_of_its_country(tag: str, text: str, latin: str) -> None:
    assert in_latin_letters(text, tag) == latin


def texts_of(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield code -> each text of an edition, with the longest head and every closed-notice."""
    for code, row in sorted(edition.screens.items()):
        closed = [text for notice in row.notices for text in notice.when_closed.values()]
        for screen in (row, row.stateless):
            for texts in (screen.texts(edition.form), screen.texts(edition.form, *closed)):
                yield code, texts.for_medium(Medium.SMS, Head.HELPLINES)
    for lines in (edition.links, edition.stateless_links):
        yield from sorted(lines.items())


@pytest.mark.parametrize("tag", TABLES)
def test_texts_in_latin_letters_are_those_of_the_language(tag: str, library: Library) -> None:
    """Every number and every Latin name stays; no letter of the other alphabet is left."""
    texts = [*texts_of(library.latin_editions[tag])]
    originals = [*texts_of(library.editions[tag])]

    assert len(texts) == len(originals) > 200
    for (code, text), (same_code, original) in zip(texts, originals, strict=True):
        assert code == same_code
        assert count_sms(text).encoding == "GSM-7", text
        assert re.findall(r"\d+", text) == re.findall(r"\d+", original)
        assert {*re.findall(r"\b[A-Za-z]+\b", original)} <= {*re.findall(r"\w+", text)}


@pytest.mark.parametrize("tag", TABLES)
def test_screen_in_latin_letters_takes_few_segments(tag: str, library: Library) -> None:
    edition = library.latin_editions[tag]
    for code, screen in edition.screens.items():
        text = screen.texts(edition.form).for_medium(Medium.SMS, Head.HELPLINES)
        assert count_sms(text).segments <= MAX_SEGMENTS, (code, text)


def test_text_that_may_not_be_sent_may_not_be_sent_in_latin_letters(
    sources: ContentSources,
) -> None:
    source = sources.languages["bg"]
    key = next(iter(source.catalog.translations))
    assert latin_source(source).translate(*key)
    assert latin_source(replace(source, withheld=frozenset([key]))).translate(*key) is None


def test_language_that_is_not_approved_has_no_texts_in_latin_letters(
    sources: ContentSources,
) -> None:
    assert joined(sources, "approved").latin_editions == {}
