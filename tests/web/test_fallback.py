"""Every function that runs while a message is answered is made to raise; she hears the helplines.

Nothing is patched: Python's own hooks raise as a function is entered, each time that it is, so a
closure, a lambda or a generator breaks like any other.
"""

import functools
import gc
import importlib
import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from werkzeug.wrappers import Response

import rights_line
from rights_line.channels import available, channel_class, load_channels
from rights_line.content.loader import ContentSources, build_library
from rights_line.core.library import Library
from rights_line.core.messages import Reply
from rights_line.sessions.redis_client import client_factory
from rights_line.sessions.redis_store import RedisSessionStore
from rights_line.web.app import build_app
from rights_line.web.fallback import PreparedResponse
from tests.support.clock import TUESDAY
from tests.support.log import written
from tests.support.phones import ENVIRON, PHONES
from tests.support.redis_line import SECRET
from tests.support.servers import RedisServer, free_port
from tests.support.twilio_phone import SENDER, without_spaces

OURS = Path(rights_line.__file__).parent
ERRORS = [Exception, MemoryError, UnicodeError, RecursionError]
HELPLINES = ("112", "22331160", "116111")
TEXT = "mittolonn"

# What she sends; the last message of each is the one that breaks.
TALKS = [
    *(["hei"], ["POLSKI"], ["POLSKI", "4"], ["POLSKI", "41"], ["POLSKI", "23351600"]),
    *(["POLSKI", "0"], ["POLSKI", "99"], ["POLSKI", "nie dostalem wyplaty"], ["POLSKI", "pracz"]),
    *(["ratunku"], ["112"], ["ENGLISH 4"], ["ENGLISH", "2"], ["مرحبا"], ["привет"], ["niemiecki"]),
    *(["tagalog"], ["xyzzy"], ["POLSKI", "xyzzy"], ["9*4*98*98*01"], ["9*23351600"], ["9*00"]),
    *(["*"], ["#"], ["99"], ["23"], ["14"], ["STOP"], ["POLSKI", "00"], ["I'm driving right now"]),
]
# On it hangs all else: below it there is the fallback of the provider.
FOOT = "fallback_middleware.<locals>.application"

Answer = tuple[int, str, bytes]
Function = tuple[str, int, str]


def function(code: CodeType) -> Function:
    """Return what tells a function from all others."""
    return code.co_filename, code.co_firstlineno, code.co_qualname


def is_ours(code: CodeType) -> bool:
    """Tell whether a function is of this project, and has something above it that can answer."""
    return code.co_filename.startswith(str(OURS)) and code.co_qualname != FOOT


