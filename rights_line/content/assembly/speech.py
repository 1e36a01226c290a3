"""Render screens for text-to-speech, and match them with recordings."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from rights_line.content.assembly.recordings import RecordedText
from rights_line.content.assembly.rendering import MissingTranslation, ScreenRenderer
from rights_line.content.assembly.screen_tree import ScreenTemplate, ScreenTree
from rights_line.content.files.languages import LanguageSource
from rights_line.core.fixed_codes import NOT_SENT, UNCLEAR
from rights_line.core.library import SPOKEN_PHRASES
from rights_line.core.model import Contact, Language
from rights_line.library.schema import ScreenParts, SpeechParts


class SpeechRenderer(ScreenRenderer):
    """Renders screens and phrases in one language, as text to read aloud."""

    def render_number(self, contact: Contact) -> str:
        """Return a number digit by digit, with a pause between its groups."""
        return ", ".join(map(spoken_digits, contact.number.split()))

    def render_link_line(self, code: str, label: str, word: str) -> str:
        """Return a choice as a sentence."""
        return f"{spoken_digits(code)}: {label}."


def spoken_digits(number: str) -> str:
    """Return a number with its digits apart, so that no voice reads it as thousands."""
    return " ".join(number)


def speech_parts(
    source: LanguageSource, tree: ScreenTree, english: SpeechRenderer, audio_url: str
) -> SpeechParts:
    """Return the spoken screens of a language, each in the language in which it may be sent.

    `audio_url` is the folder of recordings, or empty. Outdated recordings are left out.
    """
    recordings = source.recordings if audio_url else {}
    if not (source.language.voice or recordings):
        return SpeechParts()
    renderer = SpeechRenderer(source, tree, english, english.notices)
    screens = {row.code: renderer.best(row) for row in _spoken_templates(tree)}
    phrases = _spoken_phrases(renderer)
    texts = _recorded_texts(source.language, screens, phrases)
    return SpeechParts(
        voice=source.language.voice,
        screens=screens,
        phrases=phrases,
        recordings={
            row.name: f"{audio_url}/{row.file_name}"
            for row in texts
            if recordings.get(row.name) == row.fingerprint
        },
    )


def recordable_texts(source: LanguageSource, tree: ScreenTree) -> Iterator[RecordedText]:
    """Yield every text of a language that callers may hear, if it is translated."""
    renderer = SpeechRenderer(source, tree)
    screens = {
        row.code: renderer.render_screen(row)
        for row in _spoken_templates(tree)
        if row.code not in renderer.untranslated_codes
    }
    yield from _recorded_texts(source.language, screens, _spoken_phrases(renderer))


def outdated_recordings(source: LanguageSource, tree: ScreenTree) -> Iterator[str]:
    """Yield the name of each recording whose text has changed since."""
    current = {row.name: row.fingerprint for row in recordable_texts(source, tree)}
    for name, fingerprint in source.recordings.items():
        if current.get(name) != fingerprint:
            yield name


def _recorded_texts(
    language: Language, screens: Mapping[str, ScreenParts], phrases: Mapping[str, str]
) -> Iterator[RecordedText]:
    for code, screen in screens.items():
        if code in NOT_SENT and code != UNCLEAR:
            continue  # no key leads there
        yield RecordedText(language.tag, language.script, code, f"{screen.body}\n{screen.links}")
    for name, text in phrases.items():
        yield RecordedText(language.tag, language.script, name, text)


def _spoken_templates(tree: ScreenTree) -> Iterator[ScreenTemplate]:
    """Yield the screens without the sentence that asks to write: a caller cannot."""
    write = tree.phrase_key("write")
    for row in tree.screens:
        yield replace(row, body=tuple(key for key in row.body if key != write))


def _spoken_phrases(renderer: SpeechRenderer) -> dict[str, str]:
    phrases = {}
    for name in SPOKEN_PHRASES:
        try:
            phrases[name] = renderer.phrase(name)
        except MissingTranslation:
            continue
    return phrases
