"""The PDF of each language's cards for the web pages: made once, and one at a time.

It takes about 0.7 seconds of the processor, in the process that answers messages. The texts do not
change while it runs, so each PDF is kept, and so is a failure: to ask again and again costs
nothing. No thread waits for the PDF of another, because messages need the threads.
"""

from collections.abc import Callable
from importlib.util import find_spec
from threading import Lock

from rights_line.errors import ConfigurationError


class Busy(Exception):
    """Another PDF is being made."""


class NotPrintable(Exception):
    """WeasyPrint, one of its libraries or a font is not installed, or a card does not fit."""


class PrintedCards:
    """The PDFs that were made; `make` returns the one of a language by its tag."""

    def __init__(self, make: Callable[[str], bytes]) -> None:
        self._make = make
        self._made: dict[str, bytes | None] = {}  # None: it cannot be made
        self._lock = Lock()
        self._is_installed = find_spec("weasyprint") is not None

    def can_print(self, tag: str) -> bool:
        """Whether the PDF can be made, as far as is known."""
        return self._is_installed and self._made.get(tag, b"") is not None

    def print_cards(self, tag: str) -> bytes:
        """Return the PDF of a language.

        Raises:
            Busy, NotPrintable
        """
        if self.can_print(tag) and tag not in self._made:
            self._make_once(tag)
        if content := self._made.get(tag):
            return content
        raise NotPrintable

    def _make_once(self, tag: str) -> None:
        if not self._lock.acquire(blocking=False):
            raise Busy
        try:
            self._made[tag] = self._make(tag)
        except (ImportError, OSError, ConfigurationError):
            self._made[tag] = None
        finally:
            self._lock.release()
