"""Phone prompts in several languages at once: opening, language list, fallback."""

from collections.abc import Collection, Iterable, Mapping

from rights_line.content.assembly.screen_tree import ScreenTree
from rights_line.content.assembly.speech import SpeechRenderer, spoken_digits
from rights_line.content.files.content_reader import Content
from rights_line.content.files.languages import ENGLISH, LanguageSource
from rights_line.core.fixed_codes import LANGUAGES
from rights_line.core.library import VoicePrompts
from rights_line.core.messages import Utterance
from rights_line.core.model import Language

# Spoken after the languages of the helplines when a call ends in the fallback response.
FALLBACK_LANGUAGES = ("pl", "ro", "es")
# The topic whose screen, beside that of the helpline for adults, offers to transfer the call to it.
TRANSFER_TOPIC = "talk"


def voice_prompts(
    languages: Mapping[str, LanguageSource],
    tree: ScreenTree,
    offered: Collection[str],
    first: Collection[str],
) -> VoicePrompts:
    """Return the prompts that belong to no edition.

    `offered` are the tags of all languages that can be chosen, `first` those named at the start.
    """
    spoken = tree.content.country.languages
    openers = [SpeechRenderer(languages[tag], tree) for tag in spoken if tag in languages]
    rows = {tag: source.language for tag, source in languages.items()}
    opening = _bilingual_prompt(openers, "call_start")
    more = _bilingual_prompt(openers, "call_more", code=spoken_digits(LANGUAGES))
    voice = rows[ENGLISH].voice
    english = SpeechRenderer(languages[ENGLISH], tree)
    fallback = [
        Utterance(
            rows[tag].voice,
            SpeechRenderer(languages[tag], tree, english).render_phrase("helplines"),
        )
        for tag in FALLBACK_LANGUAGES
        if tag in offered and tag not in spoken and rows[tag].voice
    ]
    return VoicePrompts(
        opening=opening,
        fallback=(*opening, *fallback),
        start=(
            *_language_prompts((rows[tag] for tag in first), voice),
            *(more if len(first) < len(offered) else ()),
        ),
        listing=tuple(_language_prompts((rows[tag] for tag in offered), voice)),
        unvoiced={
            tag: (
                *opening,
                *_bilingual_prompt(openers, "call_unvoiced", norwegian=row.norwegian),
                *more,
            )
            for tag, row in rows.items()
        },
        transfer_numbers=_transfer_numbers(tree.content),
    )


def _bilingual_prompt(
    openers: Iterable[SpeechRenderer], name: str, **values: str
) -> tuple[Utterance, ...]:
    return tuple(
        Utterance(
            opener.language.voice, opener.render_fixed(f"{name}_{opener.language.tag}", **values)
        )
        for opener in openers
    )


def _language_prompts(rows: Iterable[Language], english_voice: str) -> Iterable[Utterance]:
    """Yield the number and name of each language, in its own voice or else the English one."""
    for row in rows:
        name = row.own_name if row.voice else row.label
        text = f"{spoken_digits(row.number)}: {name}."
        yield Utterance(row.voice or english_voice, text)


def _transfer_numbers(content: Content) -> Mapping[str, str]:
    """Return the code of a screen -> the number that its call may be transferred to."""
    contact = content.contacts[content.country.helplines.adults]
    topics = (topic.code for name, topic in content.topics.items() if name == TRANSFER_TOPIC)
    return dict.fromkeys((contact.code, *topics), contact.e164) if contact.e164 else {}
