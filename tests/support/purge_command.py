"""`rights-line purge-twilio` against a local port: `python -m tests.support.purge_command PORT`."""

import sys
from types import SimpleNamespace
from unittest.mock import patch

from rights_line import cli
from rights_line.ops.twilio_account import twilio_client
from tests.support.twilio_api import redirect


def main(port: str) -> int:
    """Run the command with Twilio at a local port, and without pauses."""

    def local_client(environ: dict[str, str]) -> object:
        client = twilio_client(environ)
        redirect(client, api=int(port))
        return client

    with (
        patch("rights_line.ops.twilio_account.twilio_client", local_client),
        patch("rights_line.ops.twilio_account.PAUSES", (0.0,)),
        patch("urllib3.util.retry.time", SimpleNamespace(sleep=lambda _: None)),
    ):
        return cli.main(["purge-twilio", "--older-than", "30"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
