"""Approval by screen: the core, one changed letter, and what is sent in place of a screen."""

from dataclasses import replace
from pathlib import Path

import pytest

from rights_line.content import ContentSources
from rights_line.content.approval import CORE, HELPLINES
from rights_line.content.assembly import ScreenTree
from rights_line.content.assembly.library_builder import build_library
from rights_line.content.assembly.rendering import ScreenRenderer
from rights_line.core import Inbound
from rights_line.core.conversation import conversation_reply
from rights_line.core.library import Library
from rights_line.editorial import approvals
from rights_line.errors import ConfigurationError
from tests.support.approvals import ENGLISH, POLISH, approve_as, read_by
from tests.support.cli import run
from tests.support.clock import TUESDAY
from tests.support.folders import CATALOG, REVIEW, WORK, Edit, change, every, swap
from tests.support.worlds import library_at

SMALL_CORE = tuple(code for code in CORE if code not in ("12", "13"))  # it has neither


def served(folder: Path) -> Library:
    """Return the library with approved texts only."""
    return library_at(folder, "approved")


def sent(folder: Path, text: str) -> str:
    """Return the SMS in reply to a text."""
    return conversation_reply(
        Inbound("sender", text), None, served(folder), TUESDAY, has_memory=True
    )[0].text


def languages(folder: Path, tag: str) -> dict[str, str]:
    """Return code -> the language that a screen is sent in; "" for the helplines."""
    edition = served(folder).editions[tag]
    rows = edition.screens.items()
    return {code: "" if code in edition.withheld else row.language for code, row in rows}


def test_language_is_offered_when_its_core_is_approved(small_folder: Path) -> None:
    """English by two people, then Polish; the strings of the core are few."""
    approve_as(small_folder, *ENGLISH, screens=SMALL_CORE)
    assert "Polski" not in served(small_folder).start
    approve_as(small_folder, *POLISH, screens=SMALL_CORE)

    sources = ContentSources(small_folder)
    assert "English" in served(small_folder).start
    assert "Polski" in served(small_folder).start
    assert sources.approvals["pl"].is_offered
    assert not sources.approvals["pl"].is_complete
    assert len(sources.approvals["pl"].core) < len(sources.texts) / 2
    edition = build_library(sources, "drafts").editions["pl"]
    screen = edition.screens["1"].texts_at(edition.form, TUESDAY, ())
    assert sent(small_folder, "POLSKI 1") == screen.sms


def test_screen_that_is_approved_in_english_only_is_english_below_the_helplines(
    small_folder: Path,
) -> None:
    """Links to it say so, with a session and without one."""
    approve_as(small_folder, *ENGLISH)
    approve_as(small_folder, *POLISH, screens=SMALL_CORE)
    edition = served(small_folder).editions["pl"]
    english = served(small_folder).editions["en"]

    assert edition.screens["4"].body == f"{edition.helplines}\n{english.screens['4'].body}"
    assert "4 Praca i płaca (English)" in edition.screens["0"].links
    assert "ENGLISH 4 Praca i płaca" in edition.screens["0"].stateless_links
    assert "1 " in edition.screens["0"].links
    assert "(English)" not in edition.screens["8"].body


def test_screen_that_is_approved_in_neither_shows_the_helplines_and_leads_to_rosa(
    small_folder: Path,
) -> None:
    """No word of it is one that nobody has approved; its links do not say English."""
    approve_as(small_folder, *ENGLISH, *POLISH, screens=SMALL_CORE)
    library = served(small_folder)
    for tag, talk in (("pl", "2 "), ("en", "2 Talk to someone")):
        edition = library.editions[tag]
        screen = edition.screens["4"]
        assert screen.body == edition.helplines
        assert screen.links.splitlines()[0].startswith(talk)
        assert screen.links.splitlines()[1].startswith("0 ")
        assert "(English)" not in edition.screens["0"].links
        assert {*edition.withheld} == {*edition.screens} - {
            code for code, one in languages(small_folder, tag).items() if one == tag
        }
    assert library.editions["pl"].screens["4"].stateless_links.startswith("POLSKI 2 ")
    assert "22 33 11 60" in sent(small_folder, "POLSKI 4")


def test_translation_is_sent_only_if_its_english_is_approved(small_folder: Path) -> None:
    """A native reader does not judge whether the facts are right."""
    approve_as(small_folder, *ENGLISH, screens=SMALL_CORE)
    approve_as(small_folder, *POLISH)
    sent_in = languages(small_folder, "pl")
    assert (sent_in["1"], sent_in["4"]) == ("pl", HELPLINES)


def test_withheld_screen_is_spoken_and_paged(small_folder: Path) -> None:
    """Also with the label of the next page, and what to press, not approved."""
    approve_as(small_folder, *ENGLISH, *POLISH, screens=SMALL_CORE)
    edition = served(small_folder).editions["pl"]
    assert "22 33 11 60" in edition.screens["4"].texts(edition.form).ussd[0]
    assert edition.speech.screens["4"].language == "pl"
    assert "press" not in edition.speech.phrases
    assert edition.speech.screens["4"].body == edition.speech.phrases["helplines"]


