"""`python -m rights_line.cli COMMAND`, where the package is not installed: on a platform."""

import sys

from rights_line.cli import main

if __name__ == "__main__":
    sys.exit(main())
