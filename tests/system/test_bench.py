"""The benchmark: short rounds of the reference."""

import shutil
from collections.abc import Iterator

import pytest

from bench.requests import SMS, USSD, Medium
from bench.rounds import Field, field
from bench.servers import REFERENCE, running

ENDING = USSD._replace(expected="^END ")  # the reference answers CON


@pytest.fixture(scope="module")
def reference() -> Iterator[Field]:
    """The reference, running twice."""
    if not shutil.which("wrk"):
        pytest.skip("wrk is not installed: `make load` does it")
    with (
        field([REFERENCE, REFERENCE._replace(name="another")]) as servers,
        running(servers.servers),
    ):
        yield servers


@pytest.mark.parametrize("medium", [SMS, USSD], ids=lambda medium: medium.name)
def test_round_of_reference_measures_every_figure(reference: Field, medium: Medium) -> None:
    """The reference makes two round trips to Redis for each request."""
    (sample,) = reference.rounds(medium, 1, 1)[REFERENCE.name]

    assert 0 < sample.p50 <= sample.p99
    assert 0 < sample.cpu < 1000
    assert sample.trips == pytest.approx(2, rel=0.05)


def test_servers_at_once_are_measured_together(reference: Field) -> None:
    """Each request of both makes as many round trips to the one Redis."""
    begun = reference.redis_cpu()
    (alone,), (both,) = reference.at_once(SMS, 1, 1).values()

    assert both.trips == pytest.approx(alone.trips, rel=0.2)  # they end at different moments
    assert reference.redis_cpu() > begun


def test_unexpected_response_stops_the_benchmark(reference: Field) -> None:
    """A server that answers 200 with another text must not look fast."""
    with pytest.raises(RuntimeError, match="responses are wrong, such as 200 CON OK"):
        reference.rounds(ENDING, 1, 1)
