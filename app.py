"""The WSGI application: `gunicorn app:app`."""

import os
import sys

from rights_line.errors import Refused
from rights_line.startup import create_app, warn

try:
    app = create_app(os.environ)
    warn(os.environ)
except Refused as refused:
    sys.exit(str(refused))
