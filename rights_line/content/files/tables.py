"""Read the tables that stand alone: country.yaml, decision.yaml, spelling.yaml, own_letters.yaml.

The header of each file explains its keys.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from rights_line.content.files import yaml_file
from rights_line.content.files.content_reader import Content
from rights_line.content.files.schema import ID, TAGS
from rights_line.content.files.yaml_mapping import (
    TEXT,
    Rule,
    Rules,
    list_rule,
    mapping_rule,
    pairs_rule,
    text_rule,
)
from rights_line.core.model import Country, Helplines
from rights_line.core.understanding.sentences.costs import Costs
from rights_line.core.understanding.sentences.evidence import Weights
from rights_line.core.understanding.sentences.offer import Unsure
from rights_line.core.understanding.text.spelling import Spelling
from rights_line.errors import ConfigurationError, Problem
from rights_line.library.schema import Decision

DECISION_FILE = "decision.yaml"


def _is_time_zone(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(ZoneInfo(value))
    except (KeyError, ValueError, OSError):
        return False


COUNTRY: Rules = {
    "name": TEXT,
    "title": TEXT,
    "languages": Rule(
        lambda value: TAGS.allows(value) and "en" in value,
        "a list of language tags, with en among them",
        "[nb, en]",
    ),
    "time_zone": Rule(_is_time_zone, "a time zone", "Europe/Oslo"),
    "calling_code": text_rule(r"\+[1-9]\d{0,2}", "a country calling code in quotes", '"+47"'),
    "digits": Rule(lambda value: value in range(5, 13), "a number from 5 to 12", "8"),
    "leave_to": text_rule(r"https://\S+", "an address with https://", "https://www.yr.no/"),
    "helplines": mapping_rule(dict.fromkeys(Helplines._fields, ID)),
    "public_holidays": mapping_rule(
        {
            "fixed": list_rule(
                text_rule(r"(0[1-9]|1[0-2])-([0-2]\d|3[01])", "month-day in quotes", '"05-17"')
            ),
            "after_easter": list_rule(
                Rule(lambda value: type(value) is int, "a number of days", "39")
            ),
        }
    ),
}
_POSITIVE = Rule(
    lambda value: type(value) in (int, float) and value >= 0, "a number of 0 or more", "1.5"
)
DECISION: Rules = {
    "costs": mapping_rule(dict.fromkeys(Costs._fields, _POSITIVE)),
    "weights": mapping_rule(dict.fromkeys(Weights._fields, _POSITIVE)),
    "unsure": mapping_rule(dict.fromkeys(Unsure._fields, _POSITIVE)),
}
_WORD = Rule(lambda value: isinstance(value, str) and value.split() == [value], "one word", "nahi")
SPELLING: Rules = {
    "letters": pairs_rule(
        lambda row, letters: len(letters) in (0, len(row)),
        "a mapping from letters to as many others, or to none",
        "{ሠሡ: ሰሱ}",
    ),
    "endings": TEXT,
    "words": pairs_rule(
        lambda word, usual: _WORD.allows(word) and _WORD.allows(usual),
        "a mapping from a word to its usual spelling",
        "{nhi: nahi}",
    ),
    "prefixes": list_rule(_WORD),
    "suffixes": list_rule(_WORD),
}
_PAIRS = text_rule(r"\S+=\S*( \S+=\S*)*", "pairs of letters with = and spaces", "sh=ш ch=ч")
OWN_LETTERS: Rules = {"letters": _PAIRS}
OWN_LETTERS_OPTIONAL: Rules = {"syllables": _PAIRS}
_VOWELS = (("e",), ("u",), ("i",), ("a", "aa"), ("ie", "ee"), ("",), ("o",))  # of a syllable


def country(folder: Path) -> Country:
    """Return the country of a folder content/.

    Raises:
        ConfigurationError: with every problem in the file. The other files cannot be checked then.
    """
    problems: list[Problem] = []
    row = yaml_file.load(folder / "country.yaml", problems)
    problems += () if problems else row.problems(COUNTRY, {})
    if problems:
        raise ConfigurationError(problems)
    holidays = row["public_holidays"]
    return Country(
        **{key: row[key] for key in ("name", "title", "calling_code", "digits", "leave_to")},
        languages=tuple(row["languages"]),
        time_zone=ZoneInfo(row["time_zone"]),
        helplines=Helplines(**row["helplines"]),
        fixed_holidays=tuple((int(day[:2]), int(day[3:])) for day in holidays["fixed"]),
        movable_holidays=tuple(holidays["after_easter"]),
    )


def decision(folder: Path, content: Content, problems: list[Problem]) -> Decision | None:
    """Return how sentences are decided on; None without the file, or if it has problems."""
    path = folder / DECISION_FILE
    if not path.exists():
        return None
    row = yaml_file.load(path, problems)
    found = list(row.problems(DECISION, {}))
    problems += found
    if found:
        return None
    topics = content.topics.items()
    return Decision(
        Costs(**row["costs"]),
        Weights(**row["weights"]),
        Unsure(**row["unsure"]),
        topics={topic.code: name for name, topic in topics},
        topic_of={each.code: topic.code for _, topic in topics for each in topic.passages},
    )


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


def own_letters(folder: Path, problems: list[Problem]) -> dict[str, Mapping[str, str]]:
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
    return {latin: own for latin, _, own in (pair.partition("=") for pair in text.split())}


def _syllables(text: str) -> Iterator[tuple[str, str]]:
    """Yield each consonant with each vowel, and the letter for both."""
    for consonant, letters in _pairs(text).items():
        for vowels, letter in zip(_VOWELS, letters, strict=False):
            yield from ((consonant + vowel, letter) for vowel in vowels)
