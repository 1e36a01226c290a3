"""Start the translation of a language: its row, its folder, an empty catalog, a table of words.

The row in languages.yaml holds what Unicode CLDR knows.
"""

import re
import unicodedata
from pathlib import Path

import yaml
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.messages.catalog import Catalog

from rights_line.content import ContentSources
from rights_line.content.catalogs import FILE
from rights_line.content.languages import ENGLISH
from rights_line.core.sms import count_sms
from rights_line.editorial import po_files
from rights_line.errors import ConfigurationError, Problem
from rights_line.library.file import copied_texts, replace_files

# Keys of words.yaml beside the concepts; `numbers` must hold nine words, and `everyone` is English.
_OTHER_KEYS = ("names", "joiners", "call", "avoid")


def start(sources: ContentSources, tag: str, word: str = "") -> list[Path]:
    """Write the files of a new language, and return their paths.

    No file is overwritten. The word that selects it is in capitals, and by default made from its
    own name.

    Raises:
        ConfigurationError: the language cannot be added; nothing is written.
        OSError: a file cannot be written.
    """
    locale = _locale(sources, tag)
    root, folder = sources.root, sources.root / "locales" / tag
    files = {
        folder / FILE: po_files.file_bytes(_catalog(sources, tag)),
        folder / "NOTES.md": f"# {tag}: notes for the native reader\n".encode(),
        folder / "words.yaml": _words(sources, locale).encode(),
    }
    files = {path: data for path, data in files.items() if not path.exists()}
    rows = root / "locales" / "languages.yaml"
    row = yaml.safe_dump(
        {tag: _row(sources, locale, word)},
        sort_keys=False,
        default_flow_style=None,  # each list on one line
        allow_unicode=True,
        width=1000,
    )
    files[rows] = rows.read_bytes() + row.encode()  # last: the row needs the other files
    with copied_texts(root, files) as copy:
        ContentSources(copy)  # reads all as the line would, to find every problem
    (folder / FILE).parent.mkdir(parents=True, exist_ok=True)
    replace_files(files)
    return list(files)


def _locale(sources: ContentSources, tag: str) -> Locale:
    """Return the locale of a language that can be started; raise ConfigurationError for others."""
    if tag in sources.languages:
        raise _refusal(tag, "has a row in languages.yaml", f"Run: rights-line status {tag}")
    try:
        locale = Locale.parse(tag.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        fix = "Write it as CLDR does, such as cs or pt-BR, or add row and folder by hand"
        raise _refusal(tag, "must be a language of Unicode CLDR", fix) from None
    if tag != (canonical := str(locale).replace("_", "-")):
        raise _refusal(tag, f"must be written {canonical}", "Correct the tag")
    return locale


def _refusal(tag: str, summary: str, fix: str) -> ConfigurationError:
    return ConfigurationError([Problem(f"language {tag}", summary, fix)])


def _row(sources: ContentSources, locale: Locale, word: str) -> dict[str, object]:
    script = locale.script or get_global("likely_subtags").get(str(locale), "__").split("_")[1]
    own_name = str(locale.get_display_name()).capitalize()
    names = (own_name, str(locale.get_display_name(ENGLISH)))
    label = word.title() or next(filter(None, map(_latin_name, names)), "")
    long, short = (
        [locale.days["format"][width][day] for day in range(7)] for width in ("wide", "abbreviated")
    )
    fits = count_sms(own_name + "".join(long)).encoding == "GSM-7"
    latin = "GSM-7" if fits else "folded"
    return {
        "number": str(max(int(row.language.number) for row in sources.languages.values()) + 1),
        "word": label.upper(),
        "label": label,
        "own_name": own_name,
        "norwegian": locale.get_display_name("nb"),
        "english": locale.english_name,
        "locale": str(locale),
        "weekdays": long,
        "weekdays_short": short,
        "script": script,
        "direction": "rtl" if locale.text_direction == "rtl" else "ltr",
        "encoding": latin if script == "Latn" else "UCS-2",
        "texts": "started",
    }


def _latin_name(name: str) -> str:
    """Return a name in letters A to Z, or "" if it has none or others."""
    plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return plain if re.fullmatch("[A-Za-z]{4,}", plain) else ""


def _words(sources: ContentSources, locale: Locale) -> str:
    """Return words.yaml with every concept, empty, below its question."""
    lines = [
        f"# Words and phrases that people write in {locale.get_display_name(ENGLISH)}.",
        "# Unreviewed draft; see locales/en/words.yaml for the keys.",
        *(f"# {row.question}\n{name}: []" for name, row in sources.concepts.items()),
        *(f"{key}: []" for key in _OTHER_KEYS),
    ]
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
    return po_files.with_texts(catalog, sources.texts)
