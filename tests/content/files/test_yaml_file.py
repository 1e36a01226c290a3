"""YAML files: line numbers, the rule of schema.py for each key, and extraction."""

import subprocess
import sys
from pathlib import Path

import pytest

from rights_line.content.approvals.approvals_file import READING, READING_OPTIONAL
from rights_line.content.files import schema, tables, yaml_file
from rights_line.content.files.catalogs import extract_strings
from rights_line.content.files.yaml_mapping import Rules, YamlMapping, mapping_rule
from rights_line.errors import Problem
from tests.support.folders import NEW_TOPIC, change, put, topic

Values = dict[str, list[str]]  # key -> values, as written in YAML

NO_TEXT = ["5", "yes", "null", "2026-11-24", "[Zz]", "{a: Zz}", '""', '" Zz"', '"Z\\nz"']
NO_LIST = ["Zz", "5", "yes", "{a: Zz}", "null"]
NO_TEXTS = [*NO_LIST, "[5]", "[yes]", '[""]', "[[Zz]]"]
NO_IDS = [*NO_LIST, "[5]", "[Zz]", "[a-b]", '[""]']
NO_BOOLEAN = ['"true"', "0", "1", "2", "null", "[yes]", "{a: yes}"]
NO_CODE = ["4", '""', '"0"', '"00"', '"04"', '"4a"', '"4 1"', '"1234567"', "[4]", "null"]
NO_CODES = [*NO_LIST, '"4"', "[4]", '["04"]', '["4", 4]']
WEB = ["[]", "[example.no, www.example.no/en/what-we-do]"]
NO_WEB = [*NO_LIST, '["https://example.no"]', "[Example.no]", "[example]", "[example.no/]"]
SOURCES = ["[{part: 5, heading: Zz}]", "[{service: zz.md}, {part: 8, heading: Zz}]", "[]"]
NO_SOURCES = [
    *NO_LIST,
    "{part: 5, heading: Zz}",
    *(
        f"[{{{source}}}]"
        for source in (
            *("part: 5", "heading: Zz", "part: 0, heading: Zz", "part: 9, heading: Zz"),
            *("part: '5', heading: Zz", "part: 5, heading: 6", "part: 5, heading: Zz, page: 2"),
            *("service: 5", "service: Zz, part: 5", ""),
        )
    ),
]
BOOLEANS = ("interpreter", "free", "anonymous", "emergency")
WEEK = "[Mo, Tu, We, Th, Fr, Sa, Su]"
SPAN = 'days: [mon, tue], from: "10:00", to: "15:00"'
PROVENANCE = {"facts": ["[]", "[rosa_24h, a1]"], "source": SOURCES}
NO_PROVENANCE = {"facts": NO_IDS, "source": NO_SOURCES}

NEXT_LINE = r"\n"

