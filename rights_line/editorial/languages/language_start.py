"""Start the translation of a language: its row, its folder, an empty catalog, a table of words."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from babel import Locale
from babel.messages.catalog import Catalog

from rights_line.content.files.languages import ENGLISH
from rights_line.content.files.yaml_mapping import display_path
from rights_line.content.loader import ContentSources
from rights_line.editorial import po_files
from rights_line.editorial.languages import language_row
from rights_line.editorial.languages.language_row import STARTED, language_row_locale
from rights_line.editorial.replace_files import replace_files

_EXAMPLES = 8  # English words above a list of words.yaml
# Keys of words.yaml beside the concepts; `numbers` must hold nine words, and `everyone` is English.
_OTHER_KEYS = ("names", "joiners", "call", "avoid")


def start_language(sources: ContentSources, root: Path, tag: str, word: str = "") -> list[Path]:
    """Write the files of a new language, and return their paths.

    A language that is only understood so far keeps its words; no file is overwritten.

    The word that selects it is in capitals, and by default made from its own name.

    Raises:
        ConfigurationError: the language cannot be added; nothing is written.
        OSError: a file cannot be written.
    """
    known = sources.languages.get(tag)
    if known and known.has_catalog:
        raise language_row.refusal(tag, "is translated already", f"Run: rights-line status {tag}")
    if known and word:
        summary = f"is understood already, by the word {known.language.word}"
        raise language_row.refusal(
            tag, summary, "Leave out --word, or change word: in locales/languages.yaml"
        )
    rows = root / "locales" / "languages.yaml"
    text = rows.read_bytes().decode()
    locale = language_row_locale(known.language.locale if known else tag, tag)
    if not known and tag != (canonical := str(locale).replace("_", "-")):
        raise language_row.refusal(tag, f"must be written {canonical}", "Correct the tag")
    folder = root / "locales" / tag
    files = {
        po_files.file_path(root, tag): po_files.file_bytes(_catalog(sources, tag)),
        folder / "NOTES.md": f"# {tag}: notes for the native reader\n".encode(),
        folder / "words.yaml": _words(sources, locale).encode(),
    }
    files = {path: data for path, data in files.items() if not path.exists()}
    row = "\n".join(language_row.new(sources, tag, locale, word))
    after = language_row.with_started(text, tag, locale) if known else f"{text}{row}\n"
    files[rows] = after.encode()  # last: the row needs the other files
    if _sources(root, tag, files).languages[tag].texts != STARTED:
        raise language_row.refusal(
            tag, "has a row that cannot be edited", "Write `texts: none` on its own line"
        )
    made = [path for path in (folder, folder / "LC_MESSAGES") if not path.exists()]
    folder.joinpath("LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    try:
        replace_files(files)
    except OSError:
        for path in reversed(made):
            path.rmdir()
        raise
    return list(files)


def _words(sources: ContentSources, locale: Locale) -> str:
    """Return words.yaml with every concept, empty, below its question or some English words."""
    english = sources.languages[ENGLISH].written_words
    questions = {name: row.question for name, row in sources.concepts.items()}
    lines = [
        f"# Words and phrases that people write in {locale.get_display_name(ENGLISH)}.",
        "# Unreviewed draft; see locales/en/words.yaml for the keys.",
    ]
    for key in (*questions, *_OTHER_KEYS):
        examples = ", ".join(english.get(key, ())[:_EXAMPLES])
        lines += [f"# {questions.get(key) or examples}", f"{key}: []"]
    return "\n".join(lines) + "\n"


def _catalog(sources: ContentSources, tag: str) -> Catalog:
    """Return a catalog without translations, as `make strings` writes it."""
    catalog = Catalog(
        tag.replace("-", "_"),
        project="rights-line",
        version="",
        header_comment="",
        msgid_bugs_address="see CONTRIBUTING.md",
        last_translator="none yet",
        language_team="none yet",
        fuzzy=False,
    )
    for text in sources.texts:
        notes, places = [text.note], [(display_path(text.path), 0)]
        catalog.add(text.message, context=text.context, auto_comments=notes, locations=places)
    return catalog


def _sources(root: Path, tag: str, files: Mapping[Path, bytes]) -> ContentSources:
    """Return a copy of all files with the new ones, as the line reads them.

    Raises:
        ConfigurationError: with every problem, such as a word that selects another language.
    """
    with TemporaryDirectory() as copy:
        for name in ("content", "locales"):
            shutil.copytree(root / name, Path(copy) / name)
        copies = {Path(copy) / path.relative_to(root): data for path, data in files.items()}
        for path in copies:
            path.parent.mkdir(parents=True, exist_ok=True)
        replace_files(copies)
        return ContentSources(Path(copy))
