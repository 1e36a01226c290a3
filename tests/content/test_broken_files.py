"""Broken content files: the line does not start, and names the place and the fix."""

import re
from functools import partial
from pathlib import Path

import pytest

from rights_line.content import ContentSources, yaml_file
from rights_line.editorial.lint import lint_texts
from rights_line.errors import ConfigurationError
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

# An edit of a file (None deletes it), a part of the line that the problem names ("" if it names the
# file alone), and a part of the summary. The values that a key may have are in test_yaml_file.py.
Case = tuple[Edit | None, str, str]

NEW_PASSAGES = """code: "92"
title: Zz
audience: [adult]
more:
  - {code: "921", text: "Zz", facts: [], source: [{service: tests}]}
"""
READING = "{role: lawyer, by: AB, 'on': 2026-11-24}"
PASSAGE_42 = swap('- code: "42"', r"""\g<0>\n    answers: {"yes": "41", "no": "95"}""")
SEE_95 = "see: expected a contact or the code of a titled screen, got 95"
NO_SCREEN = "zz: expected a topic, a contact or the code of a screen, got 777"
LEADS_TO = "leads_to must be left out if kind is harmless, and only then"
OPENED = swap('^msgstr "Policja"', 'msgstr "Pol\ufffdcja"')
WORK_AND_PAY = 'msgctxt "work"\nmsgid "Work and pay"\n'
UNQUOTED = swap('(msgctxt "helplines"\nmsgid .*\nmsgstr .*)"$', r"\1")


def polish(key: str, value: str) -> Edit:
    """Give a key of the Polish row another value."""
    return swap(f"^(pl:(?:\n  .*)*?\n  {key}): .*", rf"\1: {value}")


