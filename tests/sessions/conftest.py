"""Fixtures for session stores: clocks, backends, and a Redis that tests can watch or break."""

from collections.abc import Iterator

import pytest

from tests.support.clock import Clock
from tests.support.redis_line import Relay, relay_to
from tests.support.servers import RedisServer
from tests.support.session_backends import Backend, backends


@pytest.fixture
def clock() -> Clock:
    """The clock of the session store under test."""
    return Clock()


@pytest.fixture(params=["memory", "redis", "redis is down"])
def backend(request: pytest.FixtureRequest, redis: RedisServer) -> Backend:
    """Each backend in turn; a test may name the kinds that it wants."""
    return backends(redis)[request.param]


@pytest.fixture
def relay(redis: RedisServer) -> Iterator[Relay]:
    """A relay to an empty Redis; it counts requests and can break replies."""
    with relay_to(redis.port) as running:
        yield running
