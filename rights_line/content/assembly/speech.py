"""Render screens for text-to-speech, and match them with recordings."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from rights_line.content.assembly.rendering import MissingTranslation, ScreenRenderer
from rights_line.content.assembly.screen_tree import ScreenTemplate, ScreenTree
from rights_line.content.files.languages import LanguageSource
from rights_line.core.model import Contact
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
    screens = {row.code: renderer.render_best_screen(row) for row in _spoken_templates(tree)}
    return SpeechParts(
        voice=source.language.voice,
        screens=screens,
        recordings={
            code: f"{audio_url}/{recording_file_name(code, screen, source)}"
            for code, screen in screens.items()
            if recordings.get(code) == recording_fingerprint(screen)
        },
        helplines=renderer.render_phrase("helplines"),
        press=_spoken_phrase(renderer, "press"),
        connect=_spoken_phrase(renderer, "connect"),
    )


def _spoken_templates(tree: ScreenTree) -> Iterator[ScreenTemplate]:
    """Yield the screens without the sentence that asks to write: a caller cannot."""
    write = tree.phrase_key("write")
    for row in tree.screens:
        yield replace(row, body=tuple(key for key in row.body if key != write))


def recording_script(source: LanguageSource, tree: ScreenTree) -> Iterator[tuple[str, str]]:
    """Yield the file name and the text of every recording that a language can have."""
    renderer = SpeechRenderer(source, tree)
    for template in _spoken_templates(tree):
        if template.code not in renderer.untranslated_codes:
            screen = renderer.render_screen(template)
            yield (
                recording_file_name(template.code, screen, source),
                f"{screen.body}\n{screen.links}",
            )


def outdated_recordings(source: LanguageSource, tree: ScreenTree) -> Iterator[str]:
    """Yield the code of each recording whose screen has changed since."""
    current = {
        name.rpartition("/")[2].removesuffix(".mp3") for name, _ in recording_script(source, tree)
    }
    for code, stamp in source.recordings.items():
        if f"{code}-{stamp}" not in current:
            yield code


def recording_fingerprint(screen: ScreenParts) -> str:
    """Return 12 hex digits that change with every letter of a screen's text."""
    return hashlib.sha256(f"{screen.body}\n{screen.links}".encode()).hexdigest()[:12]


def recording_file_name(code: str, screen: ScreenParts, source: LanguageSource) -> str:
    """Return the path of a screen's recording below RIGHTS_LINE_AUDIO_URL."""
    return f"{source.language.tag}/{code}-{recording_fingerprint(screen)}.mp3"


def _spoken_phrase(renderer: SpeechRenderer, name: str) -> str:
    try:
        return renderer.render_phrase(name)
    except MissingTranslation:
        return ""
