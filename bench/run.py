"""The benchmark of design section 8: the line beside a bare Flask view, in one run, as ratios.

Both run under gunicorn with the same settings and one real Redis. Four people at a time text over
connections of their own; each round is taken in turns, so that a noisy machine is noisy for both.
"""

import http.client
import itertools
import statistics
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.support import twilio_phone
from tests.support.servers import RedisServer, gunicorn

TEXTS = ("POLSKI", "4", "41", "0", "nie dostalem wyplaty", "112", "ENGLISH 7", "hello")
PEOPLE = 4
CONVERSATIONS = 500  # of each, at most: a number that texts too much is answered no more
SECONDS = 3.0
ROUNDS = 5

Request = tuple[str, dict[str, str]]

_numbers = itertools.count(40_000_000)


def conversations() -> list[Request]:
    """Return what one person sends: after each conversation she has a new number."""
    requests = []
    for number, text in itertools.product(itertools.islice(_numbers, CONVERSATIONS), TEXTS):
        form = twilio_phone.fields(text, f"+47{number}")
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": twilio_phone.signature(form),
        }
        requests.append((urlencode(form), headers))
    return requests


def person(address: str, requests: list[Request], until: float, taken: list[float]) -> None:
    """Text one message after the other until a moment; add the seconds of each answer."""
    parts = urlsplit(address)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port)
    for body, headers in requests:
        begun = time.perf_counter()
        if begun > until:
            return
        line.request("POST", twilio_phone.PATH, body, headers)
        answer = line.getresponse()
        answer.read()
        assert answer.status == 200
        taken.append(time.perf_counter() - begun)
    raise RuntimeError("there are too few conversations")


def measure(address: str) -> tuple[float, float]:
    """Return requests a second, and the 99th percentile in milliseconds."""
    taken: list[float] = []
    texts = [conversations() for _ in range(PEOPLE)]
    begun = time.perf_counter()
    crowd = [
        threading.Thread(target=person, args=(address, requests, begun + SECONDS, taken))
        for requests in texts
    ]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    seconds = time.perf_counter() - begun
    return len(taken) / seconds, 1000 * statistics.quantiles(taken, n=100)[98]


def main() -> None:
    """Print the ratios."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = RedisServer(folder)
        server.start()
        stack.callback(server.stop)
        environ = twilio_phone.ENVIRON | {
            "REDIS_URL": server.url,
            "RIGHTS_LINE_SECRET": "a secret of the benchmark, of no use to anybody",
        }
        addresses = {}
        for name, application in (("line", "app:app"), ("reference", "bench.reference:app")):
            output = str(folder / f"{name}.log")
            started = gunicorn({**environ, "OUTPUT": output}, application=application)
            addresses[name], _ = stack.enter_context(started)
        rounds = [
            {name: measure(address) for name, address in addresses.items()} for _ in range(ROUNDS)
        ]
    rate = [row["line"][0] / row["reference"][0] for row in rounds]
    slowest = [row["line"][1] / row["reference"][1] for row in rounds]
    print(f"requests a second, line / reference: {statistics.median(rate):.2f}  {_all(rate)}")
    print(f"99th percentile,   line / reference: {statistics.median(slowest):.2f}  {_all(slowest)}")


def _all(ratios: list[float]) -> str:
    return " ".join(f"{ratio:.2f}" for ratio in ratios)


if __name__ == "__main__":
    main()
