"""Texts that take a pattern long: a beginning that it accepts, then long runs of characters."""

import importlib
import itertools
import pkgutil
import re
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from types import ModuleType
from typing import TypeAlias

import regex
from hypothesis import strategies as st

Pattern: TypeAlias = "re.Pattern[str] | regex.Pattern[str]"

# The longest SMS of Twilio, and the longest message of WhatsApp.
LENGTHS = (1600, 4096)
_TRIED = 200  # characters of a text on which a pattern is timed alone: it may take cubic time
_MAX_CUT = 40  # characters of an accepted text before the run
RUNS = (
    *" \n\t\u00a0aAéß1١²_\"'“”„«»‘’‚….,-:(+*>😀\u200b\u200d\u200fمב我一กክကﷺ각",
    *("e\u0301", "\u0301\u0323", "❤\ufe0f", "a ", "1 ", "1,", "é\n", "> a\n", "' ", "😀 ", "ก "),
    *("our ", "to ", "112 "),
)
_SAMPLE = [*map(chr, (*range(0xD800), *range(0xE000, 0x3_0000)))]


def _fill(text: str, length: int = LENGTHS[0]) -> str:
    """Return a text repeated up to a length."""
    return (text * length)[:length]


_WORDS = " ".join(f"abcdef{first}{second}" for first, second in itertools.product("ghij", "klm"))
# Of each kind of work the texts that take longest. The first one once took 48 seconds.
HARDEST = {
    "a reaction and 1,594 apostrophes": "😀 to " + "'" * 1594 + "x",
    "a reaction and 1,597 apostrophes": "😀 to " + "'" * 1597 + "x",
    "a reaction and 4,090 quotation marks": "😀 to " + "’" * 4090 + "x",
    "a verb of reactions and apostrophes": "liked " + "'" * 4090 + "x",
    "out of office and spaces": "out of office" + " " * 4000 + "x",
    "Greek letters with accents": _fill("ΐ"),
    "lines with accents": _fill("é\n"),
    "lines of Thai letters": _fill("ก\n"),
    "ligatures of 18 letters": _fill("ﷺ "),
    "marks out of order": _fill("\u0301", 800) + _fill("\u0323", 800),
    "Chinese characters": _fill("我"),
    "words of Thai": _fill("การ"),
    "words that no language has": _fill(
        f"{_WORDS} call free if you the in to at for or menu work "
    ),
    "words that begin our lines": _fill("call free if you the in to at for or menu work 112 "),
    "words of an emergency, and codes": _fill("he hits me 112 1 "),
    "short words of many languages": _fill("me he my in a ne to je "),
    "topics in Chinese": _fill("不给工资护照他们打我 "),
    "a code and a word": _fill("1 and "),
    "digits and a letter": _fill("1", 1599) + "x",
    "a session of Chinese characters": _fill("我*他*"),
}


def patterns(*packages: ModuleType) -> dict[Pattern, str]:
    """Return the patterns in the modules and classes of some packages, with a name of each."""
    return {
        pattern: f"{module.rpartition('.')[2]}.{name}"
        for package in packages
        for _, module, _ in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        for name, value in vars(importlib.import_module(module)).items()
        for pattern in _inside(value)
    }


def hardest_texts(pattern: Pattern, accepted: str, length: int) -> list[str]:
    """Return the beginning of an accepted text, a run and an x that take a pattern longest.

    One text for matching it whole, one for searching it.
    """

    def text(choice: tuple[int, str], length: int) -> str:
        cut, run = choice
        return f"{(accepted[:cut] + run * length)[: length - 1]}x"

    def seconds(act: Callable[[str], object], choice: tuple[int, str]) -> float:
        tried = text(choice, _TRIED)
        begun = time.thread_time()
        act(tried)
        return time.thread_time() - begun

    choices = [*itertools.product(range(min(len(accepted), _MAX_CUT) + 1), RUNS)]
    acts = (pattern.fullmatch, pattern.search)
    return [text(max(choices, key=partial(seconds, act)), length) for act in acts]


@cache
def accepted_by(pattern: Pattern) -> st.SearchStrategy[str]:
    """Return a strategy for texts that a pattern accepts.

    Hypothesis does not know the properties (\\p) of `regex`: of such a pattern, the characters.
    """
    if isinstance(pattern, re.Pattern):
        made: st.SearchStrategy[str] = st.from_regex(pattern, fullmatch=True)
        return made
    return st.text([*filter(pattern.search, _SAMPLE)], max_size=5)


def _inside(value: object) -> Iterator[Pattern]:
    """Yield the patterns that a value is or holds."""
    if isinstance(value, re.Pattern | regex.Pattern):
        yield value
    elif isinstance(value, Mapping):
        yield from _inside((*value.keys(), *value.values()))
    elif isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from _inside(item)
    elif isinstance(value, type) and value.__module__.startswith("rights_line."):
        yield from _inside(dict(vars(value)))
