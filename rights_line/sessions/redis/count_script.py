"""Counters in Redis: the script that reads a tag and counts a message in one round trip.

The rules are in core/limits.py. A process sends the charges that it expects, and gets the
counts as they were before. If they lead to another decision, the difference is a correction, which
is sent with the next message.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from rights_line.sessions import TAG_TTL
from rights_line.sessions.redis.client import Commands, UnusableRedis
from rights_line.sessions.redis.daily_salt import SALT_KEY

# If the salt in Redis is not the one that the keys were derived with, only the salt is returned.
# ARGV[3] holds an amount for each counter, and the TTL with which it is created. A tag or counter
# of the wrong type is malformed and must not fail the script, nor must a failing write.
LOAD = """
local salt = redis.call('GET', KEYS[1])
if salt ~= ARGV[1] then return {salt} end

local tag = redis.pcall('GETEX', KEYS[2], 'EX', ARGV[2])
if type(tag) == 'table' and tag.err then
  if not tag.err:find('^WRONGTYPE') then return tag end
  tag = ''
end

local counts, numbers = {}, ARGV[3]:gmatch('%S+')
for i = 3, #KEYS do
  local amount, ttl = tonumber(numbers()), numbers()
  local stored = redis.pcall('GET', KEYS[i])
  local count = type(stored) == 'string' and tonumber(stored:match('^%d+$')) or 0
  counts[i - 2] = count
  local total = count + amount
  if total == count then -- only read
  elseif total <= 0 then redis.pcall('DEL', KEYS[i])
  elseif count == 0 then redis.pcall('SET', KEYS[i], total, 'EX', ttl)
  else redis.pcall('SET', KEYS[i], total, 'KEEPTTL') end
end
return {salt, tag, unpack(counts)}
"""


class Charge(NamedTuple):
    """An amount to add to a counter in Redis, and its TTL if it must be created."""

    key: str
    amount: int
    ttl: int


def read_session(
    commands: Commands, salt: str, tag_key: str, charges: Sequence[Charge]
) -> tuple[Any, ...]:
    """Run the script; return the salt in Redis and, if it is `salt`, the tag and the counts.

    Raises:
        UnusableRedis: the reply has the wrong type.
    """
    keys = [SALT_KEY, tag_key, *(charge.key for charge in charges)]
    numbers = " ".join(f"{charge.amount} {charge.ttl}" for charge in charges)
    reply = commands.eval(LOAD, len(keys), *keys, salt, TAG_TTL, numbers)
    match reply:
        case [found]:
            return (found,)
        case [found, tag, *counts] if [type(count) for count in counts] == [int] * len(charges):
            return found, tag, counts
    raise UnusableRedis(type(reply).__name__)
