"""Build the Library from the files, once at start-up."""

from collections.abc import Collection, Iterator

from rights_line.content.assembly import vocabulary_builder
from rights_line.content.assembly.editions import build_editions, build_latin_editions, own_lines
from rights_line.content.assembly.multilingual import shared_texts, unsupported_language
from rights_line.content.assembly.rendering import ScreenRenderer
from rights_line.content.assembly.screen_titles import screen_titles
from rights_line.content.assembly.screen_tree import ScreenTree
from rights_line.content.assembly.voice_prompts import voice_prompts
from rights_line.content.checks import phrase_meanings
from rights_line.content.files.content_reader import Content
from rights_line.content.files.languages import ENGLISH
from rights_line.content.loader import ContentSources
from rights_line.core.library import Library
from rights_line.core.public_holidays import PublicHolidays
from rights_line.core.understanding.words.titles import Titles
from rights_line.core.ussd_pages import multilingual_ussd_pages
from rights_line.settings import Serve

# Topics with rules of their own; a country may have none.
DOCTOR, MINORS = "doctor", "under_18"
CHILD_WORRY = "child_worry"  # the concept


def build_library(
    sources: ContentSources,
    serve: Serve = "approved",
    offered: Collection[str] = (),
    audio_url: str = "",
    operator: str = "",
) -> Library:
    """Build the library.

    Args:
        sources: the validated files.
        serve: with `approved`, only what is approved is sent, and a language whose core is not
            approved gets the bare numbers; a short edition, the reply to a language that is only
            understood.
        offered: tags of the languages to offer; empty for all.
        audio_url: the folder of the recordings; empty if there are none.
        operator: name and address of the operator; empty if no screen tells them.
    """
    languages, content = sources.served_sources(serve).languages, sources.content
    tree = ScreenTree(content, operator)
    known = [
        tag for tag, row in languages.items() if row.has_texts and (not offered or tag in offered)
    ]
    served = [tag for tag in known if serve == "drafts" or sources.is_language_offered(tag)]
    tags = [tag for tag in known if tag in served or languages[tag].texts == "full"]
    editions = build_editions(languages, tree, tags, served, audio_url)
    latin_editions = build_latin_editions(languages, tree, editions, served)
    listed = [languages[tag].language for tag in served]
    first = [row for row in listed if languages[row.tag].texts == "full"] or listed
    english = ScreenRenderer(languages[ENGLISH], tree)
    scripts = {row.language.script for row in languages.values()}
    texts = shared_texts(english, first, listed, scripts)
    unsupported = {
        tag: unsupported_language(english, row.language, listed)
        for tag, row in languages.items()
        if tag not in editions
    }
    paged = [texts.start, texts.listing, *(row.text for row in unsupported.values())]
    return Library(
        languages={tag: row.language for tag, row in languages.items()},
        numbers={row.language.number: tag for tag, row in languages.items()},
        editions=editions,
        latin_editions=latin_editions,
        unsupported=unsupported,
        default=ENGLISH if ENGLISH in editions else next(iter(editions)),
        **texts._asdict(),
        pages={text: multilingual_ussd_pages(text) for text in paged},
        voice=voice_prompts(languages, tree, served, [row.tag for row in first]),
        codes=tree.screen_codes(),
        contact_codes=frozenset(row.code for row in content.contacts.values()),
        emergency_codes=frozenset(_emergency_codes(content)),
        urgent_codes=frozenset({*_emergency_codes(content), *_topic_codes(content, DOCTOR)}),
        minors=next(iter(_topic_codes(content, MINORS)), ""),
        minor_codes=frozenset(_topic_codes(content, MINORS)),
        another_minor=_concept_code(sources, CHILD_WORRY),
        # Before the vocabulary, which reuses the memory that this needs for a moment.
        own_lines=own_lines([*editions.values(), *latin_editions.values()], texts.every_text()),
        vocabulary=vocabulary_builder.build_vocabulary(
            languages,
            sources.concepts,
            phrase_meanings.FoldedPhrases(sources.phrases, sources.spelling),
            vocabulary_builder.LanguageSamples(
                [text.message for text in sources.texts], sources.other_languages
            ),
            editions,
        ),
        titles=Titles(screen_titles(tree, languages, sources.spelling.fold_spelling)),
        holidays=PublicHolidays(content.country.fixed_holidays, content.country.movable_holidays),
        reader=sources.build_sentence_reader(),
    )


def _emergency_codes(content: Content) -> Iterator[str]:
    """Yield the codes of the topic about danger and of the emergency numbers."""
    yield from _topic_codes(content, vocabulary_builder.EMERGENCY)
    yield from (row.code for row in content.contacts.values() if row.emergency)


def _topic_codes(content: Content, topic_id: str) -> list[str]:
    """Return the codes of a topic, that of its first screen first; none without the topic."""
    topic = content.topics.get(topic_id)
    return [passage.code for passage in topic.passages] if topic else []


def _concept_code(sources: ContentSources, concept: str) -> str:
    row = sources.concepts.get(concept)
    return row.concept.code if row else ""
