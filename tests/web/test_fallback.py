"""The fallback response, while each function that handles a message raises an error.

Nothing is patched: a profile hook of Python raises when a function is called, which includes
closures, lambdas and generators.
"""

import functools
import gc
import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any
from xml.etree import ElementTree

import pytest
import redis
from werkzeug.wrappers import Response

import rights_line
from rights_line.channels import load_channels, registered_channels
from rights_line.core import Reply
from rights_line.core.library import Library
from rights_line.sessions.memory import MemorySessionStore
from rights_line.web.app import build_app
from tests.support.canary import NUMBER as SENDER
from tests.support.clock import TUESDAY
from tests.support.log import written
from tests.support.phones import ENVIRON, message_to, request_of
from tests.support.redis_line import close_clients, sessions_at
from tests.support.servers import RedisServer, free_port
from tests.support.wording import missing_helplines

OURS = Path(rights_line.__file__).parent
ERRORS = [Exception, MemoryError, UnicodeError, RecursionError]
LAST_SHIFT = len(ERRORS) - 1
# Channels of texts, as twilio_sms is: the functions that are not their own raise one error each.
ALIKE = ("elks_sms", "kannel_sms", "telegram", "try_it")
TEXT = "mittolonn"

# Messages of a sender; handling the last of each raises.
CONVERSATIONS = [
    *(["hei"], ["POLSKI"], ["POLSKI", "4"], ["POLSKI", "41"], ["POLSKI", "23351600"]),
    *(["POLSKI", "0"], ["POLSKI", "99"], ["POLSKI", "nie dostalem wyplaty"], ["POLSKI", "pracz"]),
    *(["ratunku"], ["112"], ["ENGLISH 4"], ["ENGLISH", "2"], ["مرحبا"], ["привет"], ["niemiecki"]),
    *(["tagalog"], ["xyzzy"], ["POLSKI", "xyzzy"], ["9*4*98*98*01"], ["9*23351600"], ["9*00"]),
    *(["*"], ["#"], ["99"], ["23"], ["14"], ["STOP"], ["POLSKI", "00"], ["I'm driving right now"]),
]
# If one of these raises, only the fallback URL at the provider can answer.
OUTERMOST = {"middleware.<locals>.fallback_application", "PreparedResponse.__call__"}

Answer = tuple[int, str, bytes]
Function = tuple[str, int, str]


def function(code: CodeType) -> Function:
    """Return a key that is unique to a function."""
    return code.co_filename, code.co_firstlineno, code.co_qualname


def is_ours(code: CodeType) -> bool:
    """Return whether a function is of this project, and not of the fallback middleware."""
    return code.co_filename.startswith(str(OURS)) and code.co_qualname not in OUTERMOST


