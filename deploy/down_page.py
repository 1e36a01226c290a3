"""Print the helplines that a proxy shows readers while the line is down: down_page.py FOLDER."""

import sys
from pathlib import Path

from rights_line.content.assembly.library_builder import build_library
from rights_line.content.loader import ContentSources

if __name__ == "__main__":
    print(build_library(ContentSources(Path(sys.argv[1]))).fallback)
