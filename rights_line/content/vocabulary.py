"""What people write, from every language's words.yaml, by what it means once cleaned."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import lru_cache

from rights_line.content.languages import LanguageSource
from rights_line.core.library import CLOSE, LANGUAGES, MENU
from rights_line.core.model import Meaning, Topic
from rights_line.core.understanding.normalise import normalise
from rights_line.core.understanding.reserved_words import reserved_reason
from rights_line.core.understanding.scripts import UNSPACED
from rights_line.errors import Problem

# Where the words lead that are no topic's.
COMMANDS = {"languages": LANGUAGES}
EMERGENCY = "danger"  # the topic that emergency words lead to
# Lists for the lint: nobody sends these.
LINT_ONLY = ("avoid", "call")
# Words that lead to these are understood only as they are written.
NO_FUZZY = ("police", "under_18")
# Shorter words are one slip from everyday words of other languages: "beaten" from Norwegian båten.
MIN_FUZZY_LENGTH = 8
# Words of danger are looked for before all others, so these are longer still.
MIN_FUZZY_EMERGENCY_LENGTH = 9

Meanings = Mapping[str, tuple[Meaning, ...]]


@lru_cache(maxsize=50_000)
def _clean_own(word: str) -> str:
    """Return a word of words.yaml, normalised: each is needed several times during start-up.

    Only for our own words: what a sender wrote must not stay in memory.
    """
    return normalise(word)


def keywords(tongues: Iterable[LanguageSource], topics: Mapping[str, Topic]) -> Meanings:
    """Return every word that leads somewhere, with what it means in each language that has it."""
    ways = COMMANDS | {name: topic.code for name, topic in topics.items()}
    return _meanings(tongues, ways)


def emergency(tongues: Iterable[LanguageSource], topics: Mapping[str, Topic]) -> Meanings:
    """Return the words that win wherever they stand."""
    return _meanings(tongues, {"emergency": topics[EMERGENCY].code})


def greetings(tongues: Iterable[LanguageSource]) -> Meanings:
    """Return the words that say no more than "help" or "good day"."""
    return _meanings(tongues, {"menu": MENU})


def closing(tongues: Iterable[LanguageSource]) -> Meanings:
    """Return the words that end a conversation."""
    return _meanings(tongues, {"close": CLOSE})


def common_words(tongues: Iterable[LanguageSource]) -> frozenset[str]:
    """Return the words that are written by people of any language."""
    return frozenset(
        _clean_own(word) for tongue in tongues for word in tongue.words.get("everyone", ())
    )


def language_names(tongues: Iterable[LanguageSource]) -> dict[str, tuple[str, ...]]:
    """Return what languages are called -> the tags of those that are called so."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for tongue in tongues:
        for name in filter(None, map(_clean_own, tongue.names())):
            found[name][tongue.language.tag] = None
    return {name: tuple(tags) for name, tags in found.items()}


def long_words(
    tongues: Iterable[LanguageSource], topics: Mapping[str, Topic]
) -> dict[str, Meaning]:
    """Return the words that may have one slip in them.

    Only long ones, of one language alone; never a number or a name, and never a word whose
    neighbour could cost somebody dearly: to stop, the police, a child.
    """
    rows = list(tongues)
    exact = {topics[name].code for name in NO_FUZZY if name in topics}
    found = {**greetings(rows), **keywords(rows, topics)}
    return {
        word: meanings[0]
        for word, meanings in found.items()
        if len(meanings) == 1 and meanings[0].code not in exact and _is_long(word, MIN_FUZZY_LENGTH)
    }


def long_emergency(
    tongues: Iterable[LanguageSource], topics: Mapping[str, Topic]
) -> dict[str, Meaning]:
    """Return the words of danger that may have one slip: "danger" not, "ganger" is Norwegian."""
    found = emergency(tongues, topics)
    return {
        word: meanings[0]
        for word, meanings in found.items()
        if len(meanings) == 1 and _is_long(word, MIN_FUZZY_EMERGENCY_LENGTH)
    }


def _is_long(word: str, least: int) -> bool:
    return len(word) >= least and word.isalpha() and not UNSPACED.search(word)


def scripts(
    tongues: Mapping[str, LanguageSource], spoken: Container[str]
) -> dict[str, tuple[str, ...]]:
    """Return each script but the Latin with its languages, spoken ones first."""
    found: dict[str, list[str]] = defaultdict(list)
    for tag, tongue in sorted(tongues.items(), key=lambda pair: pair[0] not in spoken):
        found[tongue.language.script].append(tag)
    found.pop("Latn", None)
    return {script: tuple(tags) for script, tags in found.items()}


def problems(
    tongues: Mapping[str, LanguageSource], topics: Mapping[str, Topic]
) -> Iterator[Problem]:
    """Yield a fault for each word that is reserved, nearly so, or means two things."""
    for tongue in tongues.values():
        for key, words in tongue.words.items():
            for word in words if key not in LINT_ONLY else ():
                if problem := reserved_reason(
                    _clean_own(word), leads_home=key in ("menu", "everyone")
                ):
                    yield tongue.words.problem(key, f"{word}: {problem}", "Leave it out")
    rows = list(tongues.values())
    everything = {
        **COMMANDS,
        "menu": MENU,
        "close": CLOSE,
        **{name: topic.code for name, topic in topics.items()},
    }
    for word, meanings in _meanings(rows, everything).items():
        if len({meaning.code for meaning in meanings}) > 1:
            where = ", ".join(f"{meaning.code} in {meaning.language}" for meaning in meanings)
            yield Problem("locales", f"{word} means {where}", "Let one meaning stand")


def _meanings(tongues: Iterable[LanguageSource], ways: Mapping[str, str]) -> Meanings:
    found: dict[str, dict[Meaning, None]] = defaultdict(dict)
    for tongue in tongues:
        for key, code in ways.items():
            for word in tongue.words.get(key, ()):
                found[_clean_own(word)][Meaning(tongue.language.tag, code)] = None
    return {word: tuple(meanings) for word, meanings in found.items()}