@contextmanager
def hooked(hook: Callable[[CodeType], object]) -> Iterator[None]:
    """Call a hook at each function call; an error of the hook is raised by the function.

    Python removes a profile function that raised; the trace function installs it again. Garbage
    is not collected meanwhile: a finalizer of an earlier line would call functions, too.
    """

    def profile(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            hook(frame.f_code)

    before = sys.gettrace()
    gc.disable()
    sys.settrace(lambda *_: sys.setprofile(profile))
    try:
        yield
    finally:
        sys.settrace(before)
        sys.setprofile(None)
        gc.enable()


@contextmanager
def broken(is_broken: Callable[[CodeType], bool], error: type[Exception]) -> Iterator[list[str]]:
    """Make functions raise; yield a list of those that have raised."""
    raised: list[str] = []

    def hook(code: CodeType) -> None:
        if is_broken(code):
            raised.append(code.co_qualname)
            raise error(f"{SENDER} wrote {TEXT}")

    with hooked(hook):
        yield raised


class Line:
    """A line with one channel and an empty Redis for each conversation."""

    def __init__(self, name: str, library: Library, server: RedisServer) -> None:
        self.name = name
        self._library = library
        self._redis = server
        self._channels = load_channels([name], ENVIRON)
        self._full_replies: dict[tuple[str, ...], set[Answer]] = {}
        reply = Reply(library.fallback, ends_session=True, closing=library.voice.fallback)
        sender = self._channels[name].receive(request_of(**message_to(name, "hei"))).sender
        self.without_sender = _answer(self._channels[name].deliver(reply))
        # Most providers need no sender: then both are the same.
        self.fallback_response = _answer(self._channels[name].deliver(reply, sender))
        self.fallback_responses = {self.without_sender, self.fallback_response}

    def prepare(self, conversation: list[str], url: str = "") -> Callable[[], Answer]:
        """Send all but the last message of a conversation; return a function that sends it."""
        self._redis.client.flushall()
        close_clients()
        leaping = itertools.count(0, 1000).__next__  # so that the circuit breaker is never open
        sessions = sessions_at(url or self._redis.url, leaping)
        app = build_app(self._channels, self._library, sessions, dict, lambda: TUESDAY)
        client = app.test_client()
        *before, last = [message_to(self.name, text) for text in conversation]
        for request in before:
            client.open(**request)
        forget(self._library)
        return lambda: _answer(client.open(**last))

    def full_replies(self, conversation: list[str]) -> set[Answer]:
        """Return the full replies, with a session and without; they are always the same."""
        key = tuple(conversation)
        if key not in self._full_replies:
            answers = {self.prepare(conversation, url)() for url in ("", REFUSED)}
            self._full_replies[key] = answers
        return self._full_replies[key]

    def functions_called(
        self, conversation: list[str], is_broken: Callable[[CodeType], bool] = lambda _: False
    ) -> set[Function]:
        """Return the functions called for the last message of a conversation."""
        seen: set[Function] = set()

        def hook(code: CodeType) -> None:
            if is_ours(code):
                seen.add(function(code))
            if is_broken(code):
                raise RuntimeError

        send = self.prepare(conversation)
        with hooked(hook):
            send()
        return seen


REFUSED = f"redis://127.0.0.1:{free_port()}/0"


def _answer(response: Response) -> Answer:
    return response.status_code, str(response.content_type), response.get_data()


def forget(library: Library) -> None:
    """Clear the caches of our functions and properties: what is cached is not called again."""
    for clear in cache_clearers():
        clear()
    for letters in vars(library.vocabulary.language_model)["_letters"].values():
        vars(letters).pop("_counts", None)


@functools.cache
def cache_clearers() -> list[Callable[[], object]]:
    """Return the `cache_clear` of each cached function of ours."""
    registered_channels()  # imports them
    gc.unfreeze()  # a start in another test has frozen what was alive
    objects = gc.get_objects()
    wrappers = [target for target in objects if isinstance(target, functools._lru_cache_wrapper)]
    return [target.cache_clear for target in wrappers if _is_ours(target)]


def _is_ours(made: Any) -> bool:
    return str(made.__module__).startswith("rights_line.")


@pytest.fixture(scope="module", params=registered_channels())
def line(request: pytest.FixtureRequest, small_library: Library, redis_server: RedisServer) -> Line:
    return Line(request.param, small_library, redis_server)


@pytest.fixture(scope="module")
def callers(line: Line) -> dict[Function, list[str]]:
    """Each function called for a message, and the first conversation that calls it."""
    return {
        target: conversation
        for conversation in reversed(CONVERSATIONS)
        for target in line.functions_called(conversation)
    }


@pytest.mark.parametrize(
    "shift", [0, *(pytest.param(shift, marks=pytest.mark.slow) for shift in range(1, len(ERRORS)))]
)
def test_channel_function_raises_error_replies_with_helplines(
    shift: int,
    line: Line,
    callers: dict[Function, list[str]],
    capfd: pytest.CaptureFixture[str],
) -> None:
    """An error in the session store or the event log may still give the full reply.

    Each function raises the next error of the list; the shifts together raise each in each.
    """
    assert len(callers) > 30
    for number, (target, conversation) in enumerate(sorted(callers.items())):
        if line.name in ALIKE and shift != LAST_SHIFT and "/channels/" not in target[0]:
            continue
        error = ERRORS[(number + shift) % len(ERRORS)]
        may_recover = "sessions" in target[0] or target[0].endswith("event_log.py")
        full_replies = line.full_replies(conversation) if may_recover else set()
        send = line.prepare(conversation)
        with broken(lambda code, target=target: function(code) == target, error) as raised:  # type: ignore[misc]
            answer = send()

        assert raised, f"{target} was not called by {conversation}"
        assert answer in {*line.fallback_responses, *full_replies}, target
    assert_no_leak(capfd)


@pytest.mark.parametrize("error", ERRORS)
def test_fallback_function_raises_error_returns_fallback_response(
    error: type[Exception], line: Line, capfd: pytest.CaptureFixture[str]
) -> None:
    """`Channel.receive` raises, and so does each function that runs after it."""

    def is_receive(code: CodeType) -> bool:
        return code.co_qualname == "Channel.receive"

    for target in line.functions_called(["hei"], is_receive):

        def is_broken(code: CodeType, target: Function = target) -> bool:
            return is_receive(code) or function(code) == target

        send = line.prepare(["hei"])
        with broken(is_broken, error) as raised:
            answer = send()

        assert raised
        assert answer == line.without_sender, target
    assert_no_leak(capfd)


@pytest.mark.parametrize("error", ERRORS)
def test_fallback_every_function_raises_returns_fallback_response(
    error: type[Exception], line: Line, capfd: pytest.CaptureFixture[str]
) -> None:
    """Only the outermost function and the response, which holds the prepared bytes, work."""
    send = line.prepare(["POLSKI"])
    with broken(is_ours, error) as raised:
        assert send() == line.without_sender
    assert raised
    assert_no_leak(capfd)


def assert_no_leak(capfd: pytest.CaptureFixture[str]) -> None:
    """Assert that the message of the error, with the sender and the text, was not written."""
    text = "".join(written(capfd))
    assert TEXT not in text
    assert SENDER not in text


# redis-py cannot close its sockets either.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_undocumented_error_of_redis_replies_with_helplines(line: Line) -> None:
    """It is a bug, and gives the fallback response."""
    folder = f"{Path(str(redis.__file__)).parent}/"

    def is_of_redis(code: CodeType) -> bool:
        return code.co_filename.startswith(folder) and code.co_name != "__del__"

    for conversation in CONVERSATIONS[:4] if line.name in ALIKE else CONVERSATIONS:
        send = line.prepare(conversation)
        with broken(is_of_redis, RuntimeError) as raised:
            answer = send()
        assert answer == (line.fallback_response if raised else line.prepare(conversation)())


# A word of each language of the fallback response.
HELP_WORDS = {"nb": "hjelp", "en": "help", "pl": "pomoc", "ro": "ajutor", "es": "ayuda"}


# Telegram sends nothing without the id of a chat (tests/channels/test_telegram.py).
@pytest.mark.parametrize("name", sorted(registered_channels().keys() - {"telegram"}))
def test_fallback_response_has_helplines_in_each_language(name: str, library: Library) -> None:
    """In speech, each language has its own voice."""
    app = build_app(load_channels([name], ENVIRON), library, MemorySessionStore(), dict)
    body = app.extensions["webhooks"].fallbacks[name].body
    if b"<Say" not in body:
        assert [word for word in HELP_WORDS.values() if word not in body.decode()] == []
        assert missing_helplines(body.decode()) == []
        return
    *says, hangup = ElementTree.fromstring(body)
    voices = [library.languages[tag].voice for tag in HELP_WORDS]
    assert [say.get("voice") for say in says] == voices
    assert hangup.tag == "Hangup"
    for say in says:
        assert missing_helplines((say.text or "").replace(",", "")) == []
