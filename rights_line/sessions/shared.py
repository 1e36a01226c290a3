"""Tags in Redis, which processes share; counted there too.

A key's secret is the operator's together with a salt that Redis itself holds for a day: when that
is gone, nobody can compute yesterday's keys again, not even with the operator's secret in hand
(design D3).
"""

import math
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rights_line.core.budget import EACH, HOUR, HOURLY, WINDOW, Answer, spend
from rights_line.core.conversation import CHOOSING
from rights_line.sessions.addresses import FAILURES, Commands, UnusableRedis
from rights_line.sessions.breaker import Breaker
from rights_line.sessions.counter import Counter
from rights_line.sessions.kept import (
    COUNT,
    FORGETFUL,
    LIFETIME,
    PREFIX,
    Session,
    daily_secret,
    pseudonym,
)
from rights_line.sessions.stale import StaleTags

SALT_LIFETIME = 86_400
SALT_KEY = f"{PREFIX}salt"
HOUR_KEY = f"{PREFIX}hour"
PROBLEM = (
    "Redis does not answer: replies are sent without sessions, so codes need the language word. "
    "Check REDIS_URL and the Redis server."
)

_TAG = re.compile(r"\?|[A-Za-z0-9-]{1,35}")
_UNASKED = 1.0  # seconds without a command after which state() asks Redis itself

# All that a message asks, at once: nothing gets between a key and its end. If the salt is not the
# one the keys were made with, they are nobody's, and the salt is all that is told. What cannot be
# counted (a Redis that is full) costs no tag. The counts are told as they were, and budget.py
# decides; what is added to them here is what `spend` adds.
_LOAD = """
local salt = redis.call('GET', KEYS[1])
if salt ~= ARGV[1] then return {salt} end
local tag = redis.call('GETEX', KEYS[2], 'EX', ARGV[2])
if #KEYS == 2 then return {salt, tag, false, false} end

local each, hourly = tonumber(ARGV[3]), tonumber(ARGV[4])

local function add(key, held, value, life)
  if held then redis.call('SET', key, value, 'KEEPTTL')
  else redis.call('SET', key, value, 'EX', life) end
end

local counted, hers, everybodys = pcall(function()
  local her_count, hour_count = redis.call('GET', KEYS[3]), redis.call('GET', KEYS[4])
  local hers, everybodys = tonumber(her_count or 0), tonumber(hour_count or 0)
  if hers <= each and everybodys < 2 * hourly then
    local is_full = hers < each and everybodys < hourly
    add(KEYS[3], her_count, is_full and hers + 1 or each + 1, ARGV[5])
    add(KEYS[4], hour_count, everybodys + 1, ARGV[6])
  end
  return hers, everybodys
end)
if not counted then return {salt, tag, false, false} end
return {salt, tag, hers, everybodys}
"""