@pytest.mark.parametrize(
    ("file", "edit", "english", "polish"),
    [
        pytest.param(CATALOG, swap('^(msgstr "Praca i płaca: zad)z', r"\1zz"), "en", "en", id="pl"),
        pytest.param(WORK, swap("call ROSA", "ring ROSA"), HELPLINES, HELPLINES, id="en"),
    ],
)
def test_changed_letter_voids_the_one_screen(
    file: str, edit: Edit, english: str, polish: str, small_folder: Path
) -> None:
    """In English it takes that screen of every language with it, and no other."""
    approve_as(small_folder, *ENGLISH, *POLISH)
    before = {tag: languages(small_folder, tag) for tag in ("en", "pl")}
    change(small_folder, file, edit)
    after = {tag: languages(small_folder, tag) for tag in ("en", "pl")}

    assert {*before["pl"].values()} == {"pl"}
    assert after["en"] == before["en"] | {"4": english}
    assert after["pl"] == before["pl"] | {"4": polish}


def test_screen_strings_are_those_without_which_the_screen_is_not_sent(
    small_sources: ContentSources,
) -> None:
    """The table of approval and the renderer agree about each string."""
    tree, strings = ScreenTree(small_sources.content), small_sources.tree.strings
    assert {*strings} == {row.code for row in tree.screens}
    for text in small_sources.texts:
        key = (text.context, text.message)
        polish = replace(small_sources.languages["pl"], withheld=frozenset({key}))
        lacking = {code for code, keys in strings.items() if key in keys}
        assert ScreenRenderer(polish, tree).untranslated_codes == lacking, key


def test_approve_command_takes_the_core_or_screens(small_folder: Path) -> None:
    """--core and --screens approve whole screens, and say what the language lacks."""
    by = ("--by", "AB", "--role", "native_reader")
    approve_as(small_folder, *ENGLISH)
    core = run("approve", "pl", *by, "--core", where=small_folder)
    count = len(ContentSources(small_folder).approvals["pl"].core)
    assert core.stdout.splitlines()[0] == f"pl: {count} strings approved by AB, native_reader."
    assert "pl: core approved, " in core.stdout
    assert "== pl 1 danger (approved)" in run("screens", "pl", where=small_folder).stdout
    assert run("approve", "pl", *by, "--screens", "4", "41", where=small_folder).returncode == 0
    assert [languages(small_folder, "pl")[code] for code in ("1", "4", "41", "42")] == [
        *("pl", "pl", "pl", "en")
    ]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--screens", "4", "--core"], 2, "Use --core or --screens"),
        (["4"], 2, "Write --screens before codes"),
    ],
)
def test_approve_command_refuses_unclear_choices(
    options: list[str], code: int, said: str, small_folder: Path
) -> None:
    by = ("--by", "AB", "--role", "native_reader")
    refused = run("approve", "pl", *by, *options, where=small_folder)
    assert (refused.returncode, said in refused.stderr) == (code, True)
    assert not (small_folder / REVIEW).exists()


@pytest.mark.parametrize(
    ("tag", "role", "place"),
    [
        ("pl", "lawyer", "role: must be native_reader for pl, got lawyer"),
        ("en", "native_reader", "role: must be practitioner or lawyer for en, got native_reader"),
    ],
)
def test_role_that_counts_for_nothing_is_refused(
    tag: str, role: str, place: str, small_folder: Path
) -> None:
    """Although the same person has read the texts in the right role."""
    other = "native_reader" if tag == "pl" else "practitioner"
    approve_as(small_folder, (tag, other))
    reading = read_by(role) | {"by": read_by(other)["by"]}
    before = (small_folder / f"locales/{tag}/review.yaml").read_bytes()
    with pytest.raises(ConfigurationError) as refused:
        approvals.record(ContentSources(small_folder), tag, reading)
    assert [str(problem).startswith(place) for problem in refused.value.problems] == [True]
    assert (small_folder / f"locales/{tag}/review.yaml").read_bytes() == before


def test_english_is_approved_by_two_people(small_folder: Path) -> None:
    """The second reading of one person is refused; written by hand, it counts for nothing."""
    approve_as(small_folder, ENGLISH[0])
    same = read_by("lawyer") | {"by": read_by("practitioner")["by"]}
    with pytest.raises(ConfigurationError, match="two people must read en"):
        approvals.record(ContentSources(small_folder), "en", same)
    approve_as(small_folder, ENGLISH[1])
    assert ContentSources(small_folder).approvals["en"].is_complete
    change(small_folder, "locales/en/review.yaml", every("by: CD", "by: AB"))
    assert not ContentSources(small_folder).approvals["en"].is_offered
