"""YAML files: line numbers, the rule of schema.py for each key, and extraction."""

from pathlib import Path

import pytest

from rights_line.content.approvals.approvals_file import READING, READING_OPTIONAL
from rights_line.content.files import schema, tables, yaml_file
from rights_line.content.files.catalogs import extract_strings
from rights_line.content.files.yaml_mapping import TEXT, Rules, YamlMapping, rows_rule
from rights_line.errors import Problem
from tests.support.cli import run_python
from tests.support.folders import NEW_TOPIC, change, put, topic

NO_TEXT = ["5", "yes", "null", "2026-11-24", "[Zz]", "{a: Zz}", '""', '" Zz"', '"Z\\nz"']
NO_LIST = ["Zz", "5", "yes", "{a: Zz}", "null"]
NO_TEXTS = [*NO_LIST, "[5]", "[yes]", '[""]', "[[Zz]]"]
NO_PHRASES = [*NO_TEXTS[1:], r'"Zz\n\nz"', r'"Zz \nz"', r'["Zz\nz"]']
NO_CODE = ["4", '""', '"0"', '"00"', '"04"', '"4a"', '"4 1"', '"1234567"', "[4]", "null"]
WEEK = "[Mo, Tu, We, Th, Fr, Sa, Su]"
SPAN = 'days: [mon, tue], from: "10:00", to: "15:00"'
NEXT_LINE = r"\n"

