"""Read, merge and write .po files; fuzzy entries keep their previous msgid.

Babel reads `#|` lines as comments of the translator and wraps them, which gettext forbids: msgfmt
and Poedit reject the output of `pybabel update --previous`. This module writes them unwrapped.
"""

import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import denormalize, normalize, read_po, write_po

from rights_line.editorial.replace_files import replace_files

_PREVIOUS = "| "
_DOUBT = "doubt:"

_Key = tuple[str | None, str]  # msgctxt, msgid


def file_path(root: Path, tag: str) -> Path:
    return root / "locales" / tag / "LC_MESSAGES" / "messages.po"


def read_file(path: Path) -> Catalog:
    catalog = read_po(BytesIO(path.read_bytes()), abort_invalid=True)
    for message in catalog:
        if previous := [row for row in message.user_comments if row.startswith(_PREVIOUS)]:
            message.previous_id = [_previous_msgid(previous)]
            message.user_comments = [row for row in message.user_comments if row not in previous]
    return catalog


def doubts(path: Path) -> dict[tuple[str, str], list[str]]:
    """Return what the translator was not sure of: (msgctxt, msgid) -> sentences.

    They are the comments of the entry from "doubt:" on. English has no catalog.
    """
    found = {
        (str(message.context), str(message.id)): " ".join(message.user_comments).split(_DOUBT)[1:]
        for message in _entries(path)  # Babel wraps long comments
    }
    return {key: [*map(str.strip, sentences)] for key, sentences in found.items() if sentences}


def drafts(path: Path) -> dict[tuple[str, str], str]:
    """Return the fuzzy translations, which are of an earlier English: (msgctxt, msgid) -> text."""
    return {
        (str(message.context), str(message.id)): str(message.string)
        for message in _entries(path)
        if message.fuzzy
    }


def _entries(path: Path) -> list[Message]:
    return [message for message in read_file(path) if message.id] if path.exists() else []


def file_bytes(catalog: Catalog) -> bytes:
    stream = BytesIO()
    write_po(stream, catalog, width=0)
    text = stream.getvalue().decode()
    for message in catalog:
        if message.fuzzy and message.previous_id:
            entry = _entry(message)
            msgid = f"msgid {normalize(message.previous_id[0], width=0)}"
            commented = "".join(f"#{_PREVIOUS}{line}\n" for line in msgid.split("\n"))
            text = text.replace(f"\n{entry}", f"\n{commented}{entry}")
    return text.encode()


def merge_file(catalog: Catalog, template: Catalog) -> None:
    """Update a catalog with the texts of a template.

    If an English text has changed, its translation becomes a fuzzy entry that keeps the English it
    was made from. If an English text was removed, its translation becomes obsolete (`#~`). When the
    earlier English comes back, so does its translation, as it was.
    """
    texts = {_key(text): text for text in template if text.id}
    present = {_key(entry): entry for entry in catalog if entry.id}
    originals = map(_original_entry, (*catalog.obsolete.values(), *present.values()))
    made = {_key(entry): entry for entry in originals if entry.string}
    sources = _sources([*texts], present, made)
    for entry in present.values():
        catalog.delete(entry.id, entry.context)
    for key, text in texts.items():
        entry = _entry_of(text, present.get(key), sources.get(key), made)
        entry.auto_comments, entry.locations = text.auto_comments, text.locations
        catalog[entry.id] = entry
    catalog.obsolete.clear()
    retired = {(str(entry.id), str(entry.context)): entry for entry in made.values()}
    catalog.obsolete.update(row for row in sorted(retired.items()) if not row[1].fuzzy)


def _sources(
    wanted: Sequence[_Key], present: Mapping[_Key, Message], made: Mapping[_Key, Message]
) -> dict[_Key, _Key]:
    """Return which English the translation of each text was made from, if it has one."""
    drafts = {key: _key(_original_entry(entry)) for key, entry in present.items()}
    sources = {key: key for key in wanted if key in made}
    for key in wanted:
        if key in drafts and drafts[key] in made and drafts[key] not in sources.values():
            sources.setdefault(key, drafts[key])
    gone = {
        key: source
        for key, source in drafts.items()
        if source in made and not {key, source} & {*wanted}
    }
    for context, text in wanted:
        if (context, text) not in {*sources, *present}:
            candidates = [old for other, old in gone if other == context]
            for old in get_close_matches(text, candidates, n=1):
                sources[context, text] = gone.pop((context, old))
    return sources


def _entry_of(
    text: Message, present: Message | None, source: _Key | None, made: dict[_Key, Message]
) -> Message:
    """Return the entry of a text, and take its translation out of `made`."""
    if not source:
        return (present if present and not present.string else text).clone()
    entry = made.pop(source)
    entry.flags |= text.flags
    if source != _key(text):
        entry.id = text.id
        if not entry.fuzzy:  # else its translation is of an earlier English
            entry.flags.add("fuzzy")
            entry.previous_id = [source[1]]
    return entry


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
    text = "\n".join(line.removeprefix(_PREVIOUS) for line in lines)
    return str(denormalize(f"\n{text}".partition("\nmsgid ")[2]))


def _entry(message: Message) -> str:
    context = f"msgctxt {normalize(message.context, width=0)}\n" if message.context else ""
    return f"{context}msgid {normalize(str(message.id), width=0)}\n"


def _key(message: Message) -> _Key:
    return message.context, str(message.id)


def update(template: str, *catalogs: str) -> None:
    """Update .po files with the texts of a template (`make strings`)."""
    texts = read_file(Path(template))
    merged = {path: read_file(path) for path in map(Path, catalogs)}
    for catalog in merged.values():
        merge_file(catalog, texts)
    replace_files({path: file_bytes(catalog) for path, catalog in merged.items()})


if __name__ == "__main__":
    update(*sys.argv[1:])
