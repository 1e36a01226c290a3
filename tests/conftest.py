"""Shared fixtures: the real and the small content, and a real Redis."""

import gc
import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from rights_line import event_log
from rights_line.content import ContentSources
from rights_line.core.library import Library
from rights_line.core.understanding.words.vocabulary import Entry
from rights_line.library import ROOT
from tests.support import selection
from tests.support.redis_line import close_clients
from tests.support.servers import RedisServer
from tests.support.worlds import (
    ONE_OF_EACH_SCRIPT,
    SMALL_ROOT,
    WITH_TEXTS,
    known_phrases,
    served_library,
)


def pytest_configure() -> None:
    """Collect garbage rarely: the texts stay for the whole run, and are all looked at each time."""
    gc.set_threshold(50_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that rewrite the golden files."""
    parser.addoption("--update-conversations", action="store_true")
    parser.addoption("--update-costs", action="store_true")


@pytest.hookimpl(tryfirst=True)  # before the tests are selected by `-m`
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need more than Python and Redis; a test marked `timed` stays so."""
    for item in items:
        marker = selection.marker_of(item.path)
        if marker and not item.get_closest_marker("timed"):
            item.add_marker(marker)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI, fail a test that is skipped for a reason that CI must not have."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if reason not in selection.ALLOWED_IN_CI:
            report.outcome, report.longrepr = "failed", f"CI must not skip a test: {reason}"
    return report


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call() -> Iterator[None]:
    """Flush the event log while the output of the test is still captured."""
    try:
        return (yield)
    finally:
        event_log.LINES.flush()


@pytest.fixture(scope="session")
def sources() -> ContentSources:
    """The real content and catalogs."""
    return ContentSources(ROOT)


@pytest.fixture(scope="session")
def library() -> Library:
    """Every text, drafts included."""
    return served_library(ROOT)


@pytest.fixture(scope="module")
def entries(library: Library) -> dict[str, Entry]:
    """Every known phrase, with its meaning."""
    return known_phrases(ROOT, library)


@pytest.fixture(
    params=[
        pytest.param(ONE_OF_EACH_SCRIPT, id="one language of each script"),
        pytest.param(WITH_TEXTS, id="every language", marks=pytest.mark.slow),
    ]
)
def languages(request: pytest.FixtureRequest) -> list[str]:
    """Tags for a loop that takes a second or more over all languages."""
    tags: list[str] = request.param
    return tags


@pytest.fixture(scope="module", params=["rules", pytest.param("model", marks=pytest.mark.slow)])
def reading(request: pytest.FixtureRequest, library: Library) -> Library:
    """Every text, read by rules alone; with the model, a sentence takes 10 ms."""
    return library.without_model if request.param == "rules" else library


@pytest.fixture(scope="session")
def small_root() -> Path:
    """A small content/ and locales/: three languages (en, pl, ar), six topics. Do not change it.

    For tests that are not about the real texts: these do not change with them, and the library
    is built in 50 milliseconds.
    """
    return SMALL_ROOT


@pytest.fixture(scope="session")
def small_sources(small_root: Path) -> ContentSources:
    """The small content and catalogs."""
    return ContentSources(small_root)


@pytest.fixture(scope="session")
def small_library(small_root: Path) -> Library:
    """Every text of the small content, drafts included."""
    return served_library(small_root)


@pytest.fixture
def small_folder(small_root: Path, tmp_path: Path) -> Path:
    """A copy of the small content/ and locales/ that the test may change."""
    ignored = shutil.ignore_patterns("build")
    shutil.copytree(small_root, tmp_path, ignore=ignored, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis for the whole run. A test that stops or reconfigures one starts its own."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis(redis_server: RedisServer) -> Iterator[RedisServer]:
    """An empty Redis."""
    redis_server.client.flushall()
    yield redis_server
    close_clients()


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis that the test can stop or reconfigure."""
    server = RedisServer(tmp_path)
    server.start()
    yield server
    close_clients()
    server.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real content/ and locales/ that the test may change, all but the model."""
    for name in ("content", "locales"):
        shutil.copytree(ROOT / name, tmp_path / name, copy_function=copy_or_link)
    return tmp_path


def copy_or_link(source: str, target: str) -> None:
    """Copy a file, but link to the sentence model: 31 MB."""
    if source.endswith(".onnx"):
        Path(target).symlink_to(source)
    else:
        shutil.copyfile(source, target)
