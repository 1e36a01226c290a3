"""Tags in Redis, which processes share; counted there too.

A key's secret is the operator's together with a salt that Redis itself holds for a day: when that
is gone, nobody can compute yesterday's keys again, not even with the operator's secret in hand
(design D3).
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rights_line.core.budget import EACH, HOUR, HOURLY, WINDOW, Answer, spend
from rights_line.core.conversation import CHOOSING
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

SALT_LIFETIME = 86_400
SALT_KEY = f"{PREFIX}salt"
HOUR_KEY = f"{PREFIX}hour"

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
    """Tags in Redis. Whatever Redis does, a call returns within its time-outs and never raises."""

    def __init__(
        self,
        connect: Callable[[], Any],
        secret: str,
        clock: Callable[[], float] = time.monotonic,
        hourly: int = HOURLY,
    ) -> None:
        self._connect = connect
        self._client: Any = None
        self._secret = secret
        self._hourly = hourly
        self._counter = Counter(hourly, clock, self._forget)
        self._breaker = Breaker(clock)
        self._forget()

    def load(self, channel: str, sender: str, counts: bool = True) -> Session:
        """Count here too: a Redis that is away, or forgets, lets no loop run."""
        here = self._counter.count(channel, sender) if counts else Answer.FULL
        found = self._attempt(lambda client: self._load(client, channel, sender, counts))
        session = found or FORGETFUL
        return replace(session, may=max(here, session.may))

    def save(self, session: Session, tag: str | None) -> bool:
        if tag == session.tag:  # nothing was chosen, whatever is remembered
            return session.remembers
        is_kept = session.remembers and self._keep(session.key, tag)
        if not is_kept and tag != CHOOSING:
            self._breaker.outdate(True)
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
        return "up" if self._attempt(lambda client: client.ping()) else "down"

    def _load(self, client: Any, channel: str, sender: str, counts: bool) -> Session:
        """Read the tag under the salt we know, which Redis compares with the one it has."""
        known = self._day[0] or _salt(client)  # a key without a salt could be made again
        salt, *found = self._ask(client, known, channel, sender, counts)
        if not found:
            known = _text(salt or _salt(client))
            _, *found = self._ask(client, known, channel, sender, counts)
        tag, hers, everybodys = found
        may = Answer.FULL
        if counts and hers is not None:
            may, _ = spend(int(hers), int(everybodys), self._hourly)
        key = self._key(known, channel, sender)
        return Session(_text(tag) if tag is not None else None, True, key, may)

    def _ask(self, client: Any, salt: str, channel: str, sender: str, counts: bool) -> list[Any]:
        keys = [SALT_KEY, self._key(salt, channel, sender)]
        if counts:
            keys += [self._key(salt, channel, sender, COUNT), HOUR_KEY]
        limits = (EACH, self._hourly, WINDOW, HOUR)
        found = client.eval(_LOAD, len(keys), *keys, salt, LIFETIME, *limits)
        if not isinstance(found, list):
            raise ValueError(type(found).__name__)
        return found

    def _key(self, salt: str, channel: str, sender: str, label: str = "") -> str:
        day = self._day
        if salt != day[0]:
            day = self._day = self._made(salt)
        return pseudonym(day[1], channel, sender, label)

    def _made(self, salt: str) -> tuple[str, bytes]:
        """Return a salt, and what keys are made with while it lives."""
        return salt, daily_secret(self._secret, salt)

    def _attempt(self, command: Callable[[Any], Any]) -> Any:
        """Run a command, unless Redis failed a moment ago; None when it fails."""
        if not self._breaker.may_try():
            return None
        begun, failures = time.monotonic(), self._breaker.failures
        try:
            client = self._client or self._connect()
            self._client = client
            if self._breaker.is_outdated:
                # Whose language it is cannot be told any more: with the salt all are forgotten,
                # rather than that one is answered in another, or after she said good-bye.
                client.delete(SALT_KEY)
                self._breaker.outdate(False)
            result = command(client)
        except Exception:  # of redis-py, of the socket, of what a broken server sent
            self._breaker.failed(time.monotonic() - begun)
            self._client = None  # its connections may be out of step
            return None
        self._breaker.worked(failures)
        return result


def _salt(client: Any) -> str:
    """Return the day's salt, putting one into Redis if there is none.

    If another process was faster, its salt is everybody's.
    """
    made = secrets.token_hex(32)
    earlier = client.set(SALT_KEY, made, ex=SALT_LIFETIME, nx=True, get=True)
    return made if earlier is None else _text(earlier)


def _text(value: Any) -> str:
    """Return what Redis sent, if it is a text: a broken server may send anything.

    Raises:
        ValueError: it is not.
    """
    if not isinstance(value, str):
        raise ValueError(type(value).__name__)
    return value
