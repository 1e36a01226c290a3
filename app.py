"""The WSGI application: `gunicorn app:app`."""

import os
import sys

from rights_line.errors import ConfigurationError
from rights_line.web.app import create_app
from rights_line.web.startup_warnings import print_problems, print_warnings

print_warnings(os.environ)  # first: a warning may explain why the line does not start
try:
    app = create_app(os.environ)
    print_problems(app.config["PROBLEMS"])
except ConfigurationError as error:
    sys.exit(str(error))
