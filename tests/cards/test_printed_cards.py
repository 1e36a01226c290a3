"""The PDFs of the web pages: each made once, one at a time, and no failure repeated."""

import sys
from collections.abc import Callable

import pytest

from rights_line.cards.printed_cards import Busy, NotPrintable, PrintedCards
from rights_line.errors import ConfigurationError, Problem


def counting(made: list[str]) -> Callable[[str], bytes]:
    def make(tag: str) -> bytes:
        made.append(tag)
        return tag.encode()

    return make


def test_print_cards_makes_each_language_once() -> None:
    made: list[str] = []
    printed = PrintedCards(counting(made))

    assert [printed.print_cards(tag) for tag in ("pl", "uk", "pl")] == [b"pl", b"uk", b"pl"]
    assert made == ["pl", "uk"]


def test_print_cards_while_another_is_made_is_refused_at_once() -> None:
    """One that was made before is still returned."""

    def make(tag: str) -> bytes:
        if tag == "uk":
            assert printed.print_cards("pl") == b"pl"
            with pytest.raises(Busy):
                printed.print_cards("ar")
        return tag.encode()

    printed = PrintedCards(make)
    assert [printed.print_cards(tag) for tag in ("pl", "uk", "ar")] == [b"pl", b"uk", b"ar"]


@pytest.mark.parametrize(
    "error",
    [
        ImportError("weasyprint"),
        OSError("libpango"),
        ConfigurationError([Problem("Noto Sans Thai", "is not installed", "Install it")]),
    ],
)
def test_print_cards_that_failed_is_not_tried_again(error: Exception) -> None:
    tried: list[str] = []

    def make(tag: str) -> bytes:
        tried.append(tag)
        raise error

    printed = PrintedCards(make)
    for _ in range(2):
        with pytest.raises(NotPrintable):
            printed.print_cards("th")
    assert tried == ["th"]
    assert not printed.can_print("th")
    assert printed.can_print("pl")


def test_print_cards_without_weasyprint_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    made: list[str] = []
    printed = PrintedCards(counting(made))

    with pytest.raises(NotPrintable):
        printed.print_cards("pl")
    assert (made, printed.can_print("pl")) == ([], False)