RULES: dict[str, Rules] = {
    "contact": schema.CONTACT | schema.CONTACT_OPTIONAL,
    "topic": schema.TOPIC | schema.TOPIC_OPTIONAL,
    "passage": schema.PASSAGE | schema.PASSAGE_OPTIONAL,
    "phrase": schema.PHRASE_OPTIONAL,
    "language": schema.LANGUAGE
    | schema.LANGUAGE_WITH_TEXTS
    | schema.LANGUAGE_OPTIONAL
    | schema.LANGUAGE_EDITORIAL,
    "words": schema.WORDS_OPTIONAL,
    "concept": schema.CONCEPT | schema.CONCEPT_OPTIONAL,
    "country": tables.COUNTRY,
    "spelling": tables.SPELLING,
    "decision": tables.DECISION,
    "reading": READING | READING_OPTIONAL,
}
# Keys, their valid and their invalid values, as written in YAML.
VALUES: list[tuple[str, list[str], list[str]]] = [
    ("contact: name text", ["Zz", "Z z"], NO_TEXT),
    ("topic: title text", ["Zz"], NO_TEXT),
    ("passage: title text", ["Zz"], NO_TEXT),
    ("phrase: text note", ["Zz"], NO_TEXT),
    ("language: label own_name english norwegian", ["Zz", "العربية"], NO_TEXT),
    ("concept: question", ["Zz"], NO_TEXT),
    ("country: name title", ["Zz"], NO_TEXT),
    ("spelling: endings", ["Zz"], NO_TEXT),
    ("reading: msgctxt suggestion note", ["Zz"], NO_TEXT),
    ("phrase: fixed", ["Zz", '"Z\\nz"'], ["5", "[Zz]", '""', '"Zz\\n"']),
    (
        "contact: interpreter free anonymous emergency",
        ["true", "false"],
        ['"true"', "0", "1", "null", "[yes]", "{a: yes}"],
    ),
    ("concept: certain aside", ["true", "false"], ["1", "'true'", "null"]),
    (
        "contact: verified_on verify_by",
        ["2026-11-24"],
        ['"2026-11-24"', "2026", "2026-11-24 10:00:00", "yesterday", "null"],
    ),
    ("reading: on", ["2026-11-24"], ['"2026-11-24"', "2026", "yesterday", "null"]),
    ("contact: verified_by", ["AB"], [*NO_TEXT, "A", "Kari Nordmann"]),
    ("reading: by", ["AB", "åsæ", "ABCDE"], [*NO_TEXT, "A", "ABCDEF", "A.B.", "Kari Nordmann"]),
    (
        "contact: number",
        ['"112"', '"02800"', '"22 33 11 60"'],
        ["112", '"1"', '"+47 22"', '" 112"', '"112 "', '"22-33"', '"٢٢"', "null"],
    ),
    (
        "contact: e164",
        ['"+4722331160"'],
        ["+4722331160", '"4722331160"', '"+47 22331160"', '"+47"'],
    ),
    (
        "contact: hours",
        ["always", f"[{{{SPAN}}}]", f"[{{{SPAN}}}, {{{SPAN}}}]"],
        [
            *("5", "never", "[]", "{}", "null", "[always]", f"{{{SPAN}}}"),
            *(
                f"[{{{SPAN.replace(old, new)}}}]"
                for old, new in (
                    *(("mon, tue", ""), ("mon, tue", "mon, wed"), ("mon, tue", "tue, mon")),
                    *(("mon, tue", "Mon, Tue"), ("[mon, tue]", "mon"), ("mon, tue", "1, 2")),
                    *(('"10:00"', "10:00"), ("10:00", "9:00"), ("10:00", "24:00")),
                    *(("15:00", "15:60"), ('"15:00"', "15"), ("to:", "till:")),
                    *((', to: "15:00"', ""), ("10:00", "16:00")),
                )
            ),
        ],
    ),
    ("contact: languages", ["[nb, en]"], NO_TEXTS),
    (
        "contact: moved",
        ['{to: "23 35 16 01", on: 2026-12-01, by: AB, source: "udi.no"}'],
        ["23 35 16 01", '{to: "23 35 16 01"}', "[]"],
    ),
    ("contact: audience", ["[adult]", "[professional]"], ["adult", "[all]", "null"]),
    ("topic: audience", ["[adult, minor, worried, professional]"], [*NO_LIST, "adult", "[Adult]"]),
    *(
        row
        for kind in ("contact", "topic", "passage")
        for row in (
            (f"{kind}: see", ['["2"]', '["5", "iom"]'], [*NO_LIST, "[5]", '["04"]', '["4", 4]']),
            (
                f"{kind}: web",
                ["[]", "[example.no, www.example.no/en/what-we-do]"],
                [*NO_LIST, '["https://example.no"]', "[Example.no]", "[example]", "[example.no/]"],
            ),
            (
                f"{kind}: facts",
                ["[]", "[rosa_24h, a1]"],
                [*NO_LIST, "[5]", "[Zz]", "[a-b]", '[""]'],
            ),
            (
                f"{kind}: source",
                ["[{part: 5, heading: Zz}]", "[{service: zz.md}, {part: 8, heading: Zz}]", "[]"],
                [
                    *(*NO_LIST, "{part: 5, heading: Zz}", "[{part: 5}]", "[{heading: Zz}]", "[{}]"),
                    *("[{part: 0, heading: Zz}]", "[{part: 9, heading: Zz}]", "[{service: 5}]"),
                    *("[{part: '5', heading: Zz}]", "[{part: 5, heading: 6}]"),
                    *("[{part: 5, heading: Zz, page: 2}]", "[{service: Zz, part: 5}]"),
                ],
            ),
        )
    ),
    ("topic: code", ['"4"', '"941"', '"123456"'], NO_CODE),
    ("passage: code", ['"41"'], NO_CODE),
    ("topic: also", ['["110"]', "[]"], [*NO_LIST, '"4"', "[4]", '["04"]', '["4", 4]']),
    *(
        (
            f"{kind}: answers",
            ['{"yes": "41", "no": "42"}', '{yes: "41", no: "42"}'],
            [*NO_LIST, '["41"]', '{"yes": "41"}', '{"yes": "41", "no": 42}'],
        )
        for kind in ("topic", "passage")
    ),
    (
        "topic: more",
        ["[]", '[{code: "41", text: Zz, facts: [], source: []}]'],
        [
            *(*NO_LIST, "[Zz]", '["41"]', "[{}]", '[{code: "41", text: Zz, facts: []}]'),
            "[{code: 41, text: Zz, facts: [], source: []}]",
            '[{code: "41", text: Zz, facts: [], source: [], more: []}]',
        ],
    ),
    (
        "language: number",
        ['"1"', '"45"'],
        ["1", '"0"', '"00"', '"01"', '"99"', '"100"', '"a"', "null"],
    ),
    ("language: word", ["NORSK", "ABCD"], ["norsk", "ABC", "A BCD", "NORSK1", "ŁODZ", "5", "null"]),
    ("language: locale", ["pl", "pt_BR"], [*NO_TEXT, "pl-PL"]),
    ("language: script", ["Latn", "Hani"], ["Latin", "latn", "LATN", "Abcd", "5", "null"]),
    ("language: direction", ["ltr", "rtl"], ["up", "LTR", "5", "null"]),
    ("language: encoding", ["GSM-7", "folded", "UCS-2"], ["GSM7", "ASCII", "ucs-2", "5", "null"]),
    ("language: texts", ["full", "none"], ["some", "Full", "yes", "null"]),
    ("language: fold", ["{ą: a}"], ["a", "[a]", "{ą: 1}", '{"1": "2"}', "5", "null"]),
    ("language: not_folded", ["{sąd: orchard}"], ["[sąd]", "{Sąd: orchard}", "{sąd: 5}"]),
    (
        "language: voice",
        ["Polly.Amy", "Google.lt-LT-Standard-A"],
        ["Amy", "Polly.", "polly.Amy", "Polly.Amy Neural", "5", "null"],
    ),
    (
        "language: weekdays weekdays_short",
        [WEEK],
        [
            *NO_TEXTS,
            WEEK.replace("Su", "Su, Mo"),
            WEEK.replace("Su", "5"),
            WEEK.replace(", Su", ""),
        ],
    ),
    ("language: borrows close_to", ["[en]"], ["en", "[EN]", "[5]", "null"]),
    ("language: heard_as", ["en", "pt-BR"], ["English", "[en]", "5", "null"]),
    (
        f"words: names everyone hello {' '.join(schema.UNSENT_WORDS[:-2])}",
        ["[Zz, z z]", "[]", r'"Zz\nz z"'],
        NO_PHRASES,
    ),
    (
        "words: numbers",
        ["[a, b, c, d, e, f, g, h, i]", r'"a\nb\nc\nd\ne\nf\ng\nh\ni"'],
        [*NO_PHRASES, r'"a\nb\nc\nd\ne\nf\ng\nh"'],
    ),
    (
        "words: ages",
        [f"[{', '.join(['a'] * 31)}]", f'"{NEXT_LINE.join([*["a"] * 30, "b / c"])}"'],
        [*NO_PHRASES, f"[{', '.join(['a'] * 30)}]", f"[{', '.join(['a'] * 32)}]"],
    ),
    ("concept: leads_to", ["work", '"0"', '"41"'], ["Work", "a b", "5", "null"]),
    ("concept: also never", ['["41", "0"]'], ["41", "[41]", '["a"]', "null"]),
    ("concept: kind", ["emergency", "act", "harmless"], ["urgent", "Emergency", "closing", "null"]),
    ("country: languages", ["[nb, en]", "[en]"], ["[nb]", "[]", "en", "null"]),
    ("country: time_zone", ["Europe/Oslo", "Etc/GMT+4"], ["Zz", "5", "null", "../UTC"]),
    ("country: calling_code", ['"+47"', '"+1"'], ["+47", '"47"', '"+0"', "null"]),
    ("country: digits", ["8"], ['"8"', "0", "null"]),
    ("country: leave_to", ["https://example.org/"], ["http://example.org/", "example.org", "null"]),
    (
        "country: helplines",
        ["{emergency: a, adults: b, minors: c}"],
        ["[a, b, c]", "{emergency: a, adults: b}", "null"],
    ),
    (
        "country: public_holidays",
        ['{fixed: ["05-17"], after_easter: [-3, 0]}'],
        ["null", '{fixed: ["17-05"], after_easter: []}', "{fixed: [05-17], after_easter: [x]}"],
    ),
    ("spelling: letters", ["{ሠሡ: ሰሱ, q: ''}"], ["{ሠሡ: ሰ}", "[a]", "{a: 5}"]),
    ("spelling: words", ["{nhi: nahi}"], ["{a b: c}", "{a: b c}", "[a]"]),
    ("spelling: prefixes suffixes", ["[می]"], ["می", "[a b]"]),
    (
        "decision: unsure",
        ["{ask: 0, offer: 0.5, second: 1.0}"],
        ["{ask: 0}", "{ask: -1, offer: 0.5, second: 1}", "{ask: yes, offer: 0.5, second: 1}"],
    ),
    ("decision: costs weights", [], ["[]", "{}", "null"]),
    (
        "reading: role",
        ["native_reader", "practitioner", "lawyer"],
        [*NO_TEXT, "Lawyer", "[lawyer]"],
    ),
    ("reading: answer", ["unsure", "change"], [*NO_TEXT, "approved", "[unsure]"]),
]


