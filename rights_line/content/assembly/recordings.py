"""Recordings of texts that callers hear: their names, and their length."""

import hashlib
import math
from dataclasses import dataclass

from rights_line.core.fixed_codes import DANGER, MENU, TAKEN_AWAY, TALK, UNCLEAR, WANTS_TO_DIE
from rights_line.core.library import SPOKEN_PHRASES

# Recorded first: the menu, danger, talking to somebody, a place to sleep, illness, under 18.
CORE = (
    *(MENU, DANGER, "11", WANTS_TO_DIE, TAKEN_AWAY, TALK, "3", "6", "8"),
    *(UNCLEAR, *SPOKEN_PHRASES),
)
_SHORT = 4  # digits of the fingerprint
# A question mark would end the path of a URL.
_FILE_NAMES = {UNCLEAR: "unclear"}
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
        return f"{self._path}-{self.fingerprint}.wav"

    @property
    def short_name(self) -> str:
        """The name that a speaker gives the recording; it tells an older text from this one."""
        return f"{self._path}-{self.fingerprint[:_SHORT]}"

    @property
    def _path(self) -> str:
        return f"{self.tag}/{_FILE_NAMES.get(self.name, self.name)}"