RULES: dict[str, tuple[Rules, Rules]] = {
    "contact": (schema.CONTACT, schema.CONTACT_OPTIONAL),
    "topic": (schema.TOPIC, schema.TOPIC_OPTIONAL),
    "passage": (schema.PASSAGE, schema.PASSAGE_OPTIONAL),
    "phrase": ({}, schema.PHRASE_OPTIONAL),
    "language": (schema.LANGUAGE | schema.LANGUAGE_WITH_TEXTS, schema.LANGUAGE_OPTIONAL),
    "words": ({}, schema.WORDS_OPTIONAL),
    "concept": (schema.CONCEPT, schema.CONCEPT_OPTIONAL),
    "country": (tables.COUNTRY, {}),
    "reading": (READING, READING_OPTIONAL),
}
VALID: dict[str, Values] = {
    "contact": {
        "name": ["Zz", "Z z"],
        "number": ['"112"', '"02800"', '"22 33 11 60"'],
        "text": ["Zz"],
        "audience": ["[adult]", "[professional]"],
        "verified_on": ["2026-11-24"],
        "verify_by": ["2027-02-22"],
        "verified_by": ["AB"],
        "e164": ['"+4722331160"'],
        "hours": ["always", f"[{{{SPAN}}}]", f"[{{{SPAN}}}, {{{SPAN}}}]"],
        "languages": ["[nb, en]"],
        "see": ['["2"]'],
        "web": WEB,
        "moved": ['{to: "23 35 16 01", on: 2026-12-01, by: AB, source: "udi.no"}'],
        **{key: ["true", "false"] for key in BOOLEANS},
        **PROVENANCE,
    },
    "topic": {
        "code": ['"4"', '"941"', '"123456"'],
        "title": ["Zz"],
        "audience": ["[adult]", "[adult, minor, worried, professional]"],
        "text": ["Zz"],
        "more": ["[]", '[{code: "41", text: Zz, facts: [], source: []}]'],
        "also": ['["110"]', "[]"],
        "answers": ['{"yes": "41", "no": "42"}'],
        "see": ['["2"]'],
        "web": WEB,
        **PROVENANCE,
    },
    "passage": {
        "code": ['"41"'],
        "text": ["Zz"],
        "title": ["Zz"],
        "answers": ['{"yes": "41", "no": "42"}', '{yes: "41", no: "42"}'],
        "see": ['["5"]', '["5", "941"]'],
        "web": WEB,
        **PROVENANCE,
    },
    "phrase": {"text": ["Zz"], "fixed": ["Zz", '"Z\\nz"'], "note": ["Zz"]},
    "language": {
        "number": ['"1"', '"45"'],
        "word": ["NORSK", "ABCD"],
        "label": ["Zz"],
        "own_name": ["العربية"],
        "english": ["Norwegian"],
        "norwegian": ["polsk"],
        "locale": ["pl"],
        "script": ["Latn", "Hani"],
        "direction": ["ltr", "rtl"],
        "encoding": ["GSM-7", "folded", "UCS-2"],
        "texts": ["full", "none"],
        "fold": ["{ą: a}"],
        "voice": ["Polly.Amy", "Google.lt-LT-Standard-A"],
        "weekdays": [WEEK],
        "weekdays_short": [WEEK],
        "borrows": ["[en]"],
        "close_to": ["[en]"],
        "heard_as": ["en", "pt-BR"],
    },
    "words": {key: ["[Zz, z z]", "[]", r'"Zz\nz z"'] for key in schema.WORDS_OPTIONAL}
    | {"numbers": ["[a, b, c, d, e, f, g, h, i]", r'"a\nb\nc\nd\ne\nf\ng\nh\ni"']}
    | {"ages": [f"[{', '.join(['a'] * 31)}]", f'"{NEXT_LINE.join([*["a"] * 30, "b / c"])}"']},
    "concept": {
        "question": ["Zz"],
        "leads_to": ["work", '"0"', '"41"'],
        "also": ['["41", "0"]'],
        "kind": ["emergency", "topic", "greeting", "act", "harmless"],
        "certain": ["true", "false"],
        "aside": ["true", "false"],
        "never": ['["6", "91"]'],
    },
    "country": {
        "name": ["Zz"],
        "title": ["Zz"],
        "languages": ["[nb, en]", "[en]"],
        "time_zone": ["Europe/Oslo", "Etc/GMT+4"],
        "calling_code": ['"+47"', '"+1"'],
        "digits": ["8"],
        "leave_to": ["https://example.org/"],
        "helplines": ["{emergency: a, adults: b, minors: c}"],
        "public_holidays": ['{fixed: ["05-17"], after_easter: [-3, 0]}'],
    },
    "reading": {
        "role": ["native_reader", "practitioner", "lawyer"],
        "by": ["AB", "åsæ", "ABCDE"],
        "on": ["2026-11-24"],
        "msgctxt": ["work"],
        "answer": ["unsure", "change"],
        "suggestion": ["Zz"],
        "note": ["Zz"],
    },
}
INVALID: dict[str, Values] = {
    "contact": {
        "name": NO_TEXT,
        "number": ["112", '"1"', '"+47 22"', '" 112"', '"112 "', '"22-33"', '"٢٢"', "null"],
        "text": NO_TEXT,
        "audience": ["adult", "[all]", "null"],
        "verify_by": ['"2026-11-24"', "soon", "null"],
        "verified_by": [*NO_TEXT, "A", "Kari Nordmann"],
        "verified_on": ['"2026-11-24"', "2026", "2026-11-24 10:00:00", "yesterday", "null"],
        "e164": ["+4722331160", '"4722331160"', '"+47 22331160"', '"+4722"'],
        "hours": [
            *("5", "never", "[]", "{}", "null", "[always]", f"{{{SPAN}}}"),
            *(
                f"[{{{SPAN.replace(old, new)}}}]"
                for old, new in (
                    *(("mon, tue", ""), ("mon, tue", "mon, wed"), ("mon, tue", "tue, mon")),
                    *(("mon, tue", "Mon, Tue"), ("[mon, tue]", "mon"), ("mon, tue", "1, 2")),
                    *(('"10:00"', "10:00"), ("10:00", "9:00"), ("10:00", "24:00")),
                    *(("15:00", "15:60"), ('"15:00"', "15"), ("to:", "till:")),
                    (', to: "15:00"', ""),
                )
            ),
        ],
        "languages": NO_TEXTS,
        "see": [*NO_LIST, "[5]"],
        "web": NO_WEB,
        "moved": ["23 35 16 01", '{to: "23 35 16 01"}', "[]"],
        **{key: NO_BOOLEAN for key in BOOLEANS},
        **NO_PROVENANCE,
    },
    "topic": {
        "code": NO_CODE,
        "title": NO_TEXT,
        "audience": [*NO_LIST, "adult", "[all]", "[Adult]"],
        "text": NO_TEXT,
        "more": [
            *(*NO_LIST, "[Zz]", '["41"]', "[{}]"),
            '[{code: "41", text: Zz, facts: []}]',
            "[{code: 41, text: Zz, facts: [], source: []}]",
            '[{code: "41", text: Zz, facts: [], source: [], more: []}]',
        ],
        "also": NO_CODES,
        "answers": [*NO_LIST, '["41"]', '{"yes": "41"}', '{"yes": "41", "no": 42}'],
        "see": NO_CODES,
        "web": NO_WEB,
        **NO_PROVENANCE,
    },
    "passage": {
        "code": NO_CODE,
        "text": NO_TEXT,
        "title": NO_TEXT,
        "answers": [*NO_LIST, '["41"]', '{"yes": "41"}', '{"yes": "41", "no": 42}'],
        "see": [*NO_LIST, "[5]"],
        "web": NO_WEB,
        **NO_PROVENANCE,
    },
    "phrase": {"text": NO_TEXT, "fixed": ["5", "[Zz]", '""', '"Zz\\n"'], "note": NO_TEXT},
    "language": {
        "number": ["1", '"0"', '"00"', '"01"', '"100"', '"a"', "null"],
        "word": ["norsk", "ABC", "A BCD", "NORSK1", "ŁODZ", "5", "null"],
        "label": NO_TEXT,
        "own_name": NO_TEXT,
        "english": NO_TEXT,
        "norwegian": NO_TEXT,
        "locale": NO_TEXT,
        "script": ["Latin", "latn", "LATN", "5", "null"],
        "direction": ["up", "LTR", "5", "null"],
        "encoding": ["GSM7", "ucs-2", "5", "null"],
        "texts": ["some", "Full", "yes", "null"],
        "fold": ["a", "[a]", "5", "null"],
        "voice": ["Amy", "Polly.", "polly.Amy", "Polly.Amy Neural", "5", "null"],
        "weekdays": [*NO_TEXTS, WEEK.replace("Su", "Su, Mo"), WEEK.replace("Su", "5")],
        "weekdays_short": [*NO_TEXTS, WEEK.replace(", Su", "")],
        "borrows": ["en", "[EN]", "[5]", "null"],
        "close_to": ["en", "[EN]", "[5]", "null"],
        "heard_as": ["English", "[en]", "5", "null"],
    },
    "words": {
        key: [
            *(value for value in NO_TEXTS if value != "Zz"),
            *(r'"Zz\n\nz"', r'"Zz \nz"', r'["Zz\nz"]'),
        ]
        for key in schema.WORDS_OPTIONAL
    }
    | {"numbers": [*NO_TEXTS, r'"a\nb\nc\nd\ne\nf\ng\nh"']}
    | {"ages": [*NO_TEXTS, f"[{', '.join(['a'] * 30)}]", f"[{', '.join(['a'] * 32)}]"]},
    "concept": {
        "question": NO_TEXT,
        "leads_to": ["Work", "a b", "5", "null"],
        "also": ["41", "[41]", '["a"]', "null"],
        "kind": ["urgent", "Emergency", "closing", "null"],
        "certain": ["1", "'true'", "null"],
        "aside": ["1", "'true'", "null"],
        "never": ["6", "[6]", '["a"]', "null"],
    },
    "country": {
        "name": NO_TEXT,
        "title": NO_TEXT,
        "languages": ["[nb]", "[]", "en", "null"],
        "time_zone": ["Zz", "5", "null", "../UTC"],
        "calling_code": ["+47", '"47"', '"+0"', "null"],
        "digits": ['"8"', "0", "null"],
        "leave_to": ["http://example.org/", "example.org", "null"],
        "helplines": ["[a, b, c]", "{emergency: a, adults: b}", "null"],
        "public_holidays": [
            "null",
            '{fixed: ["17-05"], after_easter: []}',
            "{fixed: [05-17], after_easter: [x]}",
        ],
    },
    "reading": {
        "role": [*NO_TEXT, "native reader", "Lawyer", "[lawyer]", "ROSA"],
        "by": [*NO_TEXT, "A", "ABCDEF", "A.B.", "Kari Nordmann", "unnamed"],
        "on": ['"2026-11-24"', "2026", "yesterday", "null"],
        "msgctxt": NO_TEXT,
        "answer": [*NO_TEXT, "approved", "[unsure]"],
        "suggestion": NO_TEXT,
        "note": NO_TEXT,
    },
}


