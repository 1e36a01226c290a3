"""The WSGI application for another server than that of `rights-line serve`: `app:app`."""

import os
import sys

from rights_line.errors import ConfigurationError
from rights_line.settings import COUNTING
from rights_line.web import process
from rights_line.web.app import start_app
from rights_line.web.health import print_problems

process.prepare()
try:
    app = start_app(os.environ)
except ConfigurationError as error:
    sys.exit(f"rights-line did not start. Fix:\n{error}")
if ignored := [name for name in COUNTING if os.environ.get(name)]:
    print_problems([f"{' and '.join(ignored)}: only `rights-line serve` counts anything."])
