"""The line with the texts of RIGHTS_LINE_TEXTS: `python -m bench.line PORT`."""

import os
import sys

from rights_line.web.app import create_app
from rights_line.web.server import serve_app

if __name__ == "__main__":
    serve_app(create_app(os.environ), {}, f"127.0.0.1:{sys.argv[1]}")
