"""The line with the content and the languages of another folder, for `bench.growth`."""

import os
from pathlib import Path

from rights_line.web.app import create_app

app = create_app(os.environ, Path(os.environ["BENCH_ROOT"]))
