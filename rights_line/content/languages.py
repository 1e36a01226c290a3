"""Read locales/: one row a language, what people write in it, and its translations."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel import Locale, UnknownLocaleError

from rights_line.content import schema
from rights_line.content.approvals import Approvals, load_approvals
from rights_line.content.catalogs import Entries, Fuzzy, Translations, load_catalog
from rights_line.content.yaml_file import YamlMapping, load_yaml
from rights_line.core.model import Language
from rights_line.core.sms import count
from rights_line.core.understanding.normalise import normalise
from rights_line.core.understanding.reserved_words import reserved_reason
from rights_line.errors import Problem

SOURCE = "en"
# Turkish without its dotless i and Vietnamese without its tones say other words (sms.md, 5).
FOLDING_FORBIDDEN = ("tr", "vi")


@dataclass(frozen=True)
class LanguageSource:
    """One language as it is in locales/.

    Attributes:
        language: its row.
        texts: what its row promises: `full`, `card`, or `none` where it is only understood.
        words: where a word leads (a topic id, or menu, close ...) -> the words, as written.
        translations: (msgctxt, msgid) -> msgstr; none for English, which is the source.
        fuzzy: (msgctxt, msgid) -> line, of translations that must not be served.
        approvals: the fingerprints of the strings that have been read.
        recordings: code -> fingerprint of what somebody has read out of that screen.
    """

    language: Language
    texts: str
    words: YamlMapping
    translations: Translations
    fuzzy: Fuzzy
    approvals: Approvals
    recordings: YamlMapping

    @property
    def has_texts(self) -> bool:
        return self.texts != "none"

    def translate(self, context: str, message: str) -> str | None:
        """Return a text in this language, or None where it has no translation to be served."""
        if self.language.tag == SOURCE:
            return message
        return self.translations.get((context, message))

    def names(self) -> Iterator[str]:
        """Yield what the language is called: its word, its own name, and others' names for it."""
        yield self.language.word
        yield self.language.label
        yield from self.language.own_name.split(" / ")
        yield from self.language.norwegian.split(" / ")
        locale = Locale.parse(self.language.locale)
        if not locale.territory:  # Dari is Persian of Afghanistan to Babel
            yield from (locale.get_language_name(other) or "" for other in ("nb", "en", locale))
        yield from self.words.get("names", ())


def load_languages(
    folder: Path, topics: Collection[str], faults: list[Problem]
) -> dict[str, LanguageSource]:
    """Read locales/, adding every fault found, and return the languages by their numbers."""
    rows = load_yaml(folder / "languages.yaml", faults)
    found: list[Problem] = []
    sound = dict(rows.rows(found))
    for tag, row in sound.items():
        found += _row_faults(tag, row, sound)
    faults += found
    if found:
        return {}
    tongues = [
        _language_source(folder / tag, tag, row, topics, faults) for tag, row in sound.items()
    ]
    tongues.sort(key=lambda tongue: int(tongue.language.number))
    return {tongue.language.tag: tongue for tongue in tongues}


def _language_source(
    folder: Path, tag: str, row: YamlMapping, topics: Collection[str], faults: list[Problem]
) -> LanguageSource:
    words = load_yaml(folder / "words.yaml", faults)
    rules = schema.WORDS_OPTIONAL | dict.fromkeys(topics, schema.WORDS_OPTIONAL["names"])
    faults += words.check({}, rules)
    has_catalog = row["texts"] != "none" and tag != SOURCE
    catalog = folder / "LC_MESSAGES" / "messages.po"
    entries = load_catalog(catalog, faults) if has_catalog else Entries({}, {})
    fields = schema.LANGUAGE.keys() | (schema.LANGUAGE_OPTIONAL.keys() & row.keys())
    return LanguageSource(
        Language(tag=tag, **{key: row[key] for key in fields}),
        row["texts"],
        words,
        entries.translations,
        entries.fuzzy,
        load_approvals(folder / "review.yaml", faults),
        _recordings(folder / "recordings.yaml", faults),
    )


def _recordings(path: Path, faults: list[Problem]) -> YamlMapping:
    """Return what has been recorded; a language that nobody has read out needs no file."""
    recordings = load_yaml(path, faults) if path.exists() else YamlMapping(path)
    faults += recordings.check({}, dict.fromkeys(recordings, schema.RECORDING))
    return recordings


def _row_faults(tag: str, row: YamlMapping, rows: dict[str, YamlMapping]) -> Iterator[Problem]:
    yield from row.check(schema.LANGUAGE | schema.LANGUAGE_WITH_TEXTS, schema.LANGUAGE_OPTIONAL)
    if "fold" in row and tag in FOLDING_FORBIDDEN:
        yield row.problem("fold", f"folding {tag} changes what words mean", "Take the table out")
    for key in ("number", "word"):
        twins = [other for other in rows if other != tag and rows[other].get(key) == row.get(key)]
        if twins:
            yield row.problem(key, f"{key} is also that of {twins[0]}", "Give it one of its own")
    if problem := reserved_reason(normalise(str(row.get("word")))):
        yield row.problem("word", f"word {problem}", "Choose another word")
    if "locale" in row and not _is_locale(row["locale"]):
        yield row.problem("locale", f"Babel does not know {row['locale']}", "Use one that it knows")
    if "label" in row and count(str(row["label"])).encoding != "GSM-7":
        yield row.problem("label", "label is not GSM-7", "Write it in plain letters")


def _is_locale(name: object) -> bool:
    try:
        return bool(Locale.parse(str(name)))
    except (UnknownLocaleError, ValueError):
        return False
