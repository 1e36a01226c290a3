"""The line with the content of another folder: `python -m bench.line PORT`, with `BENCH_ROOT`."""

import os
import sys
from pathlib import Path

from rights_line.web.app import create_app
from rights_line.web.server import serve

if __name__ == "__main__":
    serve(create_app(os.environ, Path(os.environ["BENCH_ROOT"])), {}, f"127.0.0.1:{sys.argv[1]}")
