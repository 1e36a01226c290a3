"""Fixtures for the tests with a real Kannel."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from rights_line.clock import OSLO
from rights_line.core import Inbound
from rights_line.core.conversation import conversation_reply
from rights_line.core.library import Library
from tests.support.kannel import LINE_ENVIRON, Kannel, kannel, required
from tests.support.kannel_centre import Centre
from tests.support.servers import LineServer, running_line


@pytest.fixture(scope="module")
def line() -> Iterator[LineServer]:
    required()
    with running_line(LINE_ENVIRON) as server:
        yield server


@pytest.fixture(scope="module")
def gateway(
    line: LineServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Kannel, Centre]]:
    """Run Kannel with the shipped configuration, and the centre of an operator."""
    with kannel(tmp_path_factory.mktemp("gateway") / "kannel", line.port) as running:
        yield running


@pytest.fixture
def operator(gateway: tuple[Kannel, Centre]) -> Centre:
    return gateway[1]


@pytest.fixture(scope="session")
def expected_reply(library: Library) -> Callable[..., str]:
    """Return a function: the expected reply to the last of a new sender's texts."""

    def reply_to(*texts: str) -> str:
        tag: str | None = None
        for text in texts:
            inbound = Inbound("sender", text)
            reply, tag = conversation_reply(
                inbound, tag, library, datetime.now(OSLO), has_memory=True
            )
        return reply.text

    return reply_to
