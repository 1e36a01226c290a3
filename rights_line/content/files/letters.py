"""Read how words are spelt: spelling.yaml and own_letters.yaml of locales/."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from rights_line.content.files import rules, yaml_file
from rights_line.content.files.yaml_file import Rule, Rules
from rights_line.core.understanding.words.normalise import Spelling
from rights_line.errors import Problem

_WORD = Rule(lambda value: isinstance(value, str) and value.split() == [value], "one word", "nahi")
SPELLING: Rules = {
    "letters": rules.pairs(
        lambda row, letters: len(letters) in (0, len(row)),
        "a mapping from letters to as many others, or to none",
        "{ሠሡ: ሰሱ}",
    ),
    "endings": rules.TEXT,
    "words": rules.pairs(
        lambda word, usual: _WORD.allows(word) and _WORD.allows(usual),
        "a mapping from a word to its usual spelling",
        "{nhi: nahi}",
    ),
    "prefixes": rules.list_of(_WORD),
    "suffixes": rules.list_of(_WORD),
}
_PAIRS = rules.text(r"\S+=\S*( \S+=\S*)*", "pairs of letters with = and spaces", "sh=ш ch=ч")
OWN_LETTERS: Rules = {"letters": _PAIRS}
OWN_LETTERS_OPTIONAL: Rules = {"syllables": _PAIRS}
_VOWELS = (("e",), ("u",), ("i",), ("a", "aa"), ("ie", "ee"), ("",), ("o",))  # of a syllable


def spelling(folder: Path, problems: list[Problem]) -> Spelling:
    """Return the table of spellings of locales/; a folder without the file folds nothing."""
    table = yaml_file.load_optional(folder / "spelling.yaml", problems)
    found = list(table.problems({}, SPELLING))
    problems += found
    if found:
        return Spelling()
    letters = {
        letter: standing[place] if standing else ""
        for row, standing in table.get("letters", {}).items()
        for place, letter in enumerate(row)
    }
    return Spelling(
        letters=letters,
        endings=table.get("endings", ""),
        words=dict(table.get("words", {})),
        prefixes=tuple(table.get("prefixes", ())),
        suffixes=tuple(table.get("suffixes", ())),
    )


def own(folder: Path, problems: list[Problem]) -> dict[str, Mapping[str, str]]:
    """Return tag -> Latin letters -> own letters, of locales/; empty without the file."""
    table = yaml_file.load_optional(folder / "own_letters.yaml", problems)
    found: dict[str, Mapping[str, str]] = {}
    for tag, row in table.rows(problems):
        wrong = list(row.problems(OWN_LETTERS, OWN_LETTERS_OPTIONAL))
        problems += wrong
        if not wrong:
            found[tag] = dict(_syllables(row.get("syllables", "")), **_pairs(row["letters"]))
    return found


def _pairs(text: str) -> dict[str, str]:
    return {latin: letters for latin, _, letters in (pair.partition("=") for pair in text.split())}


def _syllables(text: str) -> Iterator[tuple[str, str]]:
    """Yield each consonant with each vowel, and the letter for both."""
    for consonant, letters in _pairs(text).items():
        for vowels, letter in zip(_VOWELS, letters, strict=False):
            yield from ((consonant + vowel, letter) for vowel in vowels)
