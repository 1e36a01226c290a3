"""Print what changes for senders, or what they get now.

Usage, with the line's variables: changes.py [BEFORE] AFTER

BEFORE and AFTER are folders with content/ and locales/. With AFTER alone, it prints one sentence.
"""

import os
import sys
from pathlib import Path

from rights_line.content.loader import ContentSources
from rights_line.editorial.changes import Sent, sender_changes, sender_summary
from rights_line.errors import ConfigurationError
from rights_line.settings import Serve


def main(*folders: str) -> None:
    """Print the sentences."""
    serve: Serve = "drafts" if os.environ.get("RIGHTS_LINE_SERVE") == "drafts" else "approved"
    *before, after = folders
    new = Sent.of_sources(ContentSources(Path(after)), serve)
    if not before:
        print(sender_summary(new, serve))
        return
    try:
        old = Sent.of_sources(ContentSources(Path(*before)), serve)
    except ConfigurationError:  # the way out of such a state must stay open
        print("The texts that are served now cannot be read. " + sender_summary(new, serve))
        return
    print(*sender_changes(old, new) or ["Nothing that senders see changes."], sep="\n")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except ConfigurationError as error:
        sys.exit(f"Fix:\n{error}")
