"""The published line: its texts, and the number, code and URL that lead to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from rights_line.content.loader import ContentSources
from rights_line.core.library import Library


@dataclass(frozen=True)
class Site:
    """What pages are made of.

    Attributes:
        library: everything that can be said.
        sources: where it comes from: which texts are drafts.
        now: the moment, aware, in Europe/Oslo.
        number: RIGHTS_LINE_NUMBER, as it is to be shown; empty: no SMS link.
        ussd: RIGHTS_LINE_USSD, the code to dial; empty: none.
        public_url: RIGHTS_LINE_PUBLIC_URL, for QR codes; empty: none.
        tries: whether there is a phone to try it on.
    """

    library: Library
    sources: ContentSources
    now: Callable[[], datetime]
    number: str = ""
    ussd: str = ""
    public_url: str = ""
    tries: bool = False
