"""Broken content files: the line does not start, and names the place and the fix."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rights_line.content.files import yaml_file
from rights_line.content.loader import ContentSources
from rights_line.editorial.lint.lint_texts import lint_texts
from rights_line.errors import ConfigurationError
from rights_line.library.texts_folder import ROOT
from rights_line.web.app import create_app
from tests.support.approvals import ENGLISH, POLISH, approve_as
from tests.support.cli import run
from tests.support.folders import (
    CATALOG,
    CONCEPTS,
    CONTACTS,
    COUNTRY,
    NEW_TOPIC,
    OUTREACH,
    PHRASES,
    REVIEW,
    ROWS,
    WORDS,
    WORK,
    Edit,
    add,
    change,
    every,
    is_at,
    problems,
    put,
    restate,
    strike,
    swap,
    topic,
)
from tests.support.twilio_phone import ENVIRON
from tests.support.worlds import texts_at

# Label, file, edit (None deletes the file), text of the line that the problem names ("" if it
# names only the file), part of the summary.
Case = tuple[str, str, Edit | None, str, str]

PASSAGE = 'more:\n  - {code: "921", text: "Zz", facts: [], source: [{service: tests}]}\n'
READING = "{role: lawyer, by: AB, 'on': 2026-11-24}"

YAML: list[Case] = [
    ("unclosed bracket", WORK, swap(r"^audience: .*", "audience: [adult"), "", "expected"),
    ("tab indents", CONTACTS, swap(r"^  name: Police$", "\tname: Police"), "\tname", "any token"),
    ("key twice", WORK, add("title: Again\n"), "Again", "title is defined twice"),
    ("contact twice", CONTACTS, add("rosa: {name: Again}\n"), "Again", "rosa is defined twice"),
    (
        "key twice in a row",
        ROWS,
        swap(r"^  word: POLSKI$", "  word: POLSKI\n  word: POLAK"),
        "POLAK",
        "word is defined twice",
    ),
    ("not UTF-8", WORK, add("# \udcff\n"), "", "must be UTF-8, got the byte 0xff"),
    ("U+FFFD", WORK, swap("^title: .*", "title: W\ufffdrk"), "W\ufffdrk", "contains U+FFFD"),
    ("U+FFFD escaped", WORK, swap("^title: .*", r'title: "W\\uFFFDrk"'), "W\\u", "contains U+FFFD"),
    (
        "U+FFFD in a word",
        WORDS,
        swap("^talk: .*", "talk: [roz\ufffdowa]"),
        "\ufffd",
        "contains U+FFFD",
    ),
    ("U+FFFD in the outreach page", OUTREACH, add("# \ufffd\n"), "\ufffd", "contains U+FFFD"),
    ("a list", PHRASES, put("- start\n"), "", "must be a mapping, got"),
    ("empty topic", NEW_TOPIC, put(""), "", "must be a mapping, got"),
    ("only a comment", WORDS, put("# later\n"), "", "must be a mapping, got"),
    ("two documents", WORK, add("---\ncode: '4'\n"), "---", "found another document"),
    ("control character", WORDS, add("# \x07\n"), "", ""),
    ("Python object", WORK, add("see: !!python/name:os.system\n"), "see", "constructor"),
    ("merge", CONTACTS, add("zz: {<<: {name: Zz}}\n"), "zz", "merge"),
    ("no such day", CONTACTS, swap("verified_on: .*", "verified_on: 2026-13-01"), "-13-", ""),
    *(
        (f"{file} deleted", file, None, "", "cannot be read")
        for file in (CONTACTS, PHRASES, ROWS, WORDS, CATALOG)
    ),
]

CONTENT: list[Case] = [
    ("contact lacks a key", CONTACTS, swap("^  name: Police\n", ""), '"112"', "name is missing"),
    (
        "contact key unknown",
        CONTACTS,
        swap("emergency: true", "urgent: 1"),
        "urgent",
        "not a known",
    ),
    (
        "contact key wrong",
        CONTACTS,
        swap('number: "112"', "number: 112"),
        "112",
        "number: expected",
    ),
    ("contact is a number", CONTACTS, add("zz: 5\n"), "zz", "zz: expected a mapping, got 5 (int)"),
    (
        "number of another contact",
        CONTACTS,
        swap('number: "113"', 'number: "112"'),
        "",
        "112 must be unique",
    ),
    *(
        (f"{name} and e164 disagree", CONTACTS, swap(found, wrong), "e164: ", 'must be "+47" and')
        for name, found, wrong in (
            ("number", 'number: "23 35 16 00"', 'number: "23 35 16 01"'),
            ("e164", '"\\+4722331160"', '"+4722331161"'),
            ("country", '"\\+4722331160"', '"+4622331160"'),
            ("length", 'number: "113"', 'number: "1137777"\n  e164: "+471137777"'),
            ("short number", 'number: "113"', 'number: "113"\n  e164: "+4700000113"'),
        )
    ),
    ("hours end before they start", CONTACTS, swap('from: "10:00"', 'from: "16:00"'), "", ""),
    (
        "placeholder of a renamed contact",
        CONTACTS,
        swap("^rosa:", "rosy:"),
        "",
        "unknown placeholder {rosa}",
    ),
    (
        "helpline of a renamed contact",
        CONTACTS,
        swap("^rosa:", "rosy:"),
        "",
        "rosa is missing",
    ),
    ("country is not complete", COUNTRY, swap("^name: ", "names: "), "", "name is missing"),
    ("phrase is a number", PHRASES, add("zz: 5\n"), "zz", ""),
    ("phrase key unknown", PHRASES, add("zz:\n  txt: Zz\n"), "txt", "txt is not a known key"),
    ("phrase key wrong", PHRASES, add("zz:\n  text: 5\n"), "text: 5", "text: expected"),
    ("topic lacks a key", WORK, swap("^title: .*\n", ""), "code", "title is missing"),
    ("topic key unknown", WORK, add("keywords: [work]\n"), "keywords", "not a known key"),
    (
        "topic key wrong",
        WORK,
        swap("^audience: .*", "audience: [all]"),
        "all",
        "audience: expected",
    ),
    ("topic lacks facts", WORK, swap("^facts: .*\n", ""), "code", "facts is missing"),
    ("topic lacks source", NEW_TOPIC, put('code: "92"\ntext: Zz\n'), "92", "source is missing"),
    ("passage lacks code", WORK, swap('- code: "41"\n   ', "-"), "title: Pay", "code is missing"),
    ("passage key unknown", WORK, swap('- code: "41"', '- kode: "41"'), "kode", "not a known key"),
    ("passages in a text", NEW_TOPIC, add("more: Zz\n"), "more", "more: expected"),
    ("source outside the guide", WORK, swap("part: 2", "part: 9"), "source:", "source: expected"),
    ("code with a zero", WORK, swap('^code: "4"', 'code: "04"'), "04", "code: expected"),
    (
        "code unquoted",
        WORK,
        swap('^code: "4"', "code: 4"),
        "code",
        "code: expected digits in quotes, got 4 (int)",
    ),
    (
        "code of a topic",
        NEW_TOPIC,
        topic("Zz", "4"),
        "",
        "code 4 must be unique, but is used by content/topics/work",
    ),
    ("code of a passage", NEW_TOPIC, topic("Zz", "41"), "", "code 41 must be unique"),
    (
        "code in the also of another topic",
        NEW_TOPIC,
        topic("Zz", "911"),
        "",
        "code 911 must be unique",
    ),
    (
        "code of a contact",
        NEW_TOPIC,
        topic("Zz", "112"),
        "",
        "code 112 must be unique, but is used by content/cont",
    ),
    (
        "code of another passage of the topic",
        WORK,
        swap('- code: "42"', '- code: "41"'),
        "",
        "code 41 must be unique",
    ),
    *(
        (f"code {code}", NEW_TOPIC, topic("Zz", code), mark, f"code{problem}")
        for code, mark, problem in (
            *(("0", "code", ": expected"), ("00", "code", ": expected")),
            *(("98", "", " 98 must be unique"), ("99", "", " 99 must be unique")),
        )
    ),
    (
        "see an unknown code",
        WORK,
        add('see: ["95"]\n'),
        "",
        "see: expected a contact or the code of a titled screen, got 95",
    ),
    (
        "see an unknown code in a contact",
        CONTACTS,
        swap(r"^  verified_on", '  see: ["95"]\n  verified_on'),
        "",
        "see: expected a contact or the code of a titled screen, got 95",
    ),
    (
        "see a passage without a title",
        WORK,
        add('see: ["961"]\n'),
        "",
        "see: expected a contact or the code of a titled screen, got 961",
    ),
    (
        "answer leads to an unknown code",
        WORK,
        swap('- code: "42"', r"""\g<0>\n    answers: {"yes": "41", "no": "95"}"""),
        "",
        "answers: expected the code of a screen, got 95",
    ),
    ("danger deleted", "content/topics/danger.yaml", None, "", "is missing"),
    (
        "passages without a text",
        NEW_TOPIC,
        put(f'code: "92"\ntitle: Zz\naudience: [adult]\n{PASSAGE}'),
        "",
        "",
    ),
]

SENTENCES: list[Case] = [
    ("unknown placeholder", NEW_TOPIC, topic("{unknown}"), "text", "unknown placeholder {unknown}"),
    (
        "hours of a contact without hours",
        NEW_TOPIC,
        topic("{children_hours}"),
        "text",
        "unknown placeholder",
    ),
    (
        "hours of a contact that is always open",
        NEW_TOPIC,
        topic("{rosa_hours}"),
        "text",
        "unknown placeholder",
    ),
    (
        "placeholder of a phrase in a topic",
        NEW_TOPIC,
        topic("{day}"),
        "text",
        "unknown placeholder {day}",
    ),
    (
        "placeholder of another phrase",
        PHRASES,
        swap('text: "menu"', 'text: "menu {day}"'),
        "menu",
        "{day}",
    ),
    ("unclosed brace", NEW_TOPIC, topic("{rosa"), "text", "braces must enclose"),
    ("unopened brace", NEW_TOPIC, topic("rosa}"), "text", "braces must enclose"),
    ("placeholder empty", NEW_TOPIC, topic("{}"), "text", "unknown placeholder {}"),
    ("placeholder cut", NEW_TOPIC, topic("{rosa:.4}"), "text", ""),
    ("placeholder as hex", NEW_TOPIC, topic("{rosa:x}"), "text", ""),
    (
        "number typed",
        NEW_TOPIC,
        topic("Call 116111"),
        "text",
        "phone numbers must be placeholders, got 116111",
    ),
    (
        "number typed, spaced",
        NEW_TOPIC,
        topic("Call 22 33 11 60"),
        "text",
        "phone numbers must be placeholders",
    ),
    (
        "number typed, half spaced",
        NEW_TOPIC,
        topic("Call 116 111"),
        "text",
        "phone numbers must be placeholders",
    ),
    *(
        (f"fixed: {label}", PHRASES, swap('fixed: "Svar/reply:"', f'fixed: "{text}"'), "", "")
        for label, text in (
            ("unknown placeholder", "{unknown}"),
            ("brace", "reply {"),
            ("number typed", "22331160"),
        )
    ),
]

LANGUAGES: list[Case] = [
    *(
        (
            f"{key} {new}",
            ROWS,
            swap(f"^(pl:(?:\n  .*)*?\n  {key}): .*", rf"\1: {new}"),
            key,
            problem,
        )
        for key, new, problem in (
            ("number", "9", 'number: expected digits in quotes, "1" to "97", got 9 (int)'),
            ("number", '"0"', "number: expected"),
            ("number", '"99"', ""),
            ("number", '"2"', "number must be unique, got that of en"),
            ("word", "Polski", "word: expected"),
            ("word", "POL", "word: expected"),
            ("word", "ENGLISH", "word must be unique, got that of en"),
            ("word", "STOPP", ""),
            ("label", '""', "label: expected"),
            ("label", "Język polski", "label must fit GSM-7"),
            ("own_name", "5", "own_name: expected"),
            ("locale", "5", "locale: expected"),
            ("locale", "pl-PL", "locale: expected"),
            ("script", "Abcd", ""),
            ("direction", "up", "direction: expected"),
            ("encoding", "ASCII", "encoding: expected"),
            ("fold", "a", "fold: expected"),
            ("fold", "{ą: 1}", ""),
            ("fold", '{"1": "2"}', ""),
            ("not_folded", "[sąd]", "not_folded: expected"),
            ("not_folded", "{Sąd: orchard}", "not_folded: expected"),
        )
    ),
    ("row key unknown", ROWS, swap("^  word: POLSKI", "  words: POLSKI"), "words", "not a known"),
    (
        "heard as no language",
        ROWS,
        swap("^  word: POLSKI", "  heard_as: xx\n  word: POLSKI"),
        "heard_as",
        "heard_as must be the tag of a language, got xx",
    ),
    (
        "close to one side",
        ROWS,
        swap("^  word: POLSKI", "  close_to: [en]\n  word: POLSKI"),
        "close_to",
        "close_to: en must name pl in its own close_to",
    ),
    ("row lacks a key", ROWS, swap("^  word: POLSKI\n", ""), "number", "word is missing"),
    (
        "row lacks weekdays",
        ROWS,
        swap("^  weekdays: \\[poniedziałek.*\n", ""),
        "number",
        "weekdays is missing",
    ),
    ("row is a text", ROWS, add("zz: Zz\n"), "zz", "zz: expected a mapping, got 'Zz'"),
    ("no row of the source", ROWS, swap("^en:\n(?:  .*\n)+", ""), "", "row en is missing"),
    ("words of no concept", WORDS, add("zz: [praca]\n"), "zz", "zz is not a known key"),
    (
        "numbers but 9",
        WORDS,
        add("numbers: [jeden, dwa]\n"),
        "numbers",
        "numbers: expected the nine words",
    ),
    ("concepts deleted", CONCEPTS, None, "", "cannot be read"),
    (
        "concept without a question",
        CONCEPTS,
        add("zz:\n  leads_to: work\n"),
        "leads_to: work",
        "question is missing",
    ),
    (
        "concept of an unknown kind",
        CONCEPTS,
        add("zz:\n  leads_to: work\n  kind: urgent\n  question: Zz\n"),
        "kind: urgent",
        "kind: expected one of",
    ),
    (
        "concept that leads nowhere",
        CONCEPTS,
        add('zz:\n  leads_to: "777"\n  question: Zz\n'),
        "",
        "zz: expected a topic, a contact or the code of a screen, got 777",
    ),
    (
        "concept with a wrong alternative",
        CONCEPTS,
        add('zz:\n  leads_to: work\n  also: ["777"]\n  question: Zz\n'),
        "",
        "zz: expected a topic, a contact or the code of a screen, got 777",
    ),
    (
        "concept without a screen",
        CONCEPTS,
        add("zz:\n  question: Zz\n"),
        "question: Zz",
        "leads_to must be left out if kind is harmless, and only then",
    ),
    (
        "harmless concept with a screen",
        CONCEPTS,
        add("zz:\n  kind: harmless\n  leads_to: work\n  question: Zz\n"),
        "kind: harmless",
        "leads_to must be left out if kind is harmless, and only then",
    ),
    ("words that are a number", WORDS, swap("^work: .*", "work: 4"), "work", "work: expected"),
    ("words with an empty line", WORDS, swap("^work: .*", "work: |\n  a\n\n  b"), "work", "a list"),
    ("word that is a boolean", WORDS, swap("^work: .*", "work: [yes]"), "work", "work: expected"),
    ("word reserved", WORDS, swap("^work: .*", "work: [Stop!]"), "Stop", "is a reserved word"),
    ("word that is INFO", WORDS, swap("^menu: .*", "menu: [INFO]"), "INFO", "is a reserved word"),
    ("word near QUIT", WORDS, swap("^talk: .*", "talk: [quiet]"), "quiet", "one letter from"),
    ("word near HELP", WORDS, swap("^work: .*", "work: [hjelp]"), "hjelp", "one letter from"),
    ("word near STOP", WORDS, swap("^menu: .*", "menu: [stap]"), "stap", "one letter from"),
    (
        "word of two topics",
        WORDS,
        swap("^work: .*", "work: [rozmowa]"),
        "",
        "rozmowa must have one meaning, got talk in pl",
    ),
    (
        "word of two meanings",
        WORDS,
        swap("^work: .*", "work: [advice]"),
        "",
        "advice must have one meaning, got talk in en, work in pl",
    ),
]

# These files do not stop the start: their approvals do not count until they are repaired.
APPROVALS: list[Case] = [
    ("review a list", REVIEW, put("- zz\n"), "", "must be a mapping, got"),
    ("review by a name", REVIEW, put("abc: lawyer\n"), "abc", "abc: expected a list of readings"),
    (
        "review without readings",
        REVIEW,
        put("abc: []\n"),
        "abc",
        "abc: expected a list of readings",
    ),
    *(
        (label, REVIEW, put(f"abc:\n- {READING}\nabd:\n- {reading}\n"), reading, problem)
        for label, reading, problem in (
            ("review without a date", "{role: lawyer, by: AB}", "on is missing"),
            ("review without initials", "{role: lawyer, 'on': 2026-11-24}", "by is missing"),
            (
                "review with a date in quotes",
                READING.replace("2026-11-24", repr("2026-11-24")),
                "on: expected",
            ),
            (
                "review of an old role",
                READING.replace("lawyer", "native reader"),
                "got 'native reader'",
            ),
            ("review by a full name", READING.replace("AB", "Kari Nordmann"), "by: expected"),
        )
    ),
    (
        "review with a role only",
        REVIEW,
        put("abc:\n- lawyer\n"),
        "abc",
        "abc: expected a list of readings",
    ),
    ("review complete", REVIEW, put("complete: yes\n"), "complete", "complete: expected"),
]

CATALOGS: list[Case] = [
    ("syntax", CATALOG, add("\nnonsense\n"), "nonsense", "is not a valid .po file"),
    (
        "unclosed quote",
        CATALOG,
        swap('(msgctxt "helplines"\nmsgid .*\nmsgstr .*)"$', r"\1"),
        "",
        "",
    ),
    (
        "not UTF-8",
        CATALOG,
        swap('^msgstr "Policja"', 'msgstr "Policja\udcff"'),
        "",
        "is not a valid .po",
    ),
    (
        "U+FFFD",
        CATALOG,
        swap('^msgstr "Policja"', 'msgstr "Pol\ufffdcja"'),
        "Pol\ufffdcja",
        "contains U+FFFD",
    ),
    (
        "another charset",
        CATALOG,
        swap("charset=utf-8", "charset=iso-8859-2"),
        "",
        "must say charset=utf-8, got iso-8859-2",
    ),
    ("unknown charset", CATALOG, swap("charset=utf-8", "charset=zz"), "", ""),
    (
        "header fuzzy",
        CATALOG,
        swap('^msgid ""', '#, fuzzy\nmsgid ""'),
        "",
        "its header must not be fuzzy",
    ),
    *(
        (label, CATALOG, restate(context, edit, *flags), "", problem)
        for label, context, edit, flags, problem in (
            (
                "other placeholder",
                "helplines",
                swap("{rosa}", "{udi}"),
                (),
                "placeholders must match",
            ),
            ("placeholder lost", "helplines", swap("{rosa}", ""), (), "placeholders must match"),
            ("placeholder twice", "helplines", swap("{rosa}", "{rosa}{rosa}"), (), "placeholders"),
            ("unclosed brace", "helplines", swap("{rosa}", "{rosa"), (), "placeholders must match"),
            ("placeholder cut", "helplines", swap("{rosa}", "{rosa:.4}"), (), ""),
            ("placeholder as hex", "helplines", swap("{rosa}", "{rosa:x}"), (), ""),
            ("number typed", "close_label", put("OK. 22 33 11 60"), (), "digits must match"),
            ("digit typed", "close_label", put("OK 2"), (), "digits must match"),
            ("digit of other script", "close_label", put("OK ٢"), (), "digits must match"),
            ("digit lost", "minors", swap("18", ""), (), "digits must match"),
        )
    ),
]

OUTREACH_PAGE: list[Case] = [
    ("deleted", OUTREACH, None, "", "cannot be read"),
    (
        "chapter is a text",
        OUTREACH,
        put("talk: zz\n"),
        "talk",
        "talk: expected a mapping, got 'zz'",
    ),
    (
        "without Norwegian",
        OUTREACH,
        swap(r"^  nb: Samtalen\n", ""),
        "The conversation",
        "nb is missing",
    ),
    ("unknown key", OUTREACH, swap(r"^  nb: Samtalen$", "  no: Samtalen"), "no:", "not a known"),
    ("no paragraphs", OUTREACH, put("a: {en: A, nb: A, says: zz}\n"), "zz", "says: expected"),
    ("address", OUTREACH, swap("tolkeregisteret.no", "https://zz"), "https", "web: expected"),
    (
        "typed number",
        OUTREACH,
        every("{guidance_unit}", "466 15 000"),
        "",
        "phone numbers must be placeholders, got 46615000",
    ),
    ("no such contact", OUTREACH, every("{htso}", "{zz}"), "", "unknown placeholder {zz}"),
    (
        "Norwegian with fewer numbers",
        OUTREACH,
        swap(r"\{police\} ved fare", "ved fare"),
        "nb:",
        "numbers of nb must match the English",
    ),
]

GROUPS = {
    "outreach page": OUTREACH_PAGE,
    "yaml": YAML,
    "content": CONTENT,
    "sentence": SENTENCES,
    "language": LANGUAGES,
    "catalog": CATALOGS,
}


@pytest.fixture
def folder(small_folder: Path) -> Path:
    """A copy of the small content."""
    return small_folder


@pytest.mark.parametrize(
    ("file", "edit", "mark", "summary"),
    [
        pytest.param(*case, id=f"{group}: {label}")
        for group, cases in GROUPS.items()
        for label, *case in cases
    ],
)
def test_start_with_a_broken_file_names_its_line(
    folder: Path, file: str, edit: Edit | None, mark: str, summary: str
) -> None:
    change(folder, file, edit)
    found = problems(folder)
    hits = [problem for problem in found if is_at(problem, folder, file, mark)]
    assert any(summary in problem.summary for problem in hits), "\n".join(map(str, found))


@pytest.mark.parametrize(
    ("file", "edit", "mark", "summary"),
    [pytest.param(*case, id=label) for label, *case in APPROVALS],
)
def test_start_with_damaged_approvals_serves_the_language_as_a_draft(
    folder: Path, file: str, edit: Edit | None, mark: str, summary: str
) -> None:
    approve_as(folder, *ENGLISH, *POLISH)
    change(folder, file, edit)

    sources = ContentSources(folder)

    found = sources.damaged_approvals()
    hits = [problem for problem in found if is_at(problem, folder, file, mark)]
    assert any(summary in problem.summary for problem in hits), "\n".join(map(str, found))
    assert (sources.is_language_approved("en"), sources.is_language_approved("pl")) == (True, False)
    checked = run("check", where=folder)
    assert checked.returncode == 1
    assert str(hits[0]) in checked.stdout


def test_start_with_renamed_phrases_misses_every_phrase(folder: Path) -> None:
    phrases = yaml_file.load(folder / PHRASES, [])
    change(folder, PHRASES, lambda whole: re.sub(r"(?m)^(\w+):", r"\1_:", whole))
    found = {problem.summary for problem in problems(folder) if is_at(problem, folder, PHRASES, "")}
    expected = {
        f"{name}: {kind} is missing"
        for name, row in phrases.items()
        for kind in ("text", "fixed")
        if kind in row
    }
    assert len(expected) >= 15
    assert expected <= found


@pytest.mark.parametrize("number", ["police", "rosa", "children"])
def test_start_without_a_lifeline_names_each_phrase_that_needs_it(
    folder: Path, number: str
) -> None:
    sentence = {"police": "in_danger", "rosa": "helplines", "children": "minors"}[number]
    phrases = ("start", "fallback", "numbers", "unclear", sentence)
    for phrase in phrases:
        change(folder, PHRASES, strike(phrase, f"{{{number}}}"))
    found = {problem.summary for problem in problems(folder) if is_at(problem, folder, PHRASES, "")}
    assert found == {f"{phrase} must contain {{{number}}}" for phrase in phrases}


def test_start_with_the_unbroken_copy_succeeds(folder: Path) -> None:
    """The problems above come from the edits."""
    change(folder, NEW_TOPIC, topic("Call {rosa}."))
    change(folder, REVIEW, put(f"abc:\n- {READING}\n"))
    assert ContentSources(folder).content.topics["zz"].code == "92"


@pytest.mark.parametrize(
    ("file", "edit"),
    [
        pytest.param(CONTACTS, swap("emergency: true", "urgent: true"), id="contact"),
        pytest.param(PHRASES, swap("^  text: ", "  txt: "), id="phrase"),
        pytest.param(WORK, swap('^code: "4"', 'code: "04"'), id="topic"),
        pytest.param(ROWS, swap("direction: ltr", "direction: up"), id="language"),
        pytest.param(WORDS, add("zz: [zz]\n"), id="words"),
        pytest.param(CATALOG, add("\nnonsense\n"), id="catalog"),
    ],
)
def test_start_with_one_broken_file_reports_one_problem(
    folder: Path, file: str, edit: Edit
) -> None:
    """Files that refer to the broken one are not reported."""
    change(folder, file, edit)
    found = problems(folder)
    assert [problem for problem in found if not is_at(problem, folder, file, "")] == []
    assert len(found) == 1


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param(
            {
                CONTACTS: swap("emergency: true", "urgent: true"),
                WORK: swap("^audience: .*", "audience: [adult"),
                NEW_TOPIC: put(""),
                WORDS: swap("^work: .*", "work: 4"),
                CATALOG: add("\nnonsense\n"),
            },
            id="problems within files",
        ),
        pytest.param(
            {
                CONTACTS: swap('number: "113"', 'number: "112"'),
                PHRASES: strike("fallback", "{rosa}"),
                WORK: add('see: ["95"]\n'),
                NEW_TOPIC: topic("Call 116111"),
                WORDS: swap("^work: .*", "work: [stop]"),
                CATALOG: restate("close_label", put("OK 2")),
            },
            id="problems between files",
        ),
    ],
)
def test_start_with_many_problems_reports_all_in_one_sorted_list(
    folder: Path, edits: dict[str, Edit]
) -> None:
    """Problems in several files and in a variable."""
    for file, edit in edits.items():
        change(folder, file, edit)
    with pytest.raises(ConfigurationError) as refused:
        create_app(texts_at(folder, ENVIRON | {"RIGHTS_LINE_SERVE": "maybe"}))
    found = refused.value.problems
    unreported = [
        file for file in edits if not any(is_at(problem, folder, file, "") for problem in found)
    ]
    assert unreported == []
    assert "RIGHTS_LINE_SERVE" in {problem.place for problem in found}
    printed = str(refused.value).splitlines()
    assert printed == [f"  {problem}" for problem in found]
    assert printed == sorted(printed)


def test_process_with_broken_files_prints_the_problems_and_exits(tmp_path: Path) -> None:
    """Every problem, and no traceback."""
    for name in ("rights_line", "content", "locales"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "app.py", tmp_path)
    change(tmp_path, WORK, swap('^code: "4"', 'code: "04"'))
    change(tmp_path, CATALOG, add("\nnonsense\n"))
    done = subprocess.run(
        [sys.executable, "-m", "rights_line.cli", "serve"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "CHANNELS": "try_it"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "content/topics/work.yaml:1: code: expected digits in quotes, got '04'" in done.stderr
    assert "pl/LC_MESSAGES/messages.po:" in done.stderr


LONG = "Norway " * 29 + "Norway"
LINTED: list[tuple[str, str, Edit, str, str]] = [
    *(
        (label, NEW_TOPIC, topic(text), f"{NEW_TOPIC}:4", problem)
        for label, text, problem in (
            ("112 by text message", "Text {police} now.", "must not say 'Text {police}'"),
            ("promise", "You will get help.", "must not say 'You will'"),
            ("secret", "It is secret.", "must not say 'secret'"),
            ("question", "Send your name.", "must not say 'your name'"),
            ("address", "See udi.no for more.", "must not say 'udi.no'"),
            ("dash", "Call \u2013 now.", "U+2013 EN DASH"),
            ("apostrophe", "Don\u2019t text.", "U+2019"),
            ("bidi mark", "Call \u2067{police}\u2069.", "U+2067"),
            ("no-break space", "Call\u00a0now.", "U+00A0"),
            ("letter outside GSM-7", "Call Łukasz.", "U+0141"),
            ("decomposed", "Call Troms\u0061\u030a.", "is not in NFC"),
        )
    ),
    ("without translation", NEW_TOPIC, topic("Zz."), CATALOG, "zz is not translated: 'Zz.'"),
    (
        "dash translated",
        CATALOG,
        restate("close_label", put("OK \u2013")),
        CATALOG,
        "U+2013 EN DASH",
    ),
    ("too long", NEW_TOPIC, topic(LONG + LONG), "screen 92 in en", "takes 3 segments"),
    (
        "harmful word in the preview",
        NEW_TOPIC,
        topic("A victim."),
        "screen 92 in en",
        "shows 'victim'",
    ),
    ("harmful title", NEW_TOPIC, topic("Zz", "3", "Forced"), "screen 0 in en", "shows 'forced'"),
    *(
        (f"code {code} unlinked", NEW_TOPIC, topic("Zz", code), NEW_TOPIC, f"shows code {code}")
        for code in ("45", "947")
    ),
    ("start too long", PHRASES, swap("Norge/Norway info", LONG), "start", "takes 3 segments"),
    (
        "start with numbers after the first segment",
        PHRASES,
        swap("Norge/Norway", LONG),
        "start",
        "112 is not in its",
    ),
]


@pytest.mark.parametrize(
    ("file", "edit", "place", "summary"), [pytest.param(*case, id=label) for label, *case in LINTED]
)
def test_lint_names_texts_that_harm_or_cost_too_much(
    folder: Path, file: str, edit: Edit, place: str, summary: str
) -> None:
    """`rights-line check` reports them; the line starts all the same."""
    change(folder, file, edit)
    found = lint_texts(ContentSources(folder))
    hits = [problem for problem in found if problem.place.endswith(place)]
    assert any(summary in problem.summary for problem in hits), "\n".join(map(str, found))


def test_lint_of_helplines_without_call_names_the_words_and_their_file(folder: Path) -> None:
    """The fix names the file, the key and its current words."""
    change(folder, WORDS, swap("^call: .*", "call: [dzwo\u0144, telefonuj]"))
    change(folder, CATALOG, restate("in_danger", swap("dzwo\u0144", "pisz")))
    found = [
        problem
        for problem in lint_texts(ContentSources(folder))
        if "say to call" in problem.summary
    ]
    [problem] = [problem for problem in found if problem.place == CATALOG]
    assert "call: in locales/pl/words.yaml (dzwo\u0144, telefonuj)" in problem.fix


def test_lint_accepts_a_plain_text(folder: Path) -> None:
    """Also a harmful word after the part that a locked phone displays."""
    change(folder, NEW_TOPIC, topic(f"{LONG[:60]} Call {{rosa}} or {{children}}. Forced?"))
    found = [
        problem
        for problem in lint_texts(ContentSources(folder))
        if "not translated" not in problem.summary
    ]
    assert [
        problem for problem in found if "topics/zz" in problem.place or " 92 " in problem.place
    ] == []


def test_lint_of_a_menu_that_is_long_because_a_link_says_english_waits(folder: Path) -> None:
    """The translation that follows shortens it; a text that is too long by itself is an error."""
    change(folder, CATALOG, restate("unclear", lambda text: text + " Zz." * 60))
    own = {row.waits for row in lint_texts(ContentSources(folder)) if "screen ? in pl" in row.place}
    change(folder, WORK, swap("call ROSA", "ring ROSA"))
    led = {row.waits for row in lint_texts(ContentSources(folder)) if "screen ? in pl" in row.place}
    assert (own, led) == ({False}, {True})


def test_lint_names_an_untranslated_screen_once(folder: Path) -> None:
    """In English, not also in Polish."""
    change(folder, NEW_TOPIC, topic(LONG + LONG))
    found = [
        problem.place
        for problem in lint_texts(ContentSources(folder))
        if "segments" in problem.summary
    ]
    assert set(found) == {"screen 92 in en"}


@pytest.mark.parametrize(
    ("mark", "unmarked"),
    [
        ("{label} (English)", []),
        ("{label}", ["'9 Więcej' leads to English without saying so"]),
    ],
)
def test_lint_names_links_that_lead_to_english_without_saying_so(
    folder: Path, mark: str, unmarked: list[str]
) -> None:
    """A new topic below 9 is not translated, so 9 is in English too."""
    change(folder, NEW_TOPIC, topic("Zz"))
    change(folder, PHRASES, swap(re.escape("{label} (English)"), mark))
    found = lint_texts(ContentSources(folder))
    on_menu = [problem.summary for problem in found if problem.place == "screen 0 in pl"]
    assert on_menu == unmarked


@pytest.mark.parametrize(
    ("folded", "is_reported"),
    [("a", False), ("oe", False), ("a'", False), ("ő", True), ("oő", True)],
)
def test_lint_accepts_letters_folded_to_several_gsm_7_letters(
    folder: Path, folded: str, is_reported: bool
) -> None:
    """Like œ, which is folded as "oe"."""
    change(folder, ROWS, swap(r"\{ą: a,", f'{{ą: "{folded}",'))
    change(folder, CATALOG, restate("close_label", put("ą")))
    named = [
        problem for problem in lint_texts(ContentSources(folder)) if "U+0105" in problem.summary
    ]
    assert bool(named) == is_reported


@pytest.mark.parametrize(
    ("text", "is_reported"),
    [("w sądzie", True), ("Sądzie!", True), ("w sadzie", False), ("osądzie", False)],
)
def test_lint_names_words_that_folding_turns_into_other_words(
    folder: Path, text: str, is_reported: bool
) -> None:
    """Whole words, as written with their marks; the row of Polish lists one."""
    change(folder, CATALOG, restate("close_label", put(text)))
    found = [problem.summary for problem in lint_texts(ContentSources(folder))]
    named = [summary for summary in found if "'sadzie', which means 'orchard'" in summary]
    assert bool(named) == is_reported