class RedisSessions:
    """Tags in Redis. A Redis that fails costs its timeout and the session, never the reply."""

    def __init__(
        self,
        connect: Callable[[], Any],
        secret: str,
        clock: Callable[[], float] = time.monotonic,
        hourly: int = HOURLY,
        most_stale: int = 10_000,
    ) -> None:
        """Take at most how many stale tags are noted; beyond them Redis is not used for a while."""
        self._connect = connect
        self._client: Commands | None = None
        self._lock = threading.Lock()  # of the client
        self._secret = secret
        self._hourly = hourly
        self._counter = Counter(hourly, clock, self._forget)
        self._clock = clock
        self._worked_at = -math.inf  # when a command last succeeded
        self._breaker = Breaker(clock)
        self._stale = StaleTags(clock, most_stale)
        self._forget()

    def load(self, channel: str, sender: str, counts: bool = True) -> Session:
        """Count here too: a Redis that is away, or forgets, lets no loop run."""
        here = self._counter.count(channel, sender) if counts else Answer.FULL
        found = self._attempt(lambda client: self._load(client, channel, sender, counts))
        session = found or self._without_memory(channel, sender)
        return replace(session, may=max(here, session.may))

    def save(self, session: Session, tag: str | None) -> bool:
        if tag == session.tag:  # nothing was chosen, whatever is remembered
            return session.remembers
        is_kept = session.remembers and self._keep(session.key, tag)
        if is_kept:
            self._stale.discard(session.key)
        elif tag != CHOOSING and not self._stale.add(session.key):
            # One more stale tag cannot be noted: Redis is not used until it has expired there.
            self._breaker.hold_open(LIFETIME)
        return is_kept

    def _keep(self, key: str, tag: str | None) -> bool:
        if tag is None:
            return self._attempt(lambda client: client.delete(key)) is not None
        return bool(self._attempt(lambda client: client.set(key, tag, ex=LIFETIME)))

    def urgent(self, channel: str, sender: str) -> Answer:
        """Count here alone: an emergency is answered whatever Redis does."""
        return self._counter.count_urgent(channel, sender)

    def _forget(self) -> None:
        """Know no salt while nobody writes: when its day is over, nobody would else tell us."""
        self._day = self._made("")

    def state(self) -> str:
        self._check()
        return "down" if self._breaker.is_open else "up"

    def problems(self) -> list[str]:
        self._check()
        return [PROBLEM] if self._breaker.is_open else []

    def probe(self) -> None:
        """Run the commands of a message, for a sender that does not exist.

        Raises:
            FAILURES: Redis cannot be used, or the line has not the rights it needs there.
        """
        self._probe(self._connected())

    def _check(self) -> None:
        """Ask Redis, unless a command has just succeeded or failed."""
        if self._clock() - self._worked_at >= _UNASKED:
            self._attempt(self._probe)

    def _probe(self, client: Commands) -> bool:
        _salt(client)  # writes, if only when there is no salt
        self._load(client, "", "", counts=False)
        return True

    def _without_memory(self, channel: str, sender: str) -> Session:
        """Return a session that names its sender, so that `save` can note that a tag is stale."""
        salt, secret = self._day
        key = pseudonym(secret, channel, sender) if salt else self._stale.mark(channel, sender)
        return replace(FORGETFUL, key=key)

    def _load(self, client: Commands, channel: str, sender: str, counts: bool) -> Session:
        """Read the tag under the salt we know, which Redis compares with the one it has."""
        known = self._day[0] or _salt(client)  # a key without a salt could be made again
        salt, *found = self._ask(client, known, channel, sender, counts)
        if not found:
            if self._day[0] == known:
                self._stale.clear()
            known = _text(salt or _salt(client))
            _, *found = self._ask(client, known, channel, sender, counts)
        if not found:
            raise UnusableRedis("no salt")
        tag, hers, everybodys = found
        may = Answer.FULL
        if counts and hers is not None:
            may, _ = spend(int(hers), int(everybodys), self._hourly)
        key = self._key(known, channel, sender)
        self._stale.identify(channel, sender, key)
        # Looked up after the tag was read: it may have become stale meanwhile.
        if key in self._stale or not _is_tag(tag):
            client.delete(key)
            tag = None
        return Session(tag, True, key, may)

    def _ask(self, client: Any, salt: str, channel: str, sender: str, counts: bool) -> list[Any]:
        keys = [SALT_KEY, self._key(salt, channel, sender)]
        if counts:
            keys += [self._key(salt, channel, sender, COUNT), HOUR_KEY]
        limits = (EACH, self._hourly, WINDOW, HOUR)
        found = client.eval(_LOAD, len(keys), *keys, salt, LIFETIME, *limits)
        if not isinstance(found, list):
            raise UnusableRedis(type(found).__name__)
        return found

    def _key(self, salt: str, channel: str, sender: str, label: str = "") -> str:
        day = self._day
        if salt != day[0]:
            day = self._day = self._made(salt)
        return pseudonym(day[1], channel, sender, label)

    def _made(self, salt: str) -> tuple[str, bytes]:
        """Return a salt, and what keys are made with while it lives."""
        return salt, daily_secret(self._secret, salt)

    def _attempt(self, command: Callable[[Commands], Any]) -> Any:
        """Run a command, unless Redis failed a moment ago; return None when it fails."""
        if not self._breaker.may_try():
            return None
        begun, failures = time.monotonic(), self._breaker.failures
        try:
            result = self._run(command)
        except FAILURES:
            self._breaker.failed(time.monotonic() - begun)
            if self._client:
                self._client.close_idle()  # they are probably dead as well
            return None
        self._breaker.worked(failures)
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


def _salt(client: Commands) -> str:
    """Return the day's salt, putting one into Redis if there is none.

    If another process was faster, its salt is everybody's.
    """
    made = secrets.token_hex(32)
    earlier = client.set(SALT_KEY, made, ex=SALT_LIFETIME, nx=True, get=True)
    return made if earlier is None else _text(earlier)


def _text(value: Any) -> str:
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
