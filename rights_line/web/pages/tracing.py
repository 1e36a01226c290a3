"""Trace a reply back to its source strings, so that a reviewer can quote them to an editor."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rights_line.content.approval_rule import missing_roles
from rights_line.content.languages import SOURCE, LanguageSource
from rights_line.content.loader import ContentSources
from rights_line.content.rendering import ScreenRenderer
from rights_line.content.screen_tree import MessageKey, ScreenTree
from rights_line.content.source import SourceString
from rights_line.content.speech import SpeechRenderer
from rights_line.content.yaml_file import display_path
from rights_line.core.library import MULTILINGUAL, NEXT
from rights_line.core.sms import replace_letters, to_plain_punctuation

# A line with a code and a label: "4 Work", "POLSKI 4 Work", or spoken "4 1: Work."
_LABEL = re.compile(
    r"(?P<digits>\d(?: \d)*): (?P<spoken>.+)\.|(?:[A-Z]+ )?(?P<code>\d+) (?P<label>.+)"
)
_WORD = re.compile(r"\w{2}")  # a pattern without a word would match almost any line
_MIN_PIECE = 12  # characters; a shorter piece of a text does not identify it
_GAP = "\0"  # a value that is not known in advance, such as a name or a time


@dataclass(frozen=True)
class TracedString:
    """A source string that is part of a reply.

    Attributes:
        language: tag of the language of `text`.
        context: the msgctxt.
        message: the msgid, which is the English text.
        text: the translation.
        is_approved: None for a text that is the same in every language and not translated.
        places: the files that hold it; of the English text also the line.
    """

    language: str
    context: str
    message: str
    text: str
    is_approved: bool | None
    places: tuple[str, ...]


class Tracer:
    """An index of every string that a reply can contain, by the lines that it renders to."""

    def __init__(self, sources: ContentSources) -> None:
        self._lines: dict[str, list[TracedString]] = defaultdict(list)
        self._patterns: list[tuple[re.Pattern[str], TracedString]] = []
        tree = ScreenTree(sources.content)
        self._labels: dict[str, set[MessageKey]] = defaultdict(set)
        for screen in tree.screens:
            for code, key in screen.links:
                self._labels[code].add(key)
        self._labels[NEXT] = {("next", tree.content.phrases["next"])}
        for language in sources.languages.values():
            if language.has_texts:
                renderers = (ScreenRenderer(language, tree), SpeechRenderer(language, tree))
                for source in sources.texts:
                    self._add(source, language, renderers)
                self._add_fixed(renderers)

    def strings(self, reply: str) -> list[TracedString]:
        """Return the strings of a reply in order, preferring the language of most of its lines.

        If a piece may belong to several strings, the neighbouring lines decide. If they do not, it
        is left out: a reviewer must not be sent to the wrong string.
        """
        candidates = [set(self._candidates(line)) for line in reply.splitlines()]
        votes = Counter(
            mark for line in candidates for mark in {*_languages(line), *_contexts(line)}
        )

        def weight(string: TracedString) -> tuple[int, int, bool]:
            return votes[string.language], votes[string.context], string.language == SOURCE

        chosen: dict[TracedString, None] = {}
        for line in candidates:
            most = max(map(weight, line), default=None)
            best = [string for string in line if weight(string) == most]
            if len(best) == 1:
                chosen[best[0]] = None
        return list(chosen)

    def _candidates(self, line: str) -> Iterator[TracedString]:
        """Yield the strings that a line may be: the whole line, else its label, else a piece."""
        if line in self._lines:
            yield from self._lines[line]
            return
        if label := _LABEL.fullmatch(line):
            code = (label["code"] or label["digits"]).replace(" ", "")
            strings = self._lines.get(label["label"] or label["spoken"], ())
            known = self._labels[code]
            if labels := [one for one in strings if (one.context, one.message) in known]:
                yield from labels
                return
        yield from (string for pattern, string in self._patterns if pattern.fullmatch(line))
        if len(line) >= _MIN_PIECE:
            pieces = (strings for text, strings in self._lines.items() if line.strip() in text)
            yield from (string for strings in pieces for string in strings)

    def _add(
        self, source: SourceString, language: LanguageSource, renderers: tuple[ScreenRenderer, ...]
    ) -> None:
        text = language.translate(source.context, source.message)
        if text is None:
            return
        tag = language.language.tag
        catalog = () if tag == SOURCE else (f"locales/{tag}/LC_MESSAGES/messages.po",)
        places = (f"{display_path(source.path)}:{source.line}", *catalog)
        is_approved = not missing_roles(language, source)
        string = TracedString(tag, source.context, source.message, text, is_approved, places)
        for renderer in renderers:
            self._index(_fill(text, renderer), renderer, string)

    def _add_fixed(self, renderers: tuple[ScreenRenderer, ...]) -> None:
        for name, message in renderers[0].tree.content.fixed.items():
            places = ("content/phrases.yaml",)
            string = TracedString(MULTILINGUAL, name, message, message, None, places)
            for renderer in renderers:
                for line in message.split("\n"):
                    self._index(_fill(line, renderer), renderer, string)

    def _index(self, line: str, renderer: ScreenRenderer, string: TracedString) -> None:
        for variant in {line, replace_letters(line, renderer.language.fold)}:
            if _GAP in variant:
                if _WORD.search(variant):
                    pattern = ".+".join(map(re.escape, variant.split(_GAP)))
                    self._patterns.append((re.compile(pattern), string))
            elif string not in self._lines[variant]:
                self._lines[variant].append(string)


def _languages(line: Iterable[TracedString]) -> set[str]:
    return {string.language for string in line}


def _contexts(line: Iterable[TracedString]) -> set[str]:
    return {string.context for string in line}


class _GapForMissing(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return _GAP


def _fill(text: str, renderer: ScreenRenderer) -> str:
    """Return a text with its numbers filled in, and _GAP for each other placeholder."""
    filled = text.format_map(_GapForMissing(renderer.values))
    return filled if renderer.language.encoding == "UCS-2" else to_plain_punctuation(filled)
