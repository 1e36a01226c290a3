"""Phone prompts in several languages at once: opening, language list, fallback."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from rights_line.content.assembly.screen_tree import ScreenTree
from rights_line.content.assembly.speech import SpeechRenderer, spoken_digits
from rights_line.content.files.languages import ENGLISH, LanguageSource
from rights_line.core.fixed_codes import LANGUAGES, TALK
from rights_line.core.library import VoicePrompts
from rights_line.core.messages import Utterance
from rights_line.core.model import Language

# Spoken after the languages of the helplines when a call ends in the fallback response.
FALLBACK_LANGUAGES = ("pl", "ro", "es")
# How often a caller whose language cannot be heard hears the numbers, to write them down.
_TIMES_UNVOICED = 3


def voice_prompts(
    languages: Mapping[str, LanguageSource],
    tree: ScreenTree,
    offered: Collection[str],
    first: Collection[str],
) -> VoicePrompts:
    """Return the prompts that belong to no edition.

    `offered` are the tags of all languages that can be chosen, `first` those with all texts. The
    start names those of one key.
    """
    spoken = tree.content.country.languages
    openers = [SpeechRenderer(languages[tag], tree) for tag in spoken if tag in languages]
    rows = {tag: source.language for tag, source in languages.items()}
    voice = rows[ENGLISH].voice
    helplines = _prompts(openers, "call_helplines")
    more = _prompts(openers, "call_more", code=spoken_digits(LANGUAGES))
    named = [rows[tag] for tag in first if len(rows[tag].number) == 1]
    adults = tree.content.contacts[tree.content.country.helplines.adults]
    return VoicePrompts(
        opening=tuple(_utterance(opener, "call_start") for opener in openers),
        helplines=helplines,
        fallback=(*helplines, *_fallback(languages, tree, offered)),
        start=(
            *_language(named, voice),
            *(more if len(named) < len(offered) else ()),
            *helplines,
        ),
        listing=tuple(_language((rows[tag] for tag in offered), voice)),
        unvoiced={
            tag: _TIMES_UNVOICED
            * (_utterance(openers[0], "call_unvoiced", norwegian=row.norwegian),)
            for tag, row in rows.items()
        },
        transfer=_prompts(openers, "call_transfer"),
        transfer_to=adults.e164 or "",
        transfer_codes=(adults.code, TALK),
    )


def _prompts(openers: Iterable[SpeechRenderer], name: str, **values: str) -> tuple[Utterance, ...]:
    """Return a prompt in each of the languages of the helplines."""
    return tuple(
        _utterance(opener, f"{name}_{opener.language.tag}", **values) for opener in openers
    )


def _utterance(opener: SpeechRenderer, name: str, **values: str) -> Utterance:
    return Utterance(opener.language.voice, opener.fixed(name, **values))


def _fallback(
    languages: Mapping[str, LanguageSource], tree: ScreenTree, offered: Collection[str]
) -> Iterator[Utterance]:
    english = SpeechRenderer(languages[ENGLISH], tree)
    for tag in FALLBACK_LANGUAGES:
        is_other = tag in offered and tag not in tree.content.country.languages
        if is_other and (voice := languages[tag].language.voice):
            renderer = SpeechRenderer(languages[tag], tree, english)
            yield Utterance(voice, renderer.phrase("helplines"))


def _language(rows: Iterable[Language], english_voice: str) -> Iterable[Utterance]:
    """Yield the number and name of each language, in its own voice or else the English one."""
    for row in rows:
        name = row.own_name if row.voice else row.label
        text = f"{spoken_digits(row.number)}: {name}."
        yield Utterance(row.voice or english_voice, text)