BROKEN: dict[str, list[Case]] = {
    WORK: [
        (swap(r"^audience: .*", "audience: [adult"), "", "expected"),
        (add("title: Again\n"), "Again", "title is defined twice"),
        (add("# \udcff\n"), "", "must be UTF-8, got the byte 0xff"),
        (swap("^title: .*", "title: W\ufffdrk"), "W\ufffdrk", "contains U+FFFD"),
        (swap("^title: .*", r'title: "W\\uFFFDrk"'), "W\\u", "contains U+FFFD"),
        (add("---\ncode: '4'\n"), "---", "found another document"),
        (add("keywords: [work]\n"), "keywords", "not a known key"),
        (swap('^code: "4"', "code: 4"), "code", "code: expected digits in quotes, got 4 (int)"),
        (swap('- code: "41"', '- kode: "41"'), "kode", "not a known key"),
        (swap('- code: "42"', '- code: "41"'), "", "code 41 must be unique"),
        (add('see: ["95"]\n'), "", SEE_95),
        (PASSAGE_42, "", "answers: expected the code of a screen, got 95"),
    ],
    CONTACTS: [
        (None, "", "cannot be read"),
        (swap(r"^  name: Police$", "\tname: Police"), "\tname", "any token"),
        (add("rosa: {name: Again}\n"), "Again", "rosa is defined twice"),
        (add("zz: {<<: {name: Zz}}\n"), "zz", "merge"),
        (swap("verified_on: .*", "verified_on: 2026-13-01"), "-13-", "month must be in 1..12"),
        (add("zz: 5\n"), "zz", "zz: expected a mapping, got 5 (int)"),
        (swap('number: "113"', 'number: "112"'), "", "112 must be unique"),
        (swap('"23 35 16 00"', '"23 35 16 01"'), "e164: ", 'must be "+47" and'),
        (swap('"\\+4722331160"', '"+4622331160"'), "e164: ", 'must be "+47" and'),
        (swap('"113"', '"113"\n  e164: "+4700000113"'), "e164: ", 'must be "+47" and'),
        (swap("^rosa:", "rosy:"), "", "rosa is missing"),
    ],
    PHRASES: [
        (None, "", "cannot be read"),
        (put("- start\n"), "", "must be a mapping, got"),
        (add("zz: 5\n"), "zz", "zz: expected a mapping, got 5 (int)"),
        (add("zz:\n  txt: Zz\n"), "txt", "txt is not a known key"),
        (swap('text: "menu"', 'text: "menu {day}"'), "menu", "unknown placeholder {day}"),
        *(
            (swap('fixed: "Svar/reply:"', f'fixed: "{text}"'), "", problem)
            for text, problem in (
                ("{unknown}", "unknown placeholder {unknown}"),
                ("reply {", "braces must enclose"),
                ("22331160", "phone numbers must be placeholders, got 22331160"),
            )
        ),
    ],
    NEW_TOPIC: [
        (put(""), "", "must be a mapping, got"),
        (put(NEW_PASSAGES), "more", "more requires text, which is missing"),
        (topic("Zz", "4"), "", "code 4 must be unique, but is used by content/topics/work"),
        (topic("Zz", "911"), "", "code 911 must be unique"),  # among the also of danger
        (topic("Zz", "112"), "", "code 112 must be unique, but is used by content/cont"),
        (topic("Zz", "0"), "code", "code: expected"),
        (topic("Zz", "98"), "", "code 98 must be unique"),
        (topic("{unknown}"), "text", "unknown placeholder {unknown}"),
        (topic("{children_hours}"), "text", "unknown placeholder"),  # they are unknown
        (topic("{rosa_hours}"), "text", "unknown placeholder"),  # it is always open
        (topic("{rosa"), "text", "braces must enclose"),
        (topic("{}"), "text", "unknown placeholder {}"),
        (topic("{rosa:.4}"), "text", "braces must enclose"),
        (topic("Call 22 33 11 60"), "text", "phone numbers must be placeholders"),
        (topic("Call 116 111"), "text", "phone numbers must be placeholders"),
    ],
    "content/topics/danger.yaml": [(None, "", "is missing")],
    "content/topics/talk.yaml": [(swap("{rosa}", "{rosy}"), "text", "unknown placeholder {rosy}")],
    COUNTRY: [(swap("^name: ", "names: "), "", "name is missing")],
    ROWS: [
        (None, "", "cannot be read"),
        (polish("number", '"2"'), "number", "number must be unique, got that of en"),
        (polish("word", "ENGLISH"), "word", "word must be unique, got that of en"),
        (polish("word", "STOPP"), "word", "word is a reserved word"),
        (polish("label", "Język polski"), "label", "label must fit GSM-7"),
        (polish("word", "POLSKI\n  heard_as: xx"), "heard_as", "must be the tag of a language"),
        (polish("word", "POLSKI\n  close_to: [en]"), "close_to", "close_to: en must name pl"),
        (swap("^  weekdays: \\[poniedziałek.*\n", ""), "number", "weekdays is missing"),
        (swap("^en:\n(?:  .*\n)+", ""), "", "row en is missing"),
    ],
    CONCEPTS: [
        (None, "", "cannot be read"),
        (add("zz:\n  leads_to: work\n"), "leads_to: work", "question is missing"),
        (add('zz:\n  leads_to: "777"\n  question: Zz\n'), "", NO_SCREEN),
        (add('zz:\n  leads_to: work\n  also: ["777"]\n  question: Zz\n'), "", NO_SCREEN),
        (add("zz:\n  question: Zz\n"), "question: Zz", LEADS_TO),
        (add("zz:\n  kind: harmless\n  leads_to: work\n  question: Zz\n"), "harmless", LEADS_TO),
    ],
    WORDS: [
        (None, "", "cannot be read"),
        (swap("^talk: .*", "talk: [roz\ufffdowa]"), "\ufffd", "contains U+FFFD"),
        (add("# \x07\n"), "", "is not valid YAML: ReaderError"),
        (add("zz: [praca]\n"), "zz", "zz is not a known key"),
        (swap("^work: .*", "work: 4"), "work", "work: expected"),
        (swap("^work: .*", "work: [Stop!]"), "Stop", "is a reserved word"),
        (swap("^talk: .*", "talk: [quiet]"), "quiet", "one letter from"),
        (swap("^menu: .*", "menu: [stap]"), "stap", "one letter from"),
        (swap("^work: .*", "work: [rozmowa]"), "", "rozmowa must have one meaning, got talk in pl"),
        (swap("^work: .*", "work: [advice]"), "", "got talk in en, work in pl"),
    ],
    CATALOG: [
        (None, "", "cannot be read"),
        (add("\nnonsense\n"), "nonsense", "is not a valid .po file"),
        (UNQUOTED, 'msgstr "', "a string must end with a quotation mark"),
        (swap('^msgstr "Policja"', 'msgstr "Policja\udcff"'), "", "is not a valid .po"),
        (OPENED, "Pol\ufffdcja", "contains U+FFFD"),
        (swap("charset=utf-8", "charset=iso-8859-2"), "", "must say charset=utf-8, got iso-8859-2"),
        (swap('^msgid ""', '#, fuzzy\nmsgid ""'), "", "its header must not be fuzzy"),
        *(
            (restate("helplines", swap("{rosa}", text)), "", "placeholders must match")
            for text in ("{udi}", "", "{rosa}{rosa}", "{rosa", "{rosa:.4}")
        ),
        *(
            (restate("close_label", put(text)), "", "digits must match")
            for text in ("OK 2", "OK ٢")
        ),
        (restate("minors", swap("18", "")), "", "digits must match"),
        (add(f'\n{WORK_AND_PAY}msgstr "Inna praca"\n'), "", "must have each entry once"),
    ],
    OUTREACH: [
        (None, "", "cannot be read"),
        (add("# \ufffd\n"), "\ufffd", "contains U+FFFD"),
        (put("talk: zz\n"), "talk", "talk: expected a mapping, got 'zz'"),
        (swap(r"^  nb: Samtalen\n", ""), "The conversation", "nb is missing"),
        (swap(r"^  nb: Samtalen$", "  no: Samtalen"), "no:", "not a known"),
        (every("{guidance_unit}", "466 15 000"), "", "must be placeholders, got 46615000"),
        (every("{htso}", "{zz}"), "", "unknown placeholder {zz}"),
        # The page shows numbers alone; a screen may have hours.
        (every("{rosa}", "{udi_hours} {rosa}"), "en:", "unknown placeholder {udi_hours}"),
        (swap(r"\{police\} ved fare", "ved fare"), "nb:", "numbers of nb must match the English"),
    ],
}

