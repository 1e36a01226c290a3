"""What is said on the phone: every number digit by digit, by the voice of each language."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping

from rights_line.content.languages import SOURCE, LanguageSource
from rights_line.content.rendering import MissingTranslation, ScreenRenderer
from rights_line.content.screen_tree import ScreenTemplate, ScreenTree
from rights_line.content.source import Content
from rights_line.core.library import LANGUAGES, NO_SPEECH, Screen, SpokenEdition, VoicePrompts
from rights_line.core.messages import Utterance
from rights_line.core.model import Contact, Language

# The two that everybody hears first: whoever answers a helpline in Norway speaks them.
OPENING_LANGUAGES = ("nb", "en")
# Those that the last resort is said in besides, as it is written in them.
FALLBACK_LANGUAGES = ("pl", "ro", "es")
# The topic, and the helpline, from whose screens she may be put through.
TALK, HELPLINE = "talk", "rosa"


class SpeechRenderer(ScreenRenderer):
    """A language as it is said aloud."""

    def number(self, contact: Contact) -> str:
        """Return a number digit by digit, with a pause between its groups."""
        return ", ".join(map(digits, contact.number.split()))

    def link(self, code: str, label: str, word: str) -> str:
        """Return a choice as a sentence."""
        return f"{digits(code)}: {label}."


def digits(number: str) -> str:
    """Return a number so that no voice makes hundreds or thousands of it."""
    return " ".join(number)


def spoken_edition(
    tongue: LanguageSource, outline: ScreenTree, source: SpeechRenderer, audio_url: str
) -> SpokenEdition:
    """Return what is said in a language.

    `audio_url` is where recordings are; one whose text has changed since is not among them.
    """
    recorded = tongue.recordings if audio_url else {}
    if not (tongue.language.voice or recorded):
        return NO_SPEECH
    voice = SpeechRenderer(tongue, outline)
    screens = {page.code: _screen(page, voice, source) for page in outline.screens}
    return SpokenEdition(
        voice=tongue.language.voice,
        screens=screens,
        recordings={
            code: f"{audio_url}/{file_name(screen, tongue)}"
            for code, screen in screens.items()
            if recorded.get(code) == fingerprint(screen)
        },
        helplines=voice.phrase("helplines"),
        press=_phrase(voice, "press"),
        connect=_phrase(voice, "connect"),
    )


def recording_script(tongue: LanguageSource, outline: ScreenTree) -> Iterator[tuple[str, str]]:
    """Yield the name of each recording that there may be of a language, and what is read out."""
    voice = SpeechRenderer(tongue, outline)
    for page in outline.screens:
        try:
            screen = voice.screen(page, spelled=False, word="")
        except MissingTranslation:
            continue
        yield file_name(screen, tongue), f"{screen.body}\n{screen.links}"


def outdated_recordings(tongue: LanguageSource, outline: ScreenTree) -> Iterator[str]:
    """Yield the code of each recording that is not of what is said now."""
    now = {
        name.rpartition("/")[2].removesuffix(".mp3")
        for name, _ in recording_script(tongue, outline)
    }
    for code, recorded in tongue.recordings.items():
        if f"{code}-{recorded}" not in now:
            yield code


def fingerprint(screen: Screen) -> str:
    """Return what a recording is known by: one letter changed, and it is of another text."""
    return hashlib.sha256(f"{screen.body}\n{screen.links}".encode()).hexdigest()[:12]


def file_name(screen: Screen, tongue: LanguageSource) -> str:
    """Return where a recording of a screen is, below the address of all recordings."""
    return f"{tongue.language.tag}/{screen.code}-{fingerprint(screen)}.mp3"


def _screen(page: ScreenTemplate, voice: SpeechRenderer, source: SpeechRenderer) -> Screen:
    try:
        return voice.screen(page, spelled=False, word="")
    except MissingTranslation:
        return source.screen(page, spelled=False, word="")


def _phrase(voice: SpeechRenderer, name: str) -> str:
    """Return a sentence that is left out where it has no translation: the choices were said."""
    try:
        return voice.phrase(name)
    except MissingTranslation:
        return ""


def voice_prompts(
    tongues: Mapping[str, LanguageSource],
    outline: ScreenTree,
    offered: Collection[str],
    started: Collection[str],
) -> VoicePrompts:
    """Return what is said in more languages than one.

    `offered` are the languages there are to choose from, `started` those named at the start.
    """
    voices = [SpeechRenderer(tongues[tag], outline) for tag in OPENING_LANGUAGES if tag in tongues]
    rows = {tag: tongue.language for tag, tongue in tongues.items()}
    opening = _bilingual(voices, "call_start")
    more = _bilingual(voices, "call_more", code=digits(LANGUAGES))
    english = rows[SOURCE].voice
    return VoicePrompts(
        opening=opening,
        fallback=(
            *opening,
            *(
                Utterance(
                    rows[tag].voice, SpeechRenderer(tongues[tag], outline).phrase("helplines")
                )
                for tag in FALLBACK_LANGUAGES
                if tag in offered and rows[tag].voice
            ),
        ),
        start=(
            *_choices((rows[tag] for tag in started), english),
            *(more if len(started) < len(offered) else ()),
        ),
        listing=tuple(_choices((rows[tag] for tag in offered), english)),
        unvoiced={
            tag: (*opening, *_bilingual(voices, "call_unvoiced", norwegian=row.norwegian), *more)
            for tag, row in rows.items()
        },
        transfer_numbers=_connects(outline.content),
    )


def _bilingual(voices: Iterable[SpeechRenderer], name: str, **more: str) -> tuple[Utterance, ...]:
    return tuple(
        Utterance(voice.language.voice, voice.fixed(f"{name}_{voice.language.tag}", **more))
        for voice in voices
    )


def _choices(rows: Iterable[Language], english: str) -> Iterable[Utterance]:
    """Yield each language's number and name, by its own voice or else by the English one."""
    for row in rows:
        name = row.own_name if row.voice else row.label
        yield Utterance(row.voice or english, f"{digits(row.number)}: {name}.")


def _connects(content: Content) -> Mapping[str, str]:
    contact = content.contacts[HELPLINE]
    codes = (contact.code, *(topic.code for name, topic in content.topics.items() if name == TALK))
    return dict.fromkeys(codes, contact.e164) if contact.e164 else {}
