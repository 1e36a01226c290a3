"""Merging a catalog: a text that comes back has its translation again."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_line.editorial import po_files

Keys = list[tuple[str, str]]  # msgctxt and msgid of each text

# Alike, so that each may be taken for a change of another.
TEXTS = ("Talk to someone", "Talk to somebody", "Talk to some body", "Talk to us", "Call", "Pay")
keys = st.tuples(st.sampled_from(("talk", "work")), st.sampled_from(TEXTS))
texts = st.lists(keys, unique=True)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog, which each example writes anew."""
    return tmp_path_factory.mktemp("catalog") / "messages.po"


def merge(path: Path, rows: Keys) -> bytes:
    """Bring these texts into a catalog, and return its content."""
    template = Catalog()
    for context, text in rows:
        template.add(text, context=context, auto_comments=[f"Text of {context}"])
    catalog = po_files.read_file(path)
    po_files.merge_file(catalog, template)
    path.write_bytes(po_files.file_bytes(catalog))
    return path.read_bytes()


@settings(deadline=None)  # each example writes files
@given(
    first=texts,
    # Not both: an untranslated text may get the translation of an obsolete one as a draft.
    spare=st.one_of(st.tuples(texts, st.just(set())), st.tuples(st.just([]), st.sets(keys))),
    others=st.lists(texts, max_size=4),
)
def test_merge_after_the_first_texts_come_back_gives_the_first_catalog(
    path: Path, first: Keys, spare: tuple[Keys, set[tuple[str, str]]], others: list[Keys]
) -> None:
    """Whatever the texts were in between; `spare`: obsolete ones, or ones without translation."""
    obsolete, bare = spare
    catalog = Catalog()
    for context, text in {**dict.fromkeys(first), **dict.fromkeys(obsolete)}:
        if (context, text) in bare:
            catalog.add(text, context=context)
        else:
            string = f"{text} in {context}"
            catalog.add(text, string, context=context, user_comments=["doubt: right?"])
    path.write_bytes(po_files.file_bytes(catalog))
    before = merge(path, first)

    for rows in others:
        merge(path, rows)

    assert merge(path, first) == before


def test_merge_new_text_like_another_has_no_translation(path: Path) -> None:
    """Neither that of a text which is still used, nor that of another msgctxt."""
    catalog = Catalog()
    for context, text in (("talk", "Talk to someone"), ("work", "Pay me")):
        catalog.add(text, "Zz", context=context)
    path.write_bytes(po_files.file_bytes(catalog))

    merge(path, [("talk", "Talk to someone"), ("talk", "Talk to somebody"), ("talk", "Pay me")])

    merged = {(row.context, row.id): row.string for row in po_files.read_file(path) if row.id}
    assert merged == {
        ("talk", "Talk to someone"): "Zz",
        ("talk", "Talk to somebody"): "",
        ("talk", "Pay me"): "",
    }


def test_merge_translation_with_a_doubt_of_its_own_stays_fuzzy(path: Path) -> None:
    """A translator marked it, so no earlier English makes it right."""
    catalog = Catalog()
    catalog.add("Talk to someone", "Zz", context="talk", flags=["fuzzy"])
    path.write_bytes(po_files.file_bytes(catalog))
    before = merge(path, [("talk", "Talk to someone")])

    merge(path, [("talk", "Talk to somebody")])

    assert merge(path, [("talk", "Talk to someone")]) == before
    assert b"#, fuzzy" in before


def test_merge_entries_with_one_previous_text_keep_both_drafts(path: Path) -> None:
    """Gettext's msgmerge takes one translation for two new texts that are alike."""
    catalog = Catalog()
    for text in ("Talk to us", "Talk to somebody"):
        entry = catalog.add(text, "Zz", context="talk", flags=["fuzzy"])
        entry.previous_id = ["Talk to someone"]
    path.write_bytes(po_files.file_bytes(catalog))

    merge(path, [("talk", "Talk to us"), ("talk", "Talk to somebody")])

    merged = {row.id: (row.string, row.fuzzy) for row in po_files.read_file(path) if row.id}
    assert merged == {"Talk to us": ("Zz", True), "Talk to somebody": ("Zz", True)}
