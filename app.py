"""The WSGI application, for any server: `rights-line serve`, `gunicorn app:app`."""

import os
import sys

from rights_line.errors import ConfigurationError
from rights_line.web.process import prepare
from rights_line.web.startup import start_app

prepare()
try:
    app = start_app(os.environ)
except ConfigurationError as error:
    sys.exit(str(error))
