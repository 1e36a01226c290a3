"""Speech for calls: screens for text-to-speech, recordings, prompts in several languages."""

import hashlib
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from rights_line.content.assembly import ScreenTemplate, ScreenTree
from rights_line.content.assembly.rendering import ScreenRenderer
from rights_line.content.languages import ENGLISH, LanguageSource
from rights_line.core import (
    DANGER,
    LANGUAGES,
    MENU,
    NOT_SENT,
    TAKEN_AWAY,
    TALK,
    WANTS_TO_DIE,
    Utterance,
)
from rights_line.core.library import SPOKEN_PHRASES, SpokenEdition, VoicePrompts
from rights_line.core.model import Contact, Language

# Recorded first: the menu, danger, talking to somebody, a place to sleep, illness, under 18.
CORE = (
    *(MENU, DANGER, "11", WANTS_TO_DIE, TAKEN_AWAY, TALK, "3", "6", "8"),
    *SPOKEN_PHRASES,
)
# Spoken after the languages of the helplines when a call ends in the fallback response.
FALLBACK_LANGUAGES = ("pl", "ro", "es")
# How often a caller whose language cannot be heard hears the numbers, to write them down.
_TIMES_UNVOICED = 3
_SHORT = 4  # digits of the fingerprint
# Characters that are read aloud in a second, by script; measured with espeak-ng at its usual speed.
_CHARACTERS_PER_SECOND = {"Hani": 5, "Ethi": 7, "Arab": 8, "Thai": 8}
_IN_OTHER_SCRIPTS = 10


@dataclass(frozen=True)
class RecordedText:
    """A text to record: a screen with its choices, or a phrase."""

    tag: str
    script: str  # ISO 15924
    name: str  # the code of the screen, or the name of the phrase
    text: str

    @property
    def fingerprint(self) -> str:
        """12 hex digits that change with every letter of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    @property
    def seconds(self) -> int:
        """How long it takes to read, about."""
        rate = _CHARACTERS_PER_SECOND.get(self.script, _IN_OTHER_SCRIPTS)
        return math.ceil(len(self.text) / rate)

    @property
    def file_name(self) -> str:
        """The path of the recording below RIGHTS_LINE_AUDIO_URL."""
        return f"{self.tag}/{self.name}-{self.fingerprint}.wav"

    @property
    def short_name(self) -> str:
        """The name that a speaker gives the recording; it tells an older text from this one."""
        return f"{self.tag}/{self.name}-{self.fingerprint[:_SHORT]}"


class SpeechRenderer(ScreenRenderer):
    """Renders screens and phrases in one language, as text to read aloud."""

    def number(self, contact: Contact) -> str:
        """Return a number digit by digit, with a pause between its groups."""
        return ", ".join(map(spoken_digits, contact.number.split()))

    def link_line(self, code: str, label: str, word: str) -> str:
        """Return a choice as a sentence."""
        return f"{spoken_digits(code)}: {label}."


def spoken_digits(number: str) -> str:
    """Return a number with its digits apart, so that no voice reads it as thousands."""
    return " ".join(number)


def speech_parts(
    source: LanguageSource, tree: ScreenTree, english: SpeechRenderer, audio_url: str
) -> SpokenEdition:
    """Return the spoken screens of a language, each in the language in which it may be sent.

    `audio_url` is the folder of recordings, or empty. Outdated recordings are left out. A recording
    does not say which choices are in English, because that changes with each approval.
    """
    recordings = source.recordings if audio_url else {}
    if not (source.language.voice or recordings):
        return SpokenEdition()
    recorded = {
        row.name: f"{audio_url}/{row.file_name}"
        for row in (recordable_texts(source, tree) if recordings else ())
        if recordings.get(row.name) == row.fingerprint
    }
    own, renderer = SpeechRenderer(source, tree), SpeechRenderer(source, tree, english)
    return SpokenEdition(
        voice=source.language.voice,
        screens={
            row.code: (own if row.code in recorded else renderer).best(row)
            for row in _spoken_templates(tree)
        },
        phrases=_spoken_phrases(renderer),
        recordings=recorded,
    )


def recordable_texts(source: LanguageSource, tree: ScreenTree) -> Iterator[RecordedText]:
    """Yield every text of a language that callers may hear, if it is translated."""
    language, renderer = source.language, SpeechRenderer(source, tree)
    for template in _spoken_templates(tree):
        if template.code not in renderer.untranslated_codes:
            screen = renderer.render(template)
            text = f"{screen.body}\n{screen.links}"
            yield RecordedText(language.tag, language.script, screen.code, text)
    for name, text in _spoken_phrases(renderer).items():
        yield RecordedText(language.tag, language.script, name, text)


def _spoken_templates(tree: ScreenTree) -> Iterator[ScreenTemplate]:
    """Yield the screens that keys lead to, without the sentence that asks to write."""
    write = tree.phrase_key("write")
    for row in (row for row in tree.screens if row.code not in NOT_SENT):
        yield replace(row, body=tuple(key for key in row.body if key != write))


def _spoken_phrases(renderer: SpeechRenderer) -> dict[str, str]:
    phrases = {name: renderer.optional(name) for name in SPOKEN_PHRASES}
    return {name: phrase for name, phrase in phrases.items() if phrase}


def prompts(
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
    helplines = _in_each_language(openers, "call_helplines")
    more = _in_each_language(openers, "call_more", code=spoken_digits(LANGUAGES))
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
        transfer=_in_each_language(openers, "call_transfer"),
        transfer_to=adults.e164 or "",
        transfer_codes=(adults.code, TALK),
    )


def _in_each_language(
    openers: Iterable[SpeechRenderer], name: str, **values: str
) -> tuple[Utterance, ...]:
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
