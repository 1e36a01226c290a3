"""The tag of a session."""

import pytest

from rights_line.core import tags


@pytest.mark.parametrize(
    ("tag", "is_awaiting", "code", "script", "language", "is_unclear"),
    [
        (None, False, "", "", None, False),
        ("pl", False, "", "", "pl", False),
        ("zh-Hans?", False, "", "", "zh-Hans", True),
        ("zh-Hans+", False, "", "", "zh-Hans", False),
        ("bg-Latn+", False, "", "", "bg", False),
        ("?", True, "", "", "?", False),
        ("?Arab", True, "", "Arab", "?Arab", False),
        ("?52", True, "52", "", "?52", False),
    ],
)
def test_tag_says_what_is_known_of_the_sender(
    tag: str | None,
    is_awaiting: bool,
    code: str,
    script: str,
    language: str | None,
    is_unclear: bool,
) -> None:
    assert tags.is_awaiting(tag) is is_awaiting
    assert tags.awaited_code(tag) == code
    assert tags.awaited_script(tag) == script
    assert tags.language(tag) == language
    assert tags.is_unclear(tag) is is_unclear


def test_mark_of_a_list_stays_when_the_letters_change() -> None:
    for mark in ("", "?", "+"):
        assert tags.latin(f"bg{mark}") == f"bg-Latn{mark}"
        assert tags.is_latin(f"bg-Latn{mark}")
    assert [tags.is_offered(tag) for tag in (tags.offered("pl"), "pl", "pl?", "?", None)] == [
        *(True, False, False),
        *(False, False),
    ]
