"""The WSGI application: `gunicorn app:app`."""

import os
import sys

from rights_line.errors import ConfigurationError
from rights_line.web.startup import create_app, print_warnings, report

print_warnings(os.environ)  # first: a warning may explain why the line does not start
try:
    app = create_app(os.environ)
    report(app.config["PROBLEMS"])
except ConfigurationError as refused:
    sys.exit(str(refused))
