"""Print what changes for senders, or what they get now.

Usage, with the line's variables: changes.py [BEFORE] AFTER

BEFORE and AFTER are folders with content/ and locales/, and the library that was built of them.
With AFTER alone, it prints one sentence.
"""

import os
import sys
from pathlib import Path

from rights_line.editorial import changes
from rights_line.editorial.changes import Sent, sender_summary
from rights_line.errors import ConfigurationError
from rights_line.library import file, location
from rights_line.library.location import built_file, choices_of
from rights_line.settings import Settings


def main(*folders: str) -> None:
    """Print the sentences."""
    choices = choices_of(Settings.from_environ(os.environ))

    def sent(folder: str) -> Sent:
        environ = {**os.environ, "RIGHTS_LINE_TEXTS": folder}
        return Sent.of_built(location.open(environ, choices).built)

    def published(folder: str) -> Sent:
        """Return what senders get now, which another version may have built."""
        path = built_file(Path(folder), choices.serve)
        return Sent.of_built(file.decode(path, file.read(path))) if path.exists() else sent(folder)

    *before, after = folders
    new = sent(after)
    if not before:
        print(sender_summary(new, choices.serve))
        return
    try:
        old = published(*before)
    except ConfigurationError:  # the way out of such a state must stay open
        summary = sender_summary(new, choices.serve)
        print("The changes cannot be shown: the served texts are of another version, or damaged.")
        print(summary)
        return
    print(*changes.sender(old, new) or ["Nothing that senders see changes."], sep="\n")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except ConfigurationError as error:
        sys.exit(f"Fix:\n{error}")
