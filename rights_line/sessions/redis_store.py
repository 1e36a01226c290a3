"""Tags in Redis, which processes share; counted there too.

A key's secret is the operator's together with a salt that Redis itself holds for a day: when that
is gone, nobody can compute yesterday's keys again, not even with the operator's secret in hand
(design D3).
"""

import json
import math
import re
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from rights_line.core.conversation import AWAITING_LANGUAGE
from rights_line.core.rate_limit import DEFAULT_LIMITS, Allowance, Limits, Offer
from rights_line.sessions import (
    COUNT_LABEL,
    PREFIX,
    TAG_TTL,
    UNAVAILABLE,
    Session,
    daily_secret,
    pseudonym,
)
from rights_line.sessions.breaker import Breaker
from rights_line.sessions.rate_limiter import Quote, RateLimiter, Receipt
from rights_line.sessions.redis_client import FAILURES, Commands, UnusableRedis
from rights_line.sessions.stale_tags import StaleTags

SALT_LIFETIME = 86_400
SALT_KEY = f"{PREFIX}salt"
# Keys of the shared counters, in the order of `Count`, each followed by the end of its window: two
# processes whose clocks differ never take one hour's count for another's.
WINDOW_KEYS = tuple(f"{PREFIX}{name}:" for name in ("hour", "day", "reserve-hour", "reserve-day"))
PROBLEM = (
    "Redis does not answer: replies are sent without sessions, so codes need the language word. "
    "Check REDIS_URL and the Redis server."
)

_TAG = re.compile(r"\?|[A-Za-z0-9-]{1,35}")
_UNASKED = 1.0  # seconds without a command after which state() asks Redis itself


# Everything that a message needs, in one round trip and with a TTL on every key. If the salt is not
# the one that the keys were derived with, they belong to nobody, and only the salt is returned.
# A Redis that cannot count (it is full) does not lose the tag. The rule is in budget.py: it sends
# the offers, each a list of charges {counter, least, limit, amount}; here the first of which every
# charge can be made is charged, and its number and the counters are returned.
_LOAD = """
local salt = redis.call('GET', KEYS[1])
if salt ~= ARGV[1] then return {salt} end
local tag = redis.call('GETEX', KEYS[2], 'EX', ARGV[2])
if #KEYS == 2 then return {salt, tag} end

local held, counts, ttls = {}, {}, cjson.decode(ARGV[4])

local function fits(charges)
  for _, charge in ipairs(charges) do
    local count = counts[charge[1] + 1]
    if count < charge[2] or count >= charge[3] then return false end
  end
  return true
end

local function add(charges)
  for _, charge in ipairs(charges) do
    local i = charge[1] + 1
    counts[i] = counts[i] + charge[4]
    if held[i] then redis.call('SET', KEYS[i + 2], counts[i], 'KEEPTTL')
    else redis.call('SET', KEYS[i + 2], counts[i], 'EX', ttls[i]) end
  end
end

local counted, chosen = pcall(function()
  for i = 1, #KEYS - 2 do
    held[i] = redis.call('GET', KEYS[i + 2])
    counts[i] = tonumber(held[i] or 0) or error('no number')
  end
  for number, charges in ipairs(cjson.decode(ARGV[3])) do
    if fits(charges) then
      add(charges)
      return number
    end
  end
  return 0
end)
if not counted then return {salt, tag} end
return {salt, tag, chosen .. ' ' .. table.concat(counts, ' ')}
"""


