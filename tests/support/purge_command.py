"""`rights-line purge-twilio` against a local port: `python -m tests.support.purge_command PORT`."""

import sys
from typing import Any

from twilio.http.http_client import TwilioHttpClient

from rights_line import cli
from rights_line.ops import purge, twilio_api

TWILIO = "https://api.twilio.com"


def main(port: str) -> int:
    """Redirect twilio's own client to a local port, and run the command without pauses."""
    send = TwilioHttpClient.request

    def request(client: Any, method: str, url: str, *more: Any, **options: Any) -> Any:
        local = url.replace(TWILIO, f"http://127.0.0.1:{port}")
        return send(client, method, local, *more, **options)

    TwilioHttpClient.request = request
    for module in (purge, twilio_api):
        vars(module)["PAUSES"] = (0.0,)
    return cli.main(["purge-twilio", "--older-than", "30"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
