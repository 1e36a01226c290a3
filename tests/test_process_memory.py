"""What a person wrote is in no object of the process once she is answered."""

import gc
import secrets
from collections.abc import Iterator
from functools import lru_cache

import pytest

from rights_line.channels import available
from rights_line.startup import create_app
from tests.phones import ENVIRON, PHONES
from tests.redis_line import redis_environ
from tests.servers import RedisServer

# Reserved in no language, and too odd for any typo: each is looked for as it is and cleaned.
ODD = ("{} qwrtp", "{} 112", "POLSKI {}", "4{}", "ratunku {}", "{}\U0001f198")


def held(backwards: str) -> Iterator[object]:
    """Yield what holds a word, which is given backwards so as not to be found here."""
    gc.collect()
    for holder in gc.get_objects():
        for one in gc.get_referents(holder):
            if isinstance(one, str) and len(one) < 100_000 and backwards in one[::-1].lower():
                yield one


def said(name: str, environ: dict[str, str]) -> str:
    """Write on a gateway; return, backwards, the word that was in each text."""
    word = "x" + secrets.token_hex(6).translate(str.maketrans("0123456789", "ghijklmnop"))
    client = create_app(environ).test_client()
    for text in ODD:
        assert client.open(**PHONES[name](text.format(word))).status_code == 200
    client.get("/healthz")  # the test's own client takes each address apart, too
    apps.append(client.application)  # or all that it may hold would be gone
    return word[::-1]


apps: list[object] = []


@pytest.fixture(autouse=True)
def _end() -> Iterator[None]:
    yield
    apps.clear()


@pytest.mark.parametrize("name", sorted(PHONES))
def test_a_process_holds_no_text(name: str, redis: RedisServer) -> None:
    """Neither a table of texts that were read before, nor anything else, grows by hers."""
    environ = ENVIRON | redis_environ(redis.url) | {"CHANNELS": name}
    assert list(held(said(name, environ))) == []


def test_a_text_that_is_held_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: a table of texts that were cleaned before would be seen."""
    from rights_line.core import cleaning, intents

    monkeypatch.setattr(intents, "clean", lru_cache(maxsize=100)(cleaning.clean))
    word = said("try_it", ENVIRON | {"CHANNELS": "try_it"})
    assert len(set(map(str, held(word)))) >= len(ODD)


def test_every_gateway_has_a_phone() -> None:
    """A gateway that nobody tried is an error."""
    assert set(available()) == PHONES.keys()
