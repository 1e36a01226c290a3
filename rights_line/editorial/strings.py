"""Bring the strings of content/ into the catalogs: `make strings`."""

import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from babel.messages.catalog import Catalog

from rights_line.content.files import yaml_file
from rights_line.content.files.catalogs import EnglishString, english_strings
from rights_line.content.files.content_reader import content_files
from rights_line.content.files.yaml_file import display_path
from rights_line.editorial import po_files
from rights_line.editorial.replace_files import replace_files
from rights_line.errors import ConfigurationError, Problem


def with_texts(catalog: Catalog, texts: Iterable[EnglishString]) -> Catalog:
    """Return a catalog with texts that are not translated."""
    for text in texts:
        notes, places = [text.note], [(display_path(text.path), 0)]
        catalog.add(text.message, context=text.context, auto_comments=notes, locations=places)
    return catalog


def update(root: Path) -> None:
    """Update the catalogs in a folder with the texts of its content/ (`make strings`).

    Raises:
        ConfigurationError: a file of content/ cannot be read; nothing is written.
    """
    problems: list[Problem] = []
    documents = [yaml_file.load(path, problems) for path in content_files(root / "content")]
    if problems:
        raise ConfigurationError(problems)
    template = with_texts(Catalog(), chain.from_iterable(map(english_strings, documents)))
    merged = {
        path: po_files.read_file(path) for path in root.glob("locales/*/LC_MESSAGES/messages.po")
    }
    for catalog in merged.values():
        po_files.merge_file(catalog, template)
    replace_files({path: po_files.file_bytes(catalog) for path, catalog in merged.items()})


if __name__ == "__main__":
    update(Path(sys.argv[1]))
