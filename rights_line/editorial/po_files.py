"""Read, merge and write .po files, and bring the strings of content/ into them: `make strings`.

Fuzzy entries keep their previous msgid.
Babel reads `#|` lines as comments of the translator and wraps them, which gettext forbids: msgfmt
and Poedit reject the output of `pybabel update --previous`. This module writes them unwrapped.
"""

import sys
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from io import BytesIO
from itertools import chain
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import denormalize, normalize, read_po, write_po

from rights_line.content import yaml_file
from rights_line.content.catalogs import FILE, PREVIOUS, EnglishString, english_strings
from rights_line.content.content_reader import content_files
from rights_line.content.yaml_file import display_path
from rights_line.errors import ConfigurationError, Problem
from rights_line.library.file import replace_files

_Key = tuple[str | None, str]  # msgctxt, msgid


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
    merged = {path: read_file(path) for path in root.glob(f"locales/*/{FILE}")}
    for catalog in merged.values():
        merge_file(catalog, template)
    replace_files({path: file_bytes(catalog) for path, catalog in merged.items()})


def read_file(path: Path) -> Catalog:
    catalog = read_po(BytesIO(path.read_bytes()), abort_invalid=True)
    for message in catalog:
        if previous := [row for row in message.user_comments if row.startswith(PREVIOUS)]:
            message.previous_id = [_previous_msgid(previous)]
            message.user_comments = [row for row in message.user_comments if row not in previous]
    return catalog


def file_bytes(catalog: Catalog) -> bytes:
    stream = BytesIO()
    write_po(stream, catalog, width=0)
    text = stream.getvalue().decode()
    for message in catalog:
        if message.fuzzy and message.previous_id:
            entry = _entry(message)
            msgid = f"msgid {normalize(message.previous_id[0], width=0)}"
            commented = "".join(f"#{PREVIOUS}{line}\n" for line in msgid.split("\n"))
            text = text.replace(f"\n{entry}", f"\n{commented}{entry}")
    return text.encode()


def merge_file(catalog: Catalog, template: Catalog) -> None:
    """Update a catalog with the texts of a template.

    If an English text has changed, its translation becomes a fuzzy entry that keeps the English it
    was made from. If an English text was removed, its translation becomes obsolete (`#~`). When the
    earlier English comes back, so does its translation, as it was.
    """
    wanted = [_key(message) for message in template if message.id]
    _restore_entries(catalog, wanted)
    _rename_entries(catalog, wanted)
    previous = {_key(message): message.previous_id for message in catalog}
    # Babel's own matching also takes the translation of another text, or of another msgctxt.
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    for message in catalog:
        message.previous_id = previous.get(_key(message), [])
    _retire_entries(catalog)


def _restore_entries(catalog: Catalog, wanted: Sequence[_Key]) -> None:
    """Take back the translation of each text that was there before."""
    found = {
        (message.context, str(message.previous_id[0])): message
        for message in catalog
        if message.fuzzy and message.previous_id
    } | {_key(message): message for message in catalog.obsolete.values()}
    present = {_key(message): message for message in catalog}
    for key in wanted:
        # An entry may be of an earlier version, which left it fuzzy when its text came back.
        if key in found and (key not in present or present[key] is found[key]):
            context, text = key
            for each in (text, str(found[key].id)):  # a text like this one loses its draft
                catalog.delete(each, context)
            catalog[text] = _original_entry(found[key])


def _rename_entries(catalog: Catalog, wanted: Sequence[_Key]) -> None:
    """Give each translation whose English changed to the new English, as fuzzy."""
    present = {_key(message): message for message in catalog if message.string}
    gone = [
        key
        for key, message in present.items()
        if not {key, _key(_original_entry(message))} & {*wanted}
    ]
    for context, text in wanted:
        if catalog.get(text, context):
            continue
        candidates = [old for other, old in gone if other == context]
        for old in get_close_matches(text, candidates, n=1):
            gone.remove((context, old))
            catalog.delete(old, context)
            message = present[context, old]
            message.id = text
            if not message.fuzzy:  # else its translation is of an earlier English
                message.flags.add("fuzzy")
                message.previous_id = [old]
            catalog[text] = message


def _retire_entries(catalog: Catalog) -> None:
    """Keep the translations that are not used any more, each with the English it was made from."""
    retired = {
        (str(message.id), str(message.context)): message
        for message in map(_original_entry, catalog.obsolete.values())
        if message.string and not message.fuzzy and not catalog.get(message.id, message.context)
    }
    catalog.obsolete.clear()
    catalog.obsolete.update(sorted(retired.items()))


def _original_entry(message: Message) -> Message:
    """Return a fuzzy entry as it was before its English changed, any other as it is."""
    original = message.clone()
    if message.fuzzy and message.previous_id:
        original.id = message.previous_id[0]
        original.previous_id = []
        original.flags.discard("fuzzy")
    return original


def _previous_msgid(lines: list[str]) -> str:
    """Return the msgid of the `#|` lines of an entry; a msgctxt before it is skipped."""
    text = "\n".join(line.removeprefix(PREVIOUS) for line in lines)
    return str(denormalize(f"\n{text}".partition("\nmsgid ")[2]))


def _entry(message: Message) -> str:
    context = f"msgctxt {normalize(message.context, width=0)}\n" if message.context else ""
    return f"{context}msgid {normalize(str(message.id), width=0)}\n"


def _key(message: Message) -> _Key:
    return message.context, str(message.id)


if __name__ == "__main__":
    update(Path(sys.argv[1]))