def keys(table: dict[str, Values]) -> list[tuple[str, str]]:
    """Return the rules and the key of each row of a table."""
    return [(name, key) for name, values in table.items() for key in values]


def check(path: Path, name: str, values: dict[str, str], key: str) -> list[Problem]:
    """Return the problems of a key in a file with these values, one on each line."""
    path.write_text("".join(f"{key}: {value}\n" for key, value in values.items()), "utf-8")
    found: list[Problem] = []
    document = yaml_file.load(path, found)
    return [
        problem
        for problem in (*found, *document.problems(*RULES[name]))
        if problem.summary.startswith((f"{key} ", f"{key}:"))
    ]


def valid_values(name: str) -> dict[str, str]:
    """Return the first valid value of each key."""
    return {key: forms[0] for key, forms in VALID[name].items()}


@pytest.mark.parametrize("name", RULES)
def test_tables_have_every_key_of_the_schema(name: str) -> None:
    required, optional = RULES[name]
    assert VALID[name].keys() == INVALID[name].keys() == required.keys() | optional.keys()


@pytest.mark.parametrize(("name", "key"), keys(VALID))
def test_valid_values_of_a_key_have_no_problem(tmp_path: Path, name: str, key: str) -> None:
    path, valid = tmp_path / "zz.yaml", valid_values(name)
    found = {value: check(path, name, valid | {key: value}, key) for value in VALID[name][key]}
    assert {value: problems for value, problems in found.items() if problems} == {}


