"""Read locales/: each language's row, its words, translations, approvals and recordings."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from pathlib import Path

from rights_line.content import approvals_file, catalogs, rules, schema, yaml_file
from rights_line.content.approvals_file import Approvals
from rights_line.content.catalogs import Catalog, EnglishString
from rights_line.content.yaml_file import Rule, YamlMapping, record
from rights_line.core.model import Language
from rights_line.core.sms import count_sms
from rights_line.core.understanding.words import normalise, normalise_lines, vocabulary
from rights_line.errors import Problem

ENGLISH = "en"
COMMON_WORDS = "common_words.txt"  # of a language, one a line, normalised; scripts/common_words.py
TONAL = frozenset({"vi"})  # languages in which other accents make another word


@dataclass(frozen=True)
class LanguageSource:
    """One language as its files in locales/ describe it."""

    language: Language  # its row in languages.yaml
    folder: Path
    texts: str  # `full`, `short`, or `started`: it is understood, and its texts are not served
    words_file: YamlMapping  # concept id, or another key -> a list, or a text with one word a line
    common_words: str  # words that tell the language, besides those of words.yaml; one a line
    catalog: Catalog  # empty for English, which is the source
    approvals: Approvals
    recordings: YamlMapping  # code -> fingerprint of the recorded text of that screen
    not_folded: Mapping[str, str]  # word that no text may use -> the meaning of its folded form
    withheld: frozenset[tuple[str, str]] = frozenset()  # may not be sent: not approved

    @property
    def has_texts(self) -> bool:
        """Return whether the line may serve its texts."""
        return self.texts in ("full", "short")

    @cached_property
    def written_words(self) -> Mapping[str, Sequence[str]]:
        """Return concept id, or another key -> the words for it, as written."""
        return {key: schema.phrases_of_key(value) for key, value in self.words_file.items()}

    @cached_property
    def normalised_words(self) -> Mapping[str, Sequence[str]]:
        """Return `written_words`, normalised."""
        written = self.written_words
        lines = iter(normalise_lines([*chain.from_iterable(written.values())]))
        return {key: [*islice(lines, len(words))] for key, words in written.items()}

    def translate(self, context: str, message: str) -> str | None:
        """Return a text in this language, or None if no translation may be served."""
        if (context, message) in self.withheld:
            return None
        if self.language.tag == ENGLISH:
            return message
        return self.catalog.translations.get((context, message))

    @property
    def catalog_path(self) -> Path:
        """Return the file of its translations."""
        return self.folder / catalogs.FILE

    @property
    def catalog_place(self) -> str:
        """Return the same as messages show it."""
        return yaml_file.display_path(self.catalog_path)

    @property
    def review_path(self) -> Path:
        """Return the file of its approvals."""
        return self.folder / approvals_file.FILE

    def fingerprint(self, text: EnglishString) -> str:
        """Return what approvals name a text by, as it is translated now."""
        return approvals_file.fingerprint(text, self.translate(*text.key) or "")

    def language_names(self) -> Iterator[str]:
        """Yield the names of the language: its word, its own name, and its names in others."""
        yield self.language.word
        yield self.language.label
        yield from self.language.own_name.split(" / ")
        yield from self.language.norwegian.split(" / ")
        yield from self.written_words.get("names", ())


def load(
    folder: Path, concepts: Collection[str], problems: list[Problem]
) -> dict[str, LanguageSource]:
    """Return the languages of locales/ by tag, in the order of their numbers.

    `concepts` are the ids that words.yaml may have as keys.

    Adds every problem found; returns nothing if a row of languages.yaml has a problem.
    """
    document = yaml_file.load(folder / "languages.yaml", problems)
    found: list[Problem] = []
    rows = dict(document.rows(found))
    for tag, row in rows.items():
        found += row.problems(schema.LANGUAGE, schema.LANGUAGE_OPTIONAL)
        found += _row_problems(tag, row, rows)
    problems += found
    if found:
        return {}
    sources = [_source(folder / tag, tag, row, concepts, problems) for tag, row in rows.items()]
    sources.sort(key=lambda source: int(source.language.number))
    return {source.language.tag: source for source in sources}


def load_other(folder: Path, problems: list[Problem]) -> dict[str, frozenset[str]]:
    """Return tag -> frequent words, normalised, of languages that the line does not have."""
    table = _load_table(folder / "other_languages.yaml", rules.TEXT, problems)
    lines = normalise_lines([*map(str, table.values())])
    return {tag: frozenset(line.split()) for tag, line in zip(table, lines, strict=True)}


def _load_table(path: Path, rule: Rule, problems: list[Problem]) -> YamlMapping:
    """Return a file in which each value follows one rule; without the file nothing."""
    table = yaml_file.load_optional(path, problems)
    problems += table.problems({}, dict.fromkeys(table, rule))
    return table


def _source(
    folder: Path, tag: str, row: YamlMapping, concepts: Collection[str], problems: list[Problem]
) -> LanguageSource:
    words = yaml_file.load(folder / "words.yaml", problems)
    problems += words.problems({}, schema.WORDS_OPTIONAL | dict.fromkeys(concepts, schema.PHRASES))
    path = folder / catalogs.FILE
    has_catalog = tag != ENGLISH and (row["texts"] != "started" or path.exists())
    common_words = folder / COMMON_WORDS
    return LanguageSource(
        record(Language, row, tag=tag),
        folder,
        row["texts"],
        words,
        common_words.read_text("utf-8") if common_words.exists() else "",
        catalogs.load(path, problems) if has_catalog else Catalog(),
        approvals_file.load(folder / approvals_file.FILE),
        _load_table(folder / "recordings.yaml", schema.RECORDING, problems),
        row.get("not_folded", {}),
    )


def _row_problems(tag: str, row: YamlMapping, rows: Mapping[str, YamlMapping]) -> Iterator[Problem]:
    """Yield a problem for each value that other rows, or the use of it, do not allow."""
    if "fold" in row and tag in TONAL:
        summary = f"fold must not be set for {tag}: without its marks a word means another"
        yield row.problem_at_key("fold", summary, "Remove the table")
    for key in ("number", "word"):
        twins = [other for other in rows if other != tag and rows[other].get(key) == row.get(key)]
        if twins:
            summary = f"{key} must be unique, got that of {twins[0]}"
            yield row.problem_at_key(key, summary, "Choose a free one")
    if reason := vocabulary.reason(normalise(str(row.get("word")))):
        yield row.problem_at_key("word", f"word {reason}", "Choose another word")
    for other in row.get("close_to", ()):
        if other not in rows or tag not in rows[other].get("close_to", ()):
            summary = f"close_to: {other} must name {tag} in its own close_to"
            fix = f"Add {tag} there, or remove {other} here"
            yield row.problem_at_key("close_to", summary, fix)
    if row.get("heard_as", tag) not in rows:
        summary = f"heard_as must be the tag of a language, got {row['heard_as']}"
        yield row.problem_at_key("heard_as", summary, "Name another, or remove the key")
    if "label" in row and count_sms(str(row["label"])).encoding != "GSM-7":
        summary = f"label must fit GSM-7, got {row['label']}"
        yield row.problem_at_key("label", summary, "Write it in unaccented Latin letters")
