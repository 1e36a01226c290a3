"""Combine every language's words.yaml into lookup tables of normalised words."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping

from rights_line.content.languages import LanguageSource
from rights_line.core.library import CLOSE, LANGUAGES, MENU
from rights_line.core.model import Meaning, Topic
from rights_line.core.understanding.normalise import normalise
from rights_line.core.understanding.reserved_words import reserved_reason
from rights_line.core.understanding.scripts import UNSPACED
from rights_line.core.vocabulary import (
    MIN_FUZZY_EMERGENCY_LENGTH,
    MIN_FUZZY_LENGTH,
    Meanings,
    Vocabulary,
)
from rights_line.errors import Problem

# Keys of words.yaml that are neither a topic id nor handled apart -> code.
COMMANDS = {"languages": LANGUAGES}
EMERGENCY = "danger"  # the topic that emergency words lead to
# Keys of words.yaml that only the lint reads; their words are not understood.
LINT_ONLY = ("avoid", "call")
# Topics whose words must match exactly: a wrong guess here could harm the sender.
NO_FUZZY = ("police", "under_18")


def build_vocabulary(
    languages: Mapping[str, LanguageSource], topics: Mapping[str, Topic], supported: Container[str]
) -> Vocabulary:
    """Return the vocabulary of all languages; `supported` are the tags that have an edition."""
    sources = list(languages.values())
    codes = COMMANDS | {name: topic.code for name, topic in topics.items()}
    greetings = _meanings(sources, {"menu": MENU})
    keywords = _meanings(sources, codes)
    emergency = _meanings(sources, {"emergency": topics[EMERGENCY].code})
    exact = {topics[name].code for name in NO_FUZZY if name in topics}
    return Vocabulary(
        language_words=_language_words(sources),
        keywords=keywords,
        greetings=greetings,
        emergency=emergency,
        closing=_meanings(sources, {"close": CLOSE}),
        common_words=frozenset(
            word for source in sources for word in source.normalised_words.get("everyone", ())
        ),
        long_words=_fuzzy_words({**greetings, **keywords}, MIN_FUZZY_LENGTH, exact),
        long_emergency=_fuzzy_words(emergency, MIN_FUZZY_EMERGENCY_LENGTH),
        scripts=_scripts(languages, supported),
    )


def problems(
    languages: Mapping[str, LanguageSource], topics: Mapping[str, Topic]
) -> Iterator[Problem]:
    """Yield a problem for each word that is reserved, nearly reserved, or ambiguous."""
    for source in languages.values():
        for key, words in source.words.items():
            if key in LINT_ONLY:
                continue
            for word, normalised in zip(words, source.normalised_words[key], strict=True):
                leads_home = key in ("menu", "everyone")
                if reason := reserved_reason(normalised, leads_home=leads_home):
                    yield source.words.problem(key, f"{key}: {word} {reason}", "Remove the word")
    codes = COMMANDS | {"menu": MENU, "close": CLOSE}
    codes |= {name: topic.code for name, topic in topics.items()}
    for word, meanings in _meanings(languages.values(), codes).items():
        if len({meaning.code for meaning in meanings}) > 1:
            found = ", ".join(f"{meaning.code} in {meaning.language}" for meaning in meanings)
            fix = "Keep it in one list, and remove it from the others"
            yield Problem("locales", f"{word} must have one meaning, got {found}", fix)


def _meanings(sources: Iterable[LanguageSource], codes: Mapping[str, str]) -> Meanings:
    """Return word -> its meanings; `codes` maps a key of words.yaml to a code."""
    found: dict[str, dict[Meaning, None]] = defaultdict(dict)
    for source in sources:
        for key, code in codes.items():
            meaning = Meaning(source.language.tag, code)
            for word in source.normalised_words.get(key, ()):
                found[word][meaning] = None
    return {word: tuple(meanings) for word, meanings in found.items()}


def _language_words(sources: Iterable[LanguageSource]) -> dict[str, tuple[str, ...]]:
    """Return the name of a language -> the tags of all languages with that name."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for source in sources:
        for name in filter(None, map(normalise, source.names())):
            found[name][source.language.tag] = None
    return {name: tuple(tags) for name, tags in found.items()}


def _fuzzy_words(
    words: Meanings, min_length: int, exact: Container[str] = ()
) -> dict[str, Meaning]:
    """Return the words that may be matched with one typo.

    They are long, consist of letters, and have one meaning in one language. Words that lead to a
    code in `exact` are left out.
    """
    return {
        word: meanings[0]
        for word, meanings in words.items()
        if len(meanings) == 1
        and meanings[0].code not in exact
        and len(word) >= min_length
        and word.isalpha()
        and not UNSPACED.search(word)
    }


def _scripts(
    languages: Mapping[str, LanguageSource], supported: Container[str]
) -> dict[str, tuple[str, ...]]:
    """Return each script except Latin -> the tags of its languages, supported ones first."""
    found: dict[str, list[str]] = defaultdict(list)
    for tag, source in sorted(languages.items(), key=lambda pair: pair[0] not in supported):
        found[source.language.script].append(tag)
    found.pop("Latn", None)
    return {script: tuple(tags) for script, tags in found.items()}