@pytest.mark.parametrize(("name", "key"), keys(INVALID))
def test_invalid_value_of_a_key_is_one_problem_at_its_line_with_a_fix(
    tmp_path: Path, name: str, key: str
) -> None:
    path, valid = tmp_path / "zz.yaml", valid_values(name)
    place = f"zz.yaml:{list(valid).index(key) + 1}"
    wrong = {}
    for value in INVALID[name][key]:
        found = check(path, name, valid | {key: value}, key)
        if [(row.place.endswith(place), bool(row.fix)) for row in found] != [(True, True)]:
            wrong[value] = found
    assert wrong == {}


@pytest.mark.parametrize(("name", "key"), keys(VALID))
def test_missing_key_is_a_problem_only_if_required(tmp_path: Path, name: str, key: str) -> None:
    values = {"zz": "Zz", **valid_values(name)}
    del values[key]
    found = [problem.summary for problem in check(tmp_path / "zz.yaml", name, values, key)]
    assert found == ([f"{key} is missing"] if key in RULES[name][0] else [])


@pytest.mark.parametrize("name", RULES)
def test_unknown_key_is_a_problem(tmp_path: Path, name: str) -> None:
    """The value of a misspelt key would be lost."""
    [problem] = check(tmp_path / "zz.yaml", name, {**valid_values(name), "zz": "Zz"}, "zz")
    assert problem.summary == "zz is not a known key"


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


def test_mapping_rule_rejects_plain_dicts_and_missing_keys() -> None:
    rule = mapping_rule({"role": schema.TIME})
    assert not rule.allows({"role": "10:00"})
    assert not rule.allows(YamlMapping(Path("zz.yaml")))


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
sys.modules["yaml._yaml"] = None
import yaml
from rights_line.content.files.yaml_file import load
import subprocess
import sys
from pathlib import Path
assert not yaml.__with_libyaml__
problems = []
document = load(Path(sys.argv[1]), problems)
print(dict(document), document.lines, *map(str, problems), sep="\\n")
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
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_LIBYAML, path],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        str(dict(document)),
        str(document.lines),
        *map(str, problems),
    ]