class RedisSessionStore:
    """Tags in Redis. A Redis that fails costs its timeout and the session, never the reply."""

    MAX_STALE = 10_000  # stale tags that are noted; beyond them Redis is not used for a while

    def __init__(
        self,
        connect: Callable[[], Any],
        secret: str,
        clock: Callable[[], float] = time.monotonic,
        limits: Limits = DEFAULT_LIMITS,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._connect = connect
        self._client: Commands | None = None
        self._lock = threading.Lock()  # of the client
        self._secret = secret
        self._clock = clock
        self._worked_at = -math.inf  # when a command last succeeded
        self._counter = RateLimiter(limits, clock, self._forget, wall)
        self._breaker = Breaker(clock)
        self._stale = StaleTags(clock, self.MAX_STALE)
        self._forget()

    def load(self, channel: str, sender: str, count_message: bool = True) -> Session:
        """Count in this process, too: a Redis that is gone, or forgets, does not end a limit."""
        quote = self._counter.quote(channel, sender) if count_message else Quote()
        found = self._execute(lambda client: self._load(client, channel, sender, quote))
        session, receipt = found or (self._without_memory(channel, sender), None)
        if not count_message:
            return session
        return replace(session, allowance=self._counter.settle(channel, sender, quote, receipt))

    def save(self, session: Session, tag: str | None) -> bool:
        if tag == session.tag:  # nothing was chosen, whatever is remembered
            return session.is_stored
        is_kept = session.is_stored and self._write(session.key, tag)
        if is_kept:
            self._stale.discard(session.key)
        elif tag != AWAITING_LANGUAGE and not self._stale.add(session.key):
            # One more stale tag cannot be noted: Redis is not used until it has expired there.
            self._breaker.hold_open(TAG_TTL)
        return is_kept

    def _write(self, key: str, tag: str | None) -> bool:
        if tag is None:
            return self._execute(lambda client: client.delete(key)) is not None
        return bool(self._execute(lambda client: client.set(key, tag, ex=TAG_TTL)))

    def allow_emergency(self, channel: str, sender: str) -> Allowance:
        """Count in this process alone: an emergency is answered whatever Redis does."""
        return self._counter.count_emergency(channel, sender)

    def _forget(self) -> None:
        """Know no salt while nobody writes: when its day is over, nobody would else tell us."""
        self._salt_and_key = self._derive_key("")

    def status(self) -> str:
        self._check()
        return "down" if self._breaker.is_open else "up"

    def problems(self) -> list[str]:
        self._check()
        return [*([PROBLEM] if self._breaker.is_open else []), *self._counter.limit_problems()]

    def probe(self) -> None:
        """Run the commands of a message, for a sender that does not exist.

        Raises:
            FAILURES: Redis cannot be used, or the line has not the rights it needs there.
        """
        self._probe(self._connected())

    def _check(self) -> None:
        """Ask Redis, unless a command has just succeeded or failed."""
        if self._clock() - self._worked_at >= _UNASKED:
            self._execute(self._probe)

    def _probe(self, client: Commands) -> bool:
        _get_or_create_salt(client)  # writes, if only when there is no salt
        self._load(client, "", "", Quote())
        return True

    def _without_memory(self, channel: str, sender: str) -> Session:
        """Return a session that names its sender, so that `save` can note that a tag is stale."""
        salt, secret = self._salt_and_key
        key = pseudonym(secret, channel, sender) if salt else self._stale.mark(channel, sender)
        return replace(UNAVAILABLE, key=key)

    def _load(
        self, client: Commands, channel: str, sender: str, quote: Quote
    ) -> tuple[Session, Receipt | None]:
        """Read the tag under the salt we know, which Redis compares with the one it has."""
        known = self._salt_and_key[0] or _get_or_create_salt(
            client
        )  # a key without a salt could be made again
        salt, *found = self._eval(client, known, channel, sender, quote)
        if not found:
            if self._salt_and_key[0] == known:
                self._stale.clear()
            known = _require_str(salt or _get_or_create_salt(client))
            _, *found = self._eval(client, known, channel, sender, quote)
        if not found:
            raise UnusableRedis("no salt")
        tag, *counted = found
        key = self._key(known, channel, sender)
        self._stale.identify(channel, sender, key)
        # Looked up after the tag was read: it may have become stale meanwhile.
        if key in self._stale or not _is_tag(tag):
            client.delete(key)
            tag = None
        return Session(tag, True, key), _receipt(quote, counted)

    def _eval(self, client: Any, salt: str, channel: str, sender: str, quote: Quote) -> list[Any]:
        keys = [SALT_KEY, self._key(salt, channel, sender)]
        arguments: list[Any] = [salt, TAG_TTL]
        if quote.offers:
            keys.append(self._key(salt, channel, sender, COUNT_LABEL))
            keys += [f"{key}{end:.0f}" for key, end in zip(WINDOW_KEYS, quote.ends, strict=True)]
            arguments += [_encoded(quote.offers), json.dumps(quote.ttls)]
        found = client.eval(_LOAD, len(keys), *keys, *arguments)
        if not isinstance(found, list):
            raise UnusableRedis(type(found).__name__)
        return found

    def _key(self, salt: str, channel: str, sender: str, label: str = "") -> str:
        day = self._salt_and_key
        if salt != day[0]:
            day = self._salt_and_key = self._derive_key(salt)
        return pseudonym(day[1], channel, sender, label)

    def _derive_key(self, salt: str) -> tuple[str, bytes]:
        """Return a salt, and what keys are made with while it lives."""
        return salt, daily_secret(self._secret, salt)

    def _execute(self, command: Callable[[Commands], Any]) -> Any:
        """Run a command, unless Redis failed a moment ago; return None when it fails."""
        if not self._breaker.allows_request():
            return None
        begun, failures = time.monotonic(), self._breaker.failures
        try:
            result = self._run(command)
        except FAILURES:
            self._breaker.record_failure(time.monotonic() - begun)
            if self._client:
                self._client.close_idle()  # they are probably dead as well
            return None
        self._breaker.record_success(failures)
        self._worked_at = self._clock()
        return result

    def _run(self, command: Callable[[Commands], Any]) -> Any:
        """Run a command, after what must be done first where Redis has failed before."""
        client = self._connected()
        if self._breaker.is_open:
            self._probe(client)  # a command that only reads does not prove that Redis works
        if keys := self._stale.undeleted():
            client.delete(*keys)
            self._stale.deleted(keys)
        return command(client)

    def _connected(self) -> Commands:
        """Return the client of this process, which is made once: redis-py reconnects by itself."""
        if not self._client:
            client = Commands(self._connect)
            with self._lock:
                if not self._client:
                    self._client = client
                    return client
            client.close()  # another thread was faster
        return self._client


@lru_cache(maxsize=1024)
def _encoded(choices: tuple[Offer, ...]) -> str:
    return json.dumps([offer.charges for offer in choices], separators=(",", ":"))


def _receipt(quote: Quote, counted: Sequence[Any]) -> Receipt | None:
    """Return the charge that Redis made; None if it could not count, or sent no counts."""
    try:
        chosen, _, *shared_counts = map(int, _require_str(counted[0]).split())
        offer = quote.offers[chosen - 1] if chosen else None
    except (ValueError, IndexError):
        return None
    return Receipt(offer, tuple(shared_counts)) if len(shared_counts) == len(quote.ends) else None


def _get_or_create_salt(client: Commands) -> str:
    """Return the day's salt, putting one into Redis if there is none.

    If another process was faster, its salt is everybody's.
    """
    made = secrets.token_hex(32)
    earlier = client.set(SALT_KEY, made, ex=SALT_LIFETIME, nx=True, get=True)
    return made if earlier is None else _require_str(earlier)


def _require_str(value: Any) -> str:
    """Return a reply that must be a string.

    Raises:
        UnusableRedis: it has another type.
    """
    if not isinstance(value, str):
        raise UnusableRedis(type(value).__name__)
    return value


def _is_tag(value: Any) -> bool:
    """Tell whether this may be a tag, or no value at all."""
    return value is None or (isinstance(value, str) and bool(_TAG.fullmatch(value)))
