"""What people write, from every language's words.yaml, by what it means once cleaned."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz.distance import OSA

from rights_line.core.cleaning import clean
from rights_line.core.intents import OPT_OUT, OTHER_RESERVED
from rights_line.core.library import CLOSE, LANGUAGES, MENU, Meaning, Topic
from rights_line.errors import Fault
from rights_line.languages import Tongue

# Where the words lead that are no topic's.
WAYS = {"menu": MENU, "close": CLOSE, "languages": LANGUAGES}
EMERGENCY = "danger"  # the topic that emergency words lead to

Meanings = Mapping[str, tuple[Meaning, ...]]


def keywords(tongues: Iterable[Tongue], topics: Mapping[str, Topic]) -> Meanings:
    """Return every word that leads somewhere, with what it means in each language that has it."""
    ways = WAYS | {name: topic.code for name, topic in topics.items()}
    return _meanings(tongues, ways)


def emergency(tongues: Iterable[Tongue], topics: Mapping[str, Topic]) -> Meanings:
    """Return the words that win wherever they stand."""
    return _meanings(tongues, {"emergency": topics[EMERGENCY].code})


def everyone(tongues: Iterable[Tongue]) -> frozenset[str]:
    """Return the words that are written by people of any language."""
    return frozenset(clean(word) for tongue in tongues for word in tongue.words.get("everyone", ()))


def names(tongues: Iterable[Tongue]) -> dict[str, str]:
    """Return what each language is called -> its tag; of two that share a name, the first."""
    return {
        clean(name): tongue.language.tag
        for tongue in reversed(list(tongues))
        for name in tongue.names()
        if clean(name)
    }


def faults(tongues: Mapping[str, Tongue], topics: Mapping[str, Topic]) -> Iterator[Fault]:
    """Yield a fault for each word that is reserved, nearly so, or means two things."""
    for tongue in tongues.values():
        for key, words in tongue.words.items():
            for word in words if key != "avoid" else ():
                if problem := _reserved(clean(word), key):
                    yield tongue.words.fault(key, f"{word}: {problem}", "Leave it out")
    for word, meanings in keywords(tongues.values(), topics).items():
        if len({meaning.code for meaning in meanings}) > 1:
            where = ", ".join(f"{meaning.code} in {meaning.language}" for meaning in meanings)
            yield Fault("locales", f"{word} means {where}", "Let one meaning stand")


def _reserved(word: str, key: str) -> str:
    """Say why a word may not be used: a slip in it would be another's order to the provider."""
    if word in OPT_OUT | OTHER_RESERVED:
        return "is a reserved word"
    near = [other for other in OPT_OUT if OSA.distance(word, other, score_cutoff=1) <= 1]
    near += [
        other
        for other in OTHER_RESERVED
        # "hjelp" is one letter from HELP: both are answered with the menu, so no harm is done
        if key not in ("menu", "everyone") and OSA.distance(word, other, score_cutoff=1) <= 1
    ]
    return f"is one letter from the reserved word {near[0]}" if near else ""


def _meanings(tongues: Iterable[Tongue], ways: Mapping[str, str]) -> Meanings:
    found: dict[str, dict[Meaning, None]] = defaultdict(dict)
    for tongue in tongues:
        for key, code in ways.items():
            for word in tongue.words.get(key, ()):
                found[clean(word)][Meaning(tongue.language.tag, code)] = None
    return {word: tuple(meanings) for word, meanings in found.items()}
