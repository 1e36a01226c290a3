"""Each phrase for danger is understood in each spelling that locales/spelling.yaml folds."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rights_line.content import ContentSources
from rights_line.core.library import Library
from rights_line.core.understanding import ShowScreen
from rights_line.core.understanding.interpret import interpret_to_intent
from rights_line.core.understanding.words import Spelling, normalise
from rights_line.core.understanding.words.vocabulary import Kind
from tests.support.folders import change, problems, put
from tests.support.messages import shown
from tests.support.worlds import library_at

SPELLING = "locales/spelling.yaml"


def _others(phrase: str, spelling: Spelling) -> Iterator[str]:
    """Yield a phrase in the other spellings: each fold applied alone, and undone alone."""
    for letter, plain in spelling.letters.items():
        for old, new in ((letter, plain), (plain, letter)):
            other = phrase.replace(old, new) if old else phrase
            # "می", a word of its own, is the prefix; Pashto "مې" is "my".
            yield other if _prefixes(other, spelling) == _prefixes(phrase, spelling) else phrase
    for ending in spelling.endings:
        yield re.sub(f"{ending}(?= |$)", "", phrase)
    for word, usual in spelling.words.items():
        yield re.sub(rf"\b{word}\b", usual, phrase)
        yield re.sub(rf"\b{usual}\b", word, phrase)
    for prefix in spelling.prefixes:
        yield re.sub(f"(^| ){prefix} ", rf"\1{prefix}", phrase)
        yield re.sub(f"(^| ){prefix}(?=[^ ])", rf"\1{prefix} ", phrase)
    for suffix in spelling.suffixes:
        yield re.sub(f" {suffix}(?= |$)", suffix, phrase)
        yield re.sub(f"(?<=[^ ]){suffix}(?= |$)", f" {suffix}", phrase)


def _prefixes(phrase: str, spelling: Spelling) -> list[str]:
    return [word for word in phrase.split() if word in spelling.prefixes]


@pytest.mark.slow  # three seconds of computing
def test_fold_writes_every_spelling_of_an_emergency_phrase_alike(sources: ContentSources) -> None:
    spelling, numbers = sources.spelling, 0
    for phrase in _emergency_phrases(sources):
        folded = spelling.fold(phrase)
        for other in {*_others(phrase, spelling)} - {phrase}:
            numbers += 1
            assert spelling.fold(normalise(other)) == folded, f"{phrase} and {other}"
    assert numbers > 1000


def _emergency_phrases(sources: ContentSources) -> Iterator[str]:
    for name, row in sources.concepts.items():
        if row.concept.kind is Kind.EMERGENCY:
            for source in sources.languages.values():
                yield from source.normalised_words.get(name, ())


@pytest.mark.parametrize(
    ("text", "other", "tag"),
    [
        ("सांस नहीं ले रहा", "साँस नही ले रहा", None),
        ("bahar nahi jane dete hain", "bahar nhi jane dete hain", "hi"),
        ("شوهرم بچه ها رو میزنه", "شوهرم بچه ها رو می زنه", "fa"),
        ("پدرم میزنه", "پدرم می زنه", "prs"),
        ("ሰብኣየይ ይወቕዓኒ", "ሰብአየይ ይወቅዐኒ", "ti"),
    ],
)
def test_text_in_another_spelling_leads_to_the_same_screen(
    library: Library, text: str, other: str, tag: str | None
) -> None:
    found = shown(text, tag, library)
    assert found.code in ("1", "3", "6")
    assert interpret_to_intent(other, tag, library) == found


def test_pashto_word_like_a_persian_prefix_stays_a_word(sources: ContentSources) -> None:
    """ "مې" is "my", and stands before any word."""
    folded = sources.spelling.fold(normalise("مېړه مې وهي"))
    assert len(folded.split()) == 3
    assert sources.spelling.fold("می زنه") == "میزنه"


def test_word_of_another_language_is_no_spelling_of_a_word(sources: ContentSources) -> None:
    """Hindi "nai" is also French "n'ai", so the table must not name it."""
    for word, usual in sources.spelling.words.items():
        for tag, source in sources.languages.items():
            phrases = [phrase.split() for key in source.normalised_words.values() for phrase in key]
            has = any(word in phrase for phrase in phrases)
            assert not has or any(usual in phrase for phrase in phrases), f"{word} in {tag}"


def test_spelling_folds_phrases_and_texts_of_a_folder(small_folder: Path) -> None:
    rows = (
        *("letters: {ңb: xy, q: ''}", "endings: v", "words: {robota: praca}"),
        *("prefixes: [не]", "suffixes: [на]"),
    )
    (small_folder / SPELLING).write_text("\n".join(rows))
    library = library_at(small_folder)
    assert interpret_to_intent("robota", None, library) == ShowScreen("pl", "4")
    assert library.vocabulary.spelling.fold("ңbq zav на не b ңzна") == "xy zaна неy xzна"


def test_check_names_phrases_of_two_screens_that_become_one(small_folder: Path) -> None:
    change(small_folder, SPELLING, put("words: {paszport: praca}\n"))
    (found,) = problems(small_folder)
    assert found.summary == "praca must have one meaning, got papers in pl, work in pl"