def row_of(path: Path, text: str) -> YamlMapping:
    """Return the mapping that a text is in a file."""
    path.write_text(text, "utf-8")
    return yaml_file.load(path, [])


def test_values_name_every_key_of_the_schema_once() -> None:
    named = [(kind, key) for row in VALUES for kind, key in keys(row[0])]
    assert sorted(named) == sorted((kind, key) for kind, rules in RULES.items() for key in rules)


def keys(named: str) -> list[tuple[str, str]]:
    """Return the kind of row and each key that a row of VALUES names."""
    kind, _, names = named.partition(": ")
    return [(kind, key) for key in names.split()]


@pytest.mark.parametrize(("named", "valid", "invalid"), VALUES)
def test_value_of_a_key_is_a_problem_at_its_line_with_a_fix_if_it_is_invalid(
    tmp_path: Path, named: str, valid: list[str], invalid: list[str]
) -> None:
    for kind, key in keys(named):
        rules = {key: RULES[kind][key]}
        for value in (*valid, *invalid):
            row = row_of(tmp_path / "zz.yaml", f"# Zz\n{key}: {value}\n")
            found = list(row.problems(rules, {}))
            assert bool(found) == (value in invalid), (kind, key, value, found)
            assert all(each.place == "zz.yaml:2" and each.fix for each in found), found


