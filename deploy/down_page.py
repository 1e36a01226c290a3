"""Print the helplines that a proxy shows readers while the line is down: down_page.py FOLDER."""

import os
import sys

from rights_line.library import location
from rights_line.library.location import choices_of
from rights_line.settings import Settings

if __name__ == "__main__":
    environ = {**os.environ, "RIGHTS_LINE_TEXTS": sys.argv[1]}
    served = location.open(environ, choices_of(Settings.from_environ(environ)))
    print(served.built.shared.fallback)
