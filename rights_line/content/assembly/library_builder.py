"""Build the content of library.json from the files."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from rights_line.content.assembly import pages, state
from rights_line.content.assembly.editions import EditionBuilder, own_lines
from rights_line.content.assembly.multilingual import multilingual_texts, unsupported_language
from rights_line.content.assembly.rendering import ScreenRenderer
from rights_line.content.assembly.screen_titles import screen_titles
from rights_line.content.assembly.screen_tree import ScreenTree
from rights_line.content.assembly.vocabulary_builder import (
    EMERGENCY,
    LanguageSamples,
    build_words,
)
from rights_line.content.assembly.voice_prompts import voice_prompts
from rights_line.content.checks.phrase_meanings import FoldedPhrases
from rights_line.content.files.content_reader import Content
from rights_line.content.files.languages import ENGLISH
from rights_line.content.loader import ContentSources
from rights_line.core.library import Library, SharedTexts
from rights_line.core.public_holidays import PublicHolidays
from rights_line.errors import ConfigurationError
from rights_line.library.assembly import library_of
from rights_line.library.schema import FORMAT, Built, Choices, Codes, Words
from rights_line.settings import Serve, language_problems

# Topics with rules of their own; a country may have none.
DOCTOR, MINORS = "doctor", "under_18"
CHILD_WORRY = "child_worry"  # the concept


def build(sources: ContentSources, choices: Choices) -> Built:
    """Return the content of library.json.

    With `approved`, only what is approved is sent, and a language whose core is not approved gets
    the bare numbers; a short edition, the reply to a language that is only understood.
    """
    served_sources = sources.served(choices.serve)
    languages, content = served_sources.languages, sources.content
    tree = ScreenTree(content, choices.operator)
    known = [
        tag
        for tag, row in languages.items()
        if row.has_texts and (not choices.languages or tag in choices.languages)
    ]
    is_draft = choices.serve == "drafts"
    served = [tag for tag in known if is_draft or sources.is_language_offered(tag)]
    tags = [tag for tag in known if tag in served or languages[tag].texts == "full"]
    builder = EditionBuilder(languages, tree, sources.approval, choices.audio_url, ENGLISH in tags)
    editions = {tag: builder.edition(tag, tag in served) for tag in tags}
    latin_editions = builder.latin_editions(served)
    lines = partial(own_lines, [*editions.values(), *latin_editions.values()])
    return Built(
        format=FORMAT,
        built_for=choices,
        state=state.build(sources, choices.serve, tags),
        shared=_shared_texts(served_sources, tree, served, tags, lines),
        codes=_codes(content),
        editions=editions,
        latin_editions=latin_editions,
        notices=tuple(builder.notices),
        holidays=PublicHolidays(content.country.fixed_holidays, content.country.movable_holidays),
        words=_words(served_sources, tree, editions),
        decision=sources.decision,
        model=sources.model,
        pages=pages.build(served_sources, tree, tags),
    )


def _shared_texts(
    sources: ContentSources,
    tree: ScreenTree,
    served: Sequence[str],
    tags: Sequence[str],
    lines: Callable[[Iterable[str]], tuple[str, ...]],
) -> SharedTexts:
    """Return the texts that belong to no edition.

    `served` are the languages that can be chosen, `tags` those with an edition; `lines` returns the
    lines of all editions and of more texts.
    """
    languages = sources.languages
    listed = [languages[tag].language for tag in served]
    first = [row for row in listed if languages[row.tag].texts == "full"] or listed
    english = ScreenRenderer(languages[ENGLISH], tree)
    scripts = {row.language.script for row in languages.values()}
    texts = multilingual_texts(english, first, listed, scripts)
    return SharedTexts(
        languages={tag: row.language for tag, row in languages.items()},
        numbers={row.language.number: tag for tag, row in languages.items()},
        unsupported={
            tag: unsupported_language(english, row.language, listed)
            for tag, row in languages.items()
            if tag not in tags
        },
        default=ENGLISH if ENGLISH in tags else tags[0],
        **texts._asdict(),
        voice=voice_prompts(languages, tree, served, [row.tag for row in first]),
        codes=tree.codes(),
        minors=next(iter(_topic_codes(sources.content, MINORS)), ""),
        another_minor=_concept_code(sources, CHILD_WORRY),
        own_lines=lines(texts.every()),
    )


def _codes(content: Content) -> Codes:
    emergency = tuple(_emergency_codes(content))
    return Codes(
        contact=tuple(row.code for row in content.contacts.values()),
        emergency=emergency,
        urgent=(*emergency, *_topic_codes(content, DOCTOR)),
        minor=tuple(_topic_codes(content, MINORS)),
    )


def build_checked(root: Path, choices: Choices) -> Built:
    """Return the content of library.json from a folder with content/ and locales/.

    Raises:
        ConfigurationError: with every problem of the texts, and each language without texts.
    """
    sources = ContentSources(root)
    known = [tag for tag, row in sources.languages.items() if row.has_texts]
    if problems := list(language_problems(choices.languages, known)):
        raise ConfigurationError(problems)
    return build(sources, choices)


def build_library(
    sources: ContentSources,
    serve: Serve = "approved",
    offered: Collection[str] = (),
    audio_url: str = "",
    operator: str = "",
) -> Library:
    """Build a library with the sentence model, as the line reads it from the file.

    Args:
        sources: the validated files.
        serve: see `build`.
        offered: tags of the languages to offer; empty for all.
        audio_url: the folder of the recordings; empty if there are none.
        operator: name and address of the operator; empty if no screen tells them.
    """
    choices = Choices(serve, tuple(offered), audio_url, operator)
    return library_of(build(sources, choices), sources.load_model().model)


def _words(sources: ContentSources, tree: ScreenTree, editions: Collection[str]) -> Words:
    fold = sources.spelling.fold
    words = build_words(
        sources.languages,
        sources.concepts,
        FoldedPhrases(sources.phrases, sources.spelling),
        LanguageSamples([text.message for text in sources.texts], sources.other_languages),
        editions,
    )
    return replace(words, titles=screen_titles(tree, sources.languages, fold))


def _emergency_codes(content: Content) -> Iterator[str]:
    """Yield the codes of the topic about danger and of the emergency numbers."""
    yield from _topic_codes(content, EMERGENCY)
    yield from (row.code for row in content.contacts.values() if row.emergency)


def _topic_codes(content: Content, topic_id: str) -> list[str]:
    """Return the codes of a topic, that of its first screen first; none without the topic."""
    topic = content.topics.get(topic_id)
    return [passage.code for passage in topic.passages] if topic else []


def _concept_code(sources: ContentSources, concept: str) -> str:
    row = sources.concepts.get(concept)
    return row.concept.code if row else ""