def test_missing_unknown_and_wrong_keys_are_problems(tmp_path: Path) -> None:
    """The value of a misspelt key would be lost."""
    row = row_of(tmp_path / "zz.yaml", "a: Zz\nb: 5\nzz: Zz\n")
    rules = {"a": TEXT, "c": TEXT}, {"b": TEXT, "d": TEXT}
    assert {problem.place: problem.summary for problem in row.problems(*rules)} == {
        "zz.yaml:1": "c is missing",
        "zz.yaml:2": f"b: expected {TEXT.expected}, got 5 (int)",
        "zz.yaml:3": "zz is not a known key",
    }


def test_wrong_key_of_a_row_in_a_list_is_a_problem_at_its_own_line(tmp_path: Path) -> None:
    row = row_of(tmp_path / "zz.yaml", "a:\n  - b: Zz\n    c: 5\n  - c: Zz\n")
    found = row.problems({"a": rows_rule({"b": TEXT}, {"c": TEXT})}, {})
    assert [problem.place for problem in found] == ["zz.yaml:3", "zz.yaml:4"]


@pytest.mark.parametrize("key", ["zz", "1", "0", "41", "no", "on", "yes", "null", "2026-11-24"])
def test_keys_are_read_as_written(tmp_path: Path, key: str) -> None:
    """`no` is a language and `on` a key; YAML 1.1 would read them as booleans."""
    path = tmp_path / "zz.yaml"
    path.write_text(f"{key}: Zz\n")
    assert list(yaml_file.load(path, [])) == [key]


def test_problem_of_a_key_has_the_line_of_the_key_or_its_mapping(tmp_path: Path) -> None:
    """The mapping's line where the key is missing; at every depth."""
    path = tmp_path / "zz.yaml"
    path.write_text("# Zz\na: Zz\nb:\n  - c: Zz\n    d:\n      e: Zz\n  - c: Zz\n")
    document = yaml_file.load(path, [])
    first, second = document["b"]
    places: list[tuple[YamlMapping, str | None, int]] = [
        *((document, "a", 2), (document, "b", 3), (document, None, 2), (document, "zz", 2)),
        *((first, "c", 4), (first, "d", 5), (first, "zz", 4), (first["d"], "e", 6)),
        *((second, "c", 7), (second, None, 7)),
    ]
    for found, key, line in places:
        place = found.problem_at_key(key, "", "").place
        assert (key, place) == (key, f"zz.yaml:{line}")


def test_extract_finds_title_and_text_with_line_and_source(tmp_path: Path) -> None:
    """`make strings` uses it."""
    change(tmp_path, NEW_TOPIC, topic("Call {rosa}."))
    with (tmp_path / NEW_TOPIC).open("rb") as stream:
        found = list(extract_strings(stream, None, None, None))
    assert [(line, call, text) for line, call, text, _ in found] == [
        (2, "pgettext", ("zz", "Zz")),
        (4, "pgettext", ("zz", "Call {rosa}.")),
    ]
    assert all(comment.endswith("tests") for *_, [comment] in found)


def test_extract_from_a_broken_file_raises(tmp_path: Path) -> None:
    change(tmp_path, NEW_TOPIC, put("a: [\n"))
    with (tmp_path / NEW_TOPIC).open("rb") as stream, pytest.raises(ValueError, match=r"zz\.yaml:"):
        list(extract_strings(stream, None, None, None))


WITHOUT_LIBYAML = """
import sys
from pathlib import Path
sys.modules["yaml._yaml"] = None
from rights_line.content.files.yaml_file import load, yaml
assert not yaml.__with_libyaml__
problems = []
document = load(Path(sys.argv[1]), problems)
print(dict(document), document.lines, *problems, sep="\\n")
"""


@pytest.mark.parametrize("text", ["a: Zz\nb:\n  - on: 2026-11-24\n", "a: Zz\na: Zz\n"])
def test_load_yaml_without_libyaml_gives_the_same_document_and_problems(
    tmp_path: Path, text: str
) -> None:
    """PyYAML may be built without its C extension."""
    path = tmp_path / "zz.yaml"
    path.write_text(text)
    problems: list[Problem] = []
    document = yaml_file.load(path, problems)
    code, output = run_python({}, "-c", WITHOUT_LIBYAML, str(path))
    assert code == 0, output
    assert output.splitlines() == [str(dict(document)), str(document.lines), *map(str, problems)]
