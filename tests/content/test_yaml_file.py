"""YAML files: line numbers, the rule of schema.py for each key, and the strings."""

import csv
from pathlib import Path

import pytest

from rights_line.content import rules, schema, tables, words, yaml_file
from rights_line.content.approvals_file import READING, READING_OPTIONAL
from rights_line.content.catalogs import english_strings
from rights_line.content.yaml_file import Rules, YamlMapping
from rights_line.library import ROOT
from tests.support.folders import NEW_TOPIC, change, topic

RULES: dict[str, Rules] = {
    "contact": schema.CONTACT | schema.CONTACT_OPTIONAL,
    "topic": schema.TOPIC | schema.TOPIC_OPTIONAL,
    "passage": schema.PASSAGE | schema.PASSAGE_OPTIONAL,
    "phrase": schema.PHRASE_OPTIONAL,
    "language": schema.LANGUAGE | schema.LANGUAGE_OPTIONAL,
    "own_letters": words.OWN_LETTERS | words.OWN_LETTERS_OPTIONAL,
    "words": schema.WORDS_OPTIONAL,
    "concept": words.CONCEPT | words.CONCEPT_OPTIONAL,
    "country": tables.COUNTRY,
    "spelling": words.SPELLING,
    "decision": tables.DECISION,
    "reading": READING | READING_OPTIONAL,
}
# Keys with their valid and their invalid values, as written in YAML between bars.
TABLE = (ROOT / "tests" / "data" / "yaml_values.tsv").read_text("utf-8").splitlines()
VALUES = [*csv.DictReader(TABLE, delimiter="\t", quoting=csv.QUOTE_NONE)]


def row_of(path: Path, text: str) -> YamlMapping:
    """Return the mapping that a text is in a file."""
    path.write_text(text, "utf-8")
    return yaml_file.load(path, [])


def test_values_name_every_key_of_the_schema_once() -> None:
    named = [name for row in VALUES for name in row["keys"].split()]
    assert sorted(named) == sorted(f"{kind}.{key}" for kind in RULES for key in RULES[kind])


@pytest.mark.parametrize("values", VALUES, ids=lambda row: row["keys"])
def test_value_of_a_key_is_a_problem_at_its_line_with_a_fix_if_it_is_invalid(
    tmp_path: Path, values: dict[str, str]
) -> None:
    invalid = values["invalid"].split(" | ")
    for kind, key in (name.split(".") for name in values["keys"].split()):
        for value in (*filter(None, values["valid"].split(" | ")), *invalid):
            row = row_of(tmp_path / "zz.yaml", f"# Zz\n{key}: {value}\n")
            found = list(row.problems({key: RULES[kind][key]}, {}))
            assert bool(found) == (value in invalid), (kind, key, value, found)
            assert all(each.place == "zz.yaml:2" and each.fix for each in found), found


def test_missing_unknown_and_wrong_keys_are_problems(tmp_path: Path) -> None:
    """The value of a misspelt key would be lost."""
    row = row_of(tmp_path / "zz.yaml", "a: Zz\nb: 5\nzz: Zz\n")
    keys = {"a": rules.TEXT, "c": rules.TEXT}, {"b": rules.TEXT, "d": rules.TEXT}
    assert {problem.place: problem.summary for problem in row.problems(*keys)} == {
        "zz.yaml:1": "c is missing",
        "zz.yaml:2": f"b: expected {rules.TEXT.expected}, got 5 (int)",
        "zz.yaml:3": "zz is not a known key",
    }


def test_wrong_key_of_a_row_in_a_list_is_a_problem_at_its_own_line(tmp_path: Path) -> None:
    row = row_of(tmp_path / "zz.yaml", "a:\n  - b: Zz\n    c: 5\n  - c: Zz\n")
    found = row.problems({"a": rules.rows({"b": rules.TEXT}, {"c": rules.TEXT})}, {})
    assert [problem.place for problem in found] == ["zz.yaml:3", "zz.yaml:4"]


@pytest.mark.parametrize("key", ["zz", "1", "0", "41", "no", "on", "yes", "null", "2026-11-24"])
def test_keys_are_read_as_written(tmp_path: Path, key: str) -> None:
    """`no` is a language and `on` a key; YAML 1.1 would read them as booleans."""
    path = tmp_path / "zz.yaml"
    path.write_text(f"{key}: Zz\n")
    assert list(yaml_file.load(path, [])) == [key]


def test_english_strings_are_title_and_text_with_line_and_source(tmp_path: Path) -> None:
    """`make strings` uses it."""
    change(tmp_path, NEW_TOPIC, topic("Call {rosa}."))
    found = [*english_strings(yaml_file.load(tmp_path / NEW_TOPIC, []))]
    assert [(row.line, row.key) for row in found] == [
        (2, ("zz", "Zz")),
        (4, ("zz", "Call {rosa}.")),
    ]
    assert all(row.note.endswith("tests") for row in found)
