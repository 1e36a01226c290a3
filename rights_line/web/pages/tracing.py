"""Whose words an answer is made of: each string in it, as a translator finds it in the files."""

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

# A line of a screen is a code (behind the language's word, or said aloud) and a label.
_LABEL = re.compile(
    r"(?P<digits>\d(?: \d)*): (?P<said>.+)\.|(?:[A-Z]+ )?(?P<code>\d+) (?P<label>.+)"
)
_WORD = re.compile(r"\w{2}")  # without one, a pattern is of almost any line
_SHORTEST = 12  # characters, that a piece of a text is known by


@dataclass(frozen=True)
class String:
    """One string of an answer: what translators call it, how it is said, and where it is written.

    `approved` is None where the same is said in every language, which nobody translates.
    """

    language: str
    context: str
    message: str
    said: str
    approved: bool | None
    places: tuple[str, ...]


class Tracer:
    """Every string that can be said, by the lines it makes."""

    def __init__(self, sources: ContentSources) -> None:
        self._lines: dict[str, list[String]] = defaultdict(list)
        self._patterns: list[tuple[re.Pattern[str], String]] = []
        outline = ScreenTree(sources.content)
        self._labels: dict[str, set[MessageKey]] = defaultdict(set)
        for page in outline.screens:
            for code, saying in page.links:
                self._labels[code].add(saying)
        self._labels[NEXT] = {("next", outline.content.phrases["next"])}
        for tongue in sources.languages.values():
            if tongue.has_texts:
                speakers = (ScreenRenderer(tongue, outline), SpeechRenderer(tongue, outline))
                for text in sources.texts:
                    self._add(text, tongue, speakers)
                self._add_fixed(speakers)

    def strings(self, answer: str) -> list[String]:
        """Return the strings of an answer in their order, in the language that most of it is in.

        A piece that may be of several texts is of the one that the lines beside it are of; where
        that does not tell, it is left out: a reviewer must not be sent to the wrong one.
        """
        found = [set(self._of(line)) for line in answer.splitlines()]
        votes = Counter(mark for line in found for mark in {*_languages(line), *_contexts(line)})

        def weight(string: String) -> tuple[int, int, bool]:
            return votes[string.language], votes[string.context], string.language == SOURCE

        chosen: dict[String, None] = {}
        for line in found:
            most = max(map(weight, line), default=None)
            best = [string for string in line if weight(string) == most]
            if len(best) == 1:
                chosen[best[0]] = None
        return list(chosen)

    def _of(self, line: str) -> Iterator[String]:
        """Yield every string that a line may be: the whole line, else its label, else a piece."""
        if line in self._lines:
            yield from self._lines[line]
            return
        if label := _LABEL.fullmatch(line):
            code = (label["code"] or label["digits"]).replace(" ", "")
            strings = self._lines.get(label["label"] or label["said"], ())
            known = self._labels[code]
            if labels := [one for one in strings if (one.context, one.message) in known]:
                yield from labels
                return
        yield from (string for pattern, string in self._patterns if pattern.fullmatch(line))
        if len(line) >= _SHORTEST:
            pieces = (strings for text, strings in self._lines.items() if line.strip() in text)
            yield from (string for strings in pieces for string in strings)

    def _add(
        self, text: SourceString, tongue: LanguageSource, speakers: tuple[ScreenRenderer, ...]
    ) -> None:
        said = tongue.translate(text.context, text.message)
        if said is None:
            return
        tag = tongue.language.tag
        catalog = () if tag == SOURCE else (f"locales/{tag}/LC_MESSAGES/messages.po",)
        places = (f"{display_path(text.path)}:{text.line}", *catalog)
        approved = not missing_roles(tongue, text)
        string = String(tag, text.context, text.message, said, approved, places)
        for speaker in speakers:
            self._know(_filled(said, speaker), speaker, string)

    def _add_fixed(self, speakers: tuple[ScreenRenderer, ...]) -> None:
        for name, message in speakers[0].outline.content.fixed.items():
            places = ("content/phrases.yaml",)
            string = String(MULTILINGUAL, name, message, message, None, places)
            for speaker in speakers:
                for line in message.split("\n"):
                    self._know(_filled(line, speaker), speaker, string)

    def _know(self, line: str, speaker: ScreenRenderer, string: String) -> None:
        for written in {line, replace_letters(line, speaker.language.fold)}:
            if "\0" in written:  # a name or a time, as it is at the moment
                if _WORD.search(written):
                    pattern = ".+".join(map(re.escape, written.split("\0")))
                    self._patterns.append((re.compile(pattern), string))
            elif string not in self._lines[written]:
                self._lines[written].append(string)


def _languages(line: Iterable[String]) -> set[str]:
    return {string.language for string in line}


def _contexts(line: Iterable[String]) -> set[str]:
    return {string.context for string in line}


class _Open(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "\0"


def _filled(said: str, speaker: ScreenRenderer) -> str:
    """Return a text with the numbers in it, and a mark where something else will stand."""
    filled = said.format_map(_Open(speaker.values))
    return filled if speaker.language.encoding == "UCS-2" else to_plain_punctuation(filled)
