"""From content/ and locales/ to the Library, with every fault found at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy
from pathlib import Path
from typing import Self

from rights_line.content import approval_rule, multilingual, speech, validation, vocabulary
from rights_line.content.languages import SOURCE, LanguageSource, load_languages
from rights_line.content.outreach import load_outreach
from rights_line.content.outreach import texts as told_texts
from rights_line.content.public_holidays import PublicHolidays
from rights_line.content.rendering import ScreenRenderer, numbers_only_edition, render_edition
from rights_line.content.screen_tree import ScreenTree
from rights_line.content.source import (
    Content,
    SourceString,
    content_files,
    load_content,
    source_strings,
)
from rights_line.content.yaml_file import load_yaml
from rights_line.core.library import Edition, Library
from rights_line.core.understanding.normalise import normalise
from rights_line.errors import ConfigurationError, Problem
from rights_line.settings import Serve

ROOT = Path(__file__).parents[2]  # the repository: it holds content/ and locales/


class ContentSources:
    """All that can be said, as it stands in the files: English, the languages, what to translate.

    Args:
        root: the folder of content/ and locales/.
        incomplete: a language that may still lack what it must have to be served.

    Raises:
        Refused: with every fault that was found.
    """

    def __init__(self, root: Path, incomplete: str = "") -> None:
        if absent := list(_absent(root)):
            raise ConfigurationError(absent)
        faults: list[Problem] = []
        documents = [load_yaml(path, faults) for path in content_files(root / "content")]
        self.content = load_content(documents, faults)
        topics = [document.path.stem for document in documents[2:]]
        self.languages = load_languages(root / "locales", topics, faults)
        outreach_texts = load_yaml(root / "content" / "outreach.yaml", faults)
        self.guidance = load_outreach(outreach_texts, faults)
        if faults:
            raise ConfigurationError(faults)
        self.told: list[SourceString] = list(told_texts(outreach_texts))
        self.texts: list[SourceString] = [
            text for document in documents for text in source_strings(document)
        ]
        if faults := list(self.faults(incomplete)):
            raise ConfigurationError(faults)
        card = ScreenTree(self.content).card()
        self.reviews = {
            tag: approval_rule.review(tongue, self.texts, card)
            for tag, tongue in self.languages.items()
        }

    def faults(self, incomplete: str = "") -> Iterator[Problem]:
        """Yield every fault between the files; `incomplete` is not asked for what it lacks."""
        yield from validation.problems(self.content, self.languages, self.texts, self.told)
        for tag in self.languages:
            if tag != incomplete:
                yield from self.lacking(tag)

    def lacking(self, tag: str) -> Iterator[Problem]:
        """Yield a fault for each text without which a language cannot be served at all."""
        if self.languages[tag].has_texts:
            yield from validation.lacking(self.languages[tag], self.texts)

    def replaced(self, tongue: LanguageSource) -> Self:
        """Return the same with another state of one language."""
        other = copy(self)
        other.languages = {**self.languages, tongue.language.tag: tongue}
        return other

    def is_approved(self, tag: str) -> bool:
        """Tell whether a language is approved; that is computed once, when the files are read."""
        return self.languages[tag].has_texts and approval_rule.is_approved(tag, self.reviews)

    def lost_approvals(self, tags: Iterable[str]) -> list[Problem]:
        """Return a fault for each of some languages that was approved and is not any more."""
        return list(approval_rule.lost_faults(tags, self.reviews))


def _absent(root: Path) -> Iterator[Problem]:
    """Yield a fault for each folder that only a checkout has: a wheel holds the package alone."""
    for name in ("content", "locales"):
        if not (root / name).is_dir():
            problem = f"must run from a checkout: {name}/ not found at {root}"
            remedy = "In the checkout run `make -B .venv/runs`, which installs it in place"
            yield Problem("rights-line", problem, remedy)


def build_library(
    sources: ContentSources,
    serve: Serve = "approved",
    offered: Collection[str] = (),
    audio_url: str = "",
) -> Library:
    """Make the library.

    Args:
        sources: what was read.
        serve: with `approved`, a language with a draft in it says the bare numbers.
        offered: tags of the languages to offer; none means all.
        audio_url: where recordings are; empty where there are none.
    """
    tongues, topics = sources.languages, sources.content.topics
    outline = ScreenTree(sources.content)
    source = ScreenRenderer(tongues[SOURCE], outline)
    spoken = [tag for tag, tongue in tongues.items() if tongue.has_texts]
    spoken = [tag for tag in spoken if not offered or tag in offered]
    approved = [tag for tag in spoken if serve == "drafts" or sources.is_approved(tag)]
    editions = _editions(tongues, outline, spoken, approved, audio_url)
    listed = [editions[tag].language for tag in approved]
    first = [row for row in listed if tongues[row.tag].texts == "full"] or listed
    shared = multilingual.texts(source, first, listed)
    return Library(
        languages={tag: tongue.language for tag, tongue in tongues.items()},
        editions=editions,
        unsupported={
            tag: multilingual.recognised(source, tongue.language, listed)
            for tag, tongue in tongues.items()
            if tag not in editions
        },
        default=SOURCE if SOURCE in editions else next(iter(editions)),
        start=shared.start,
        start_stateless=shared.start_spelled,
        listing=shared.listing,
        listing_stateless=shared.listing_spelled,
        helplines=shared.helplines,
        fallback=shared.last_resort,
        throttled=shared.pause,
        goodbye=shared.bland,
        voice=speech.voice_prompts(tongues, outline, approved, [row.tag for row in first]),
        codes=outline.codes(),
        contact_codes=frozenset(row.code for row in sources.content.contacts.values()),
        emergency_codes=frozenset(_urgent(sources.content)),
        language_words=vocabulary.language_names(tongues.values()),
        keywords=vocabulary.keywords(tongues.values(), topics),
        greetings=vocabulary.greetings(tongues.values()),
        emergency=vocabulary.emergency(tongues.values(), topics),
        closing=vocabulary.closing(tongues.values()),
        common_words=vocabulary.common_words(tongues.values()),
        long_words=vocabulary.long_words(tongues.values(), topics),
        long_emergency=vocabulary.long_emergency(tongues.values(), topics),
        scripts=vocabulary.scripts(tongues, editions),
        own_lines=_lines(editions.values(), shared),
        holidays=PublicHolidays(),
    )


def _editions(
    tongues: Mapping[str, LanguageSource],
    outline: ScreenTree,
    spoken: Collection[str],
    approved: Collection[str],
    audio_url: str,
) -> dict[str, Edition]:
    """Return an edition of each language: of those that are not approved the bare numbers."""
    source = ScreenRenderer(tongues[SOURCE], outline)
    english = speech.SpeechRenderer(tongues[SOURCE], outline)
    editions = {}
    for tag in spoken:
        speaker = ScreenRenderer(tongues[tag], outline)
        if tag in approved:
            aloud = speech.spoken_edition(tongues[tag], outline, english, audio_url)
            editions[tag] = render_edition(speaker, source, aloud)
        else:
            editions[tag] = numbers_only_edition(speaker)
    return editions


def _urgent(content: Content) -> Iterator[str]:
    """Yield the codes that are about danger."""
    topic = content.topics[vocabulary.EMERGENCY]
    yield from (topic.code, *(passage.code for passage in topic.passages))
    yield from (row.code for row in content.contacts.values() if row.emergency)


def _lines(editions: Iterable[Edition], said: Iterable[str]) -> tuple[str, ...]:
    """Return every line of our own texts, cleaned and sorted; `said` are those of no language."""
    screens = (
        screen
        for row in editions
        for screen in (*row.screens.values(), *row.stateless_screens.values())
    )
    texts = [*said, *(f"{screen.body}\n{screen.links}" for screen in screens)]
    lines = {line for text in texts for line in text.split("\n")}
    return tuple(sorted({normalise(line) for line in lines if line}))
