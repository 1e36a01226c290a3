"""What many tests use: the real content, a clock, a real Redis, a signed phone."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from twilio.rest import Client

from rights_line import event_log
from rights_line.content.loader import ROOT, ContentSources, build_library
from rights_line.core.library import Library
from rights_line.web.app import create_app
from tests.support import twilio_api, twilio_phone
from tests.support.servers import RedisServer


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let what is written down be written anew."""
    parser.addoption("--update-conversations", action="store_true")
    parser.addoption("--update-costs", action="store_true")


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call() -> Iterator[None]:
    """Have all that a test logs written while its output is still captured."""
    try:
        return (yield)
    finally:
        event_log.LINES.flush()


@pytest.fixture(scope="session")
def sources() -> ContentSources:
    """The real content and catalogs."""
    return ContentSources(ROOT)


@pytest.fixture(scope="session")
def library(sources: ContentSources) -> Library:
    """Everything that can be said, drafts too."""
    return build_library(sources, "drafts")


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis for the whole run; tests that stop theirs start one of their own."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis(redis_server: RedisServer) -> RedisServer:
    """An empty Redis."""
    redis_server.client.flushall()
    return redis_server


@pytest.fixture(scope="session")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Path]]:
    """Twilio as it describes itself, and the log of what it was asked."""
    with twilio_api.described_api(tmp_path_factory.mktemp("prism")) as made:
        yield made


@pytest.fixture
def client() -> FlaskClient:
    """The line with Twilio's gateway and a memory of its own."""
    return create_app(twilio_phone.ENVIRON).test_client()


@pytest.fixture
def text(client: FlaskClient) -> Callable[..., str]:
    """Send a signed SMS and return what is said."""

    def send(body: str, sender: str = twilio_phone.SENDER, **more: str) -> str:
        answer = client.post(**twilio_phone.request(twilio_phone.fields(body, sender, **more)))
        assert answer.status_code == 200
        return twilio_phone.reply_text(answer.data)

    return send


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real content and locales, to break."""
    for name in ("content", "locales"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path