@contextmanager
def hooked(hook: Callable[[CodeType], object]) -> Iterator[None]:
    """Call a hook as each function is entered. Where it raises, the function has raised.

    Python takes a hook away that raised; another one, which never does, puts it back.
    """

    def profile(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            hook(frame.f_code)

    before = sys.gettrace()
    sys.settrace(lambda *_: sys.setprofile(profile))
    try:
        yield
    finally:
        sys.settrace(before)
        sys.setprofile(None)


@contextmanager
def broken(is_broken: Callable[[CodeType], bool], error: type[Exception]) -> Iterator[list[str]]:
    """Make functions raise; yield a list of those that have."""
    hit: list[str] = []

    def hook(code: CodeType) -> None:
        if is_broken(code):
            hit.append(code.co_qualname)
            raise error(f"{SENDER} wrote {TEXT}")

    with hooked(hook):
        yield hit


class Line:
    """One gateway and a Redis, which both know nothing when a talk begins."""

    def __init__(self, name: str, library: Library, redis: RedisServer) -> None:
        self._name = name
        self._library = library
        self._redis = redis
        self._channels = load_channels([name], ENVIRON)
        ending = Reply(library.fallback, ends_session=True, closing=library.voice.fallback)
        self.last_resort = _answer(self._channels[name].deliver(ending))

    def begin(self, talk: list[str], url: str = "") -> Callable[[], Answer]:
        """Say all but the last message of a talk; return what sends that one."""
        self._redis.client.flushall()
        sessions = sessions_at(url or self._redis.url)
        app = build_app(self._channels, self._library, sessions, dict, lambda: TUESDAY)
        client = app.test_client()
        *before, last = [PHONES[self._name](text) for text in talk]
        for request in before:
            client.open(**request)
        forget()
        return lambda: _answer(client.open(**last))

    def right(self, talk: list[str]) -> set[Answer]:
        """Return what may be answered in full: with what is remembered, or with nothing."""
        return {self.begin(talk, url)() for url in ("", REFUSED)}

    def reached(
        self, talk: list[str], is_broken: Callable[[CodeType], bool] = lambda _: False
    ) -> set[Function]:
        """Return the functions that run while the last message of a talk is answered."""
        seen: set[Function] = set()

        def hook(code: CodeType) -> None:
            if is_ours(code):
                seen.add(function(code))
            if is_broken(code):
                raise RuntimeError

        send = self.begin(talk)
        with hooked(hook):
            send()
        return seen


REFUSED = f"redis://127.0.0.1:{free_port()}/0"


def sessions_at(url: str) -> RedisSessionStore:
    """Return a memory whose clock leaps, so that Redis is asked again however it failed."""
    return RedisSessionStore(client_factory(url), SECRET, itertools.count(0, 1000).__next__)


def _answer(response: Response) -> Answer:
    return response.status_code, str(response.content_type), response.get_data()


def forget() -> None:
    """Drop the results that are kept of our functions, which would not be called again."""
    for kept in caches():
        kept()


@functools.cache
def caches() -> list[Callable[[], object]]:
    """Return what drops each."""
    for name in available():
        channel_class(name)
    everything = gc.get_objects()
    wrappers = [one for one in everything if isinstance(one, functools._lru_cache_wrapper)]
    return [one.cache_clear for one in wrappers if _is_ours(one)]


def _is_ours(made: Any) -> bool:
    return str(made.__module__).startswith("rights_line.")


@pytest.fixture(scope="module", params=available())
def line(request: pytest.FixtureRequest, library: Library, redis_server: RedisServer) -> Line:
    """Each gateway there is."""
    return Line(request.param, library, redis_server)


@pytest.fixture(scope="module")
def path(line: Line) -> dict[Function, list[str]]:
    """Each function that runs while a message is answered, and the first talk that reaches it."""
    return {one: talk for talk in reversed(TALKS) for one in line.reached(talk)}


@pytest.mark.parametrize("error", ERRORS)
def test_a_function_that_raises_costs_nobody_an_answer(
    error: type[Exception],
    line: Line,
    path: dict[Function, list[str]],
    capfd: pytest.CaptureFixture[str],
) -> None:
    """200, the gateway's own format, and the helplines; where the memory or the log breaks, all."""
    assert len(path) > 30
    for one, talk in path.items():
        spares = "sessions" in one[0] or one[0].endswith("event_log.py")
        right = line.right(talk) if spares else set()
        send = line.begin(talk)
        with broken(lambda code, one=one: function(code) == one, error) as hit:  # type: ignore[misc]
            answer = send()

        assert hit, f"{one} was not reached by {talk}"
        assert answer in {line.last_resort, *right}, one
    assert_no_leak(capfd)


@pytest.mark.parametrize("error", ERRORS)
def test_what_answers_a_failure_may_fail_itself(
    error: type[Exception], line: Line, capfd: pytest.CaptureFixture[str]
) -> None:
    """With the gateway's own reading broken, every function that still runs breaks, too."""

    def reads(code: CodeType) -> bool:
        return code.co_qualname == "Channel.receive"

    for one in line.reached(["hei"], reads):
        send = line.begin(["hei"])
        with broken(lambda code, one=one: reads(code) or function(code) == one, error) as hit:  # type: ignore[misc]
            answer = send()

        assert hit
        assert answer == line.last_resort, one
    assert_no_leak(capfd)


@pytest.mark.parametrize("error", ERRORS)
def test_where_all_is_broken_the_last_resort_is_not(
    error: type[Exception], line: Line, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not one function of ours works, save the one that holds the bytes."""
    send = line.begin(["POLSKI"])
    with broken(is_ours, error) as hit:
        assert send() == line.last_resort
    assert hit
    assert_no_leak(capfd)


def assert_no_leak(capfd: pytest.CaptureFixture[str]) -> None:
    """Assert that nothing of what was raised, which names her and what she wrote, was written."""
    text = "".join(written(capfd))
    assert TEXT not in text
    assert SENDER not in text


# redis-py cannot close its sockets either.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("packages", [("yaml", "babel"), ("redis",)], ids=" ".join)
def test_a_library_that_is_unusable_costs_nobody_an_answer(
    packages: tuple[str, ...], line: Line
) -> None:
    """The line needs neither YAML nor Babel after its start; an error that redis-py does not
    document is a bug, and costs the reply but not the helplines."""
    files = [str(importlib.import_module(name).__file__) for name in packages]
    folders = tuple(f"{Path(file).parent}/" for file in files)

    def is_theirs(code: CodeType) -> bool:
        return code.co_filename.startswith(folders) and code.co_name != "__del__"

    for talk in TALKS:
        send = line.begin(talk)
        with broken(is_theirs, RuntimeError) as hit:
            answer = send()

        if "redis" in packages:
            assert answer == (line.last_resort if hit else line.begin(talk)())
        else:
            assert (answer, hit) == (line.begin(talk)(), [])


def test_a_library_is_found_to_be_used() -> None:
    """The test above can fail: what these libraries do for us at start is seen."""
    is_yaml = "/yaml/__init__"
    with broken(lambda code: is_yaml in code.co_filename, KeyError) as hit, pytest.raises(KeyError):
        yaml.safe_load("a: 1")
    assert hit


# What a person must find in it, whichever of the five she reads.
FIVE = {"nb": "hjelp", "en": "help", "pl": "pomoc", "ro": "ajutor", "es": "ayuda"}


def test_the_last_resort_is_in_five_languages(line: Line, library: Library) -> None:
    """The helplines and a word for help in each: written, or said by the voice of each."""
    _, _, body = line.last_resort
    if b"<Say" not in body:
        text = body.decode()
        assert [word for word in FIVE.values() if word not in text] == []
        assert [number for number in HELPLINES if number not in without_spaces(text)] == []
        return
    says = ElementTree.fromstring(body).findall("Say")
    assert [say.get("voice") for say in says] == [library.languages[tag].voice for tag in FIVE]
    for say in says:
        digits = without_spaces(say.text or "").replace(",", "")
        assert [number for number in HELPLINES if number not in digits] == []


def test_a_draft_is_not_said_as_the_last_resort(sources: ContentSources) -> None:
    """What nobody has approved is said no more on the phone than it is sent: two voices remain."""
    library = build_library(sources, "approved")

    assert library.voice.fallback == library.voice.opening
    assert len(library.voice.opening) == 2


def test_a_response_is_not_changed_by_making_bytes_of_it() -> None:
    """Its length is a header of what is sent alone, and stands there once."""
    response = Response(b"<Response />", content_type="text/xml")
    response.headers["Content-Length"] = "99"
    ready = PreparedResponse.from_response(response)
    assert response.headers["Content-Length"] == "99"
    assert ready.headers == (("Content-Type", "text/xml"), ("Content-Length", "12"))