# Of review.yaml. They do not stop the start: the approvals do not count until it is repaired.
APPROVALS: list[Case] = [
    (put("abc: lawyer\n"), "abc", "abc: expected a list of readings"),
    (put("abc: []\n"), "abc", "abc: expected a list of readings"),
    (put("complete: yes\n"), "complete", "complete: expected"),
    *(
        (put(f"abc:\n- {READING}\nabd:\n- {reading}\n"), reading, problem)
        for reading, problem in (
            ("{role: lawyer, by: AB}", "on is missing"),
            (READING.replace("2026-11-24", "'2026-11-24'"), "on: expected"),
            (READING.replace("lawyer", "native reader"), "got 'native reader'"),
            (READING.replace("AB", "Kari Nordmann"), "by: expected"),
        )
    ),
]


@pytest.fixture
def folder(small_folder: Path) -> Path:
    """A copy of the small content."""
    return small_folder


@pytest.mark.parametrize(
    ("file", "edit", "mark", "summary"),
    [
        pytest.param(file, *case, id=f"{file} {number}: {case[-1]}")
        for file, cases in BROKEN.items()
        for number, case in enumerate(cases, start=1)
    ],
)
def test_start_with_a_broken_file_names_its_line(
    folder: Path, file: str, edit: Edit | None, mark: str, summary: str
) -> None:
    change(folder, file, edit)
    found = problems(folder)
    hits = [problem for problem in found if is_at(problem, folder, file, mark)]
    assert any(summary in problem.summary for problem in hits), "\n".join(map(str, found))


