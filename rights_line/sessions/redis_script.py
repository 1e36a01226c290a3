"""The script in Redis that reads a tag and decides on a message in one round trip.

The rules are those of core/limits.py. Redis runs one script at a time, so that processes which
share it never send more replies than a limit.
"""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple, Self

from rights_line.core.limits import SENDER_WINDOW, Allowance, Limits
from rights_line.sessions import (
    COUNT_LABEL,
    PREFIX,
    TAG_TTL,
    daily_session_secret,
    message_name,
    session_pseudonym,
)
from rights_line.sessions.rate_limiter import Pending
from rights_line.sessions.redis_client import Commands, UnusableRedis

SALT_KEY = f"{PREFIX}salt"
# Keys of the counters of all senders. Each key ends with the end of its window, so that processes
# whose clocks differ never mix up the counts of two hours.
WINDOW_KEYS = tuple(f"{PREFIX}{name}:" for name in ("hour", "day", "short"))
_LONGEST_DAY = 90_000  # seconds
_TTLS = (SENDER_WINDOW, 3600, _LONGEST_DAY, _LONGEST_DAY)

# If the salt in Redis is not the one that the keys were derived with, only the salt is returned.
# A tag or counter of the wrong type is malformed and must not fail the script. The counts of all
# senders are at least what the process knows, in case Redis has lost its data. If no counter can be
# written, the process must decide. The last key, if any, is that of the message.
SCRIPT = """
local salt = redis.call('GET', KEYS[1])
if salt ~= ARGV[1] then return {salt} end

local tag = redis.pcall('GETEX', KEYS[2], 'EX', ARGV[2])
if type(tag) == 'table' and tag.err then
  if not tag.err:find('^WRONGTYPE') then return tag end
  tag = ''
end

local first, least, rules, ttls = tag, tonumber(ARGV[3]), unpack(cjson.decode(ARGV[4]))
local message = KEYS[least and #ttls + 3 or 3]
if message then
  local kept = redis.pcall('SET', message, tag or 'none', 'NX', 'GET', 'EX', ARGV[2])
  if type(kept) == 'string' then first = kept end
end
if not least then return {salt, tag, first} end

local stored, counts = {}, {}
for i = 1, #ttls do
  local value = redis.pcall('GET', KEYS[i + 2])
  stored[i] = type(value) == 'string' and tonumber(value:match('^%d+$')) or 0
  counts[i] = math.max(stored[i], tonumber(ARGV[i + 4]))
end

local function allows(below)
  for i, count in ipairs(counts) do
    if count >= below[i] then return false end
  end
  return true
end

local function set(i, count)
  if stored[i] > 0 then return redis.pcall('SET', KEYS[i + 2], count, 'KEEPTTL') end
  return redis.pcall('SET', KEYS[i + 2], count, 'EX', ttls[i])
end

local allowance = least
while allowance < 2 and not allows(rules[allowance + 1][1]) do allowance = allowance + 1 end
for i, amount in ipairs(allowance < 2 and rules[allowance + 1][2] or {}) do
  counts[i] = counts[i] + amount
  if amount > 0 and set(i, counts[i]).err then return {salt, tag, first} end
end
return {salt, tag, first, allowance, unpack(counts, 2)}
"""


class Opened(NamedTuple):
    """What the script found.

    Attributes:
        tag: the sender's, of any type and form.
        first_tag: the same, or the one with which the message was read before.
        counted: what the sender may get, with the counts of all senders; None if the script was
            not asked, or could not count.
    """

    tag: Any
    first_tag: Any
    counted: tuple[Allowance, Sequence[int]] | None = None


class Keys(NamedTuple):
    """The keys of a sender's tag and count, and that of a message with an id.

    They are pseudonyms, keyed by the operator's secret and the salt in Redis.
    """

    tag: str
    counter: str
    message: str

    @classmethod
    def of(cls, secret: str, salt: str, channel: str, sender: str, message_id: str) -> Self:
        key, name = daily_session_secret(secret, salt), message_name(message_id, sender)
        return cls(
            session_pseudonym(key, channel, sender),
            session_pseudonym(key, channel, sender, COUNT_LABEL),
            session_pseudonym(key, channel, name) if message_id else "",
        )


class Script:
    """The script with the rules of some limits."""

    def __init__(self, limits: Limits) -> None:
        self._rules = json.dumps([limits.rules, _TTLS])

    def run(
        self, commands: Commands, salt: str, keys: Keys, pending: Pending | None
    ) -> Opened | str:
        """Read a tag, keep it for a message that has an id, and count a pending message.

        If the salt in Redis is another one, return that (empty: there is none), and do nothing.

        Raises:
            UnusableRedis: the reply has the wrong type.
        """
        names, known, least = [SALT_KEY, keys.tag], [0], ""
        if pending:
            named = zip(WINDOW_KEYS, pending.windows, strict=True)
            names += [keys.counter, *(f"{key}{window.end:.0f}" for key, window in named)]
            known += [window.count for window in pending.windows]
            least = str(int(pending.allowance))
        if keys.message:
            names.append(keys.message)
        arguments: list[str | int] = [*names, salt, TAG_TTL, least, self._rules, *known]
        match commands.execute("EVAL", SCRIPT, len(names), *arguments):
            case [(str() | None) as found]:
                return found or ""
            case [_, tag, first]:
                return Opened(tag, first)
            case [_, tag, first, (0 | 1 | 2) as allowance, int(), int(), int()] as reply:
                return Opened(tag, first, (Allowance(allowance), reply[4:]))
            case reply:
                raise UnusableRedis(type(reply).__name__)
