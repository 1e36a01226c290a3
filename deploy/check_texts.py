"""Check that the version beside this file can serve the texts of a folder.

Usage: check_texts.py FOLDER
"""

import sys
from pathlib import Path

from rights_line.content.loader import ContentSources, build_library
from rights_line.errors import ConfigurationError

if __name__ == "__main__":
    try:
        build_library(ContentSources(Path(sys.argv[1])))
    except ConfigurationError as error:
        sys.exit(str(error))