@pytest.mark.parametrize(("edit", "mark", "summary"), APPROVALS)
def test_start_with_damaged_approvals_serves_the_language_as_a_draft(
    folder: Path, edit: Edit, mark: str, summary: str
) -> None:
    approve_as(folder, *ENGLISH, *POLISH)
    change(folder, REVIEW, edit)

    sources = ContentSources(folder)

    found = sources.damaged_approvals()
    hits = [problem for problem in found if is_at(problem, folder, REVIEW, mark)]
    assert any(summary in problem.summary for problem in hits), "\n".join(map(str, found))
    assert (
        sources.approvals["en"].is_complete,
        sources.approvals["pl"].is_complete,
    ) == (True, False)
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
    phrases = ("start", "fallback", "numbers", "unclear_again", sentence)
    for phrase in phrases:
        change(folder, PHRASES, strike(phrase, f"{{{number}}}"))
    found = {problem.summary for problem in problems(folder) if is_at(problem, folder, PHRASES, "")}
    assert found == {f"{phrase} must contain {{{number}}}" for phrase in phrases}


@pytest.mark.parametrize(
    ("file", "edit"),
    [
        pytest.param(CONTACTS, swap("emergency: true", "urgent: true"), id="contact"),
        pytest.param(ROWS, swap("direction: ltr", "direction: up"), id="language"),
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


def test_start_with_many_problems_reports_all_in_one_sorted_list(folder: Path) -> None:
    """Problems between several files, and in a variable."""
    edits: dict[str, Edit] = {
        CONTACTS: swap('number: "113"', 'number: "112"'),
        PHRASES: strike("fallback", "{rosa}"),
        WORK: add('see: ["95"]\n'),
        WORDS: swap("^work: .*", "work: [stop]"),
        CATALOG: restate("close_label", put("OK 2")),
    }
    for file, edit in edits.items():
        change(folder, file, edit)
    with pytest.raises(ConfigurationError) as refused:
        create_app(texts_at(folder, ENVIRON | {"RIGHTS_LINE_SERVE": "maybe"}))
    found = refused.value.problems
    for file in edits:
        assert any(is_at(problem, folder, file, "") for problem in found), file
    assert "RIGHTS_LINE_SERVE" in {problem.place for problem in found}
    printed = str(refused.value).splitlines()
    assert printed == sorted(f"  {problem}" for problem in found)


LONG = "Norway " * 29 + "Norway"
WITH_CHILDREN = r", (?:and children|og barn) \{children\}"
LINTED: list[tuple[str, Edit, str, str]] = [  # file, edit, place, part of the summary
    *(
        (NEW_TOPIC, topic(text), f"{NEW_TOPIC}:4", problem)
        for text, problem in (
            ("Text {police} now.", "must not say 'Text {police}'"),
            ("You will get help.", "must not say 'You will'"),
            ("Send your name.", "must not say 'your name'"),
            ("See udi.no for more.", "must not say 'udi.no'"),
            ("Call \u2013 now.", "U+2013 EN DASH"),
            ("Don\u2019t text.", "U+2019"),
            ("Call Łukasz.", "U+0141"),
            ("Call Troms\u0061\u030a.", "is not in NFC"),
        )
    ),
    (NEW_TOPIC, topic("Zz."), CATALOG, "zz is not translated: 'Zz.'"),
    (CATALOG, restate("close_label", put("OK \u2013")), CATALOG, "U+2013 EN DASH"),
    (NEW_TOPIC, topic(LONG + LONG), "screen 92 in en", "takes 3 segments"),
    (NEW_TOPIC, topic("A victim."), "screen 92 in en", "shows 'victim'"),
    (NEW_TOPIC, topic("Zz", "3", "Forced"), "screen 0 in en", "shows 'forced'"),
    (NEW_TOPIC, topic("Zz", "45"), NEW_TOPIC, "shows code 45"),
    (PHRASES, swap("Norge/Norway info", LONG), "start", "takes 3 segments"),
    (PHRASES, swap("Norge/Norway", LONG), "start", "112 is not in its"),
    (OUTREACH, swap("Any word, in any", "We promise: any"), f"{OUTREACH}:5", "say 'We promise'"),
    *(
        (OUTREACH, partial(re.sub, WITH_CHILDREN, ""), f"{OUTREACH}:{line}", "without {children}")
        for line in (115, 117)
    ),
]


@pytest.mark.parametrize(("file", "edit", "place", "summary"), LINTED)
def test_lint_names_texts_that_harm_or_cost_too_much(
    folder: Path, file: str, edit: Edit, place: str, summary: str
) -> None:
    """`rights-line check` reports them; the line starts all the same."""
    change(folder, file, edit)
    found = lint_texts(ContentSources(folder))
    hits = [problem for problem in found if problem.place.endswith(place)]
    assert any(summary in problem.summary for problem in hits), "\n".join(map(str, found))


def test_lint_of_helplines_without_call_names_the_words_and_their_file(folder: Path) -> None:
    change(folder, WORDS, swap("^call: .*", "call: [dzwo\u0144, telefonuj]"))
    change(folder, CATALOG, restate("in_danger", swap("dzwo\u0144", "pisz")))
    found = [row for row in lint_texts(ContentSources(folder)) if "say to call" in row.summary]
    [problem] = [problem for problem in found if problem.place == CATALOG]
    assert "call: in locales/pl/words.yaml (dzwo\u0144, telefonuj)" in problem.fix


def test_lint_accepts_a_plain_text(folder: Path) -> None:
    """Also a harmful word after the part that a locked phone displays."""
    change(folder, NEW_TOPIC, topic(f"{LONG[:60]} Call {{rosa}} or {{children}}. Forced?"))
    found = lint_texts(ContentSources(folder))
    known = [problem for problem in found if "not translated" not in problem.summary]
    assert [row for row in known if "topics/zz" in row.place or " 92 " in row.place] == []


def test_lint_of_a_menu_that_is_long_because_a_link_says_english_waits(folder: Path) -> None:
    """The translation that follows shortens it; a text that is too long by itself is an error."""
    change(folder, CATALOG, restate("unclear", lambda text: text + " Zz." * 60))
    own = {row.waits for row in lint_texts(ContentSources(folder)) if "screen ? in pl" in row.place}
    change(folder, WORK, swap("call ROSA", "ring ROSA"))
    led = [row for row in lint_texts(ContentSources(folder)) if "screen ? in pl" in row.place]
    assert (own, {row.waits for row in led}) == ({False}, {True})
    assert all(row.fix.startswith("Translate the screens") for row in led)


@pytest.mark.parametrize(
    ("mark", "unmarked"),
    [("{label} (English)", []), ("{label}", ["'9 Więcej' leads to English without saying so"])],
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


@pytest.mark.parametrize(("folded", "is_reported"), [("oe", False), ("oő", True)])
def test_lint_accepts_letters_folded_to_several_gsm_7_letters(
    folder: Path, folded: str, is_reported: bool
) -> None:
    """Like œ, which is folded as "oe"."""
    change(folder, ROWS, swap(r"\{ą: a,", f'{{ą: "{folded}",'))
    change(folder, CATALOG, restate("close_label", put("ą")))
    found = lint_texts(ContentSources(folder))
    assert any("U+0105" in problem.summary for problem in found) == is_reported


@pytest.mark.parametrize(
    ("text", "is_reported"), [("Sądzie!", True), ("w sadzie", False), ("osądzie", False)]
)
def test_lint_names_words_that_folding_turns_into_other_words(
    folder: Path, text: str, is_reported: bool
) -> None:
    """Whole words, as written with their marks; the row of Polish lists one."""
    change(folder, CATALOG, restate("close_label", put(text)))
    found = lint_texts(ContentSources(folder))
    named = "'sadzie', which means 'orchard'"
    assert any(named in problem.summary for problem in found) == is_reported
