"""The script in Redis that reads a tag and decides on a message in one round trip.

The rules are those of core/limits.py. Redis runs one script at a time, so that processes which
share it never send more replies than a limit.
"""

import json
from typing import Any

from rights_line.core.limits import SENDER_WINDOW
from rights_line.sessions import PREFIX, TAG_TTL
from rights_line.sessions.limits.rate_limiter import Counted, CountRequest
from rights_line.sessions.redis.client import Commands, UnusableRedis
from rights_line.sessions.redis.daily_salt import SALT_KEY

# Keys of the shared counters, in the order of `Count`. Each key ends with the end of its window,
# so that processes whose clocks differ never mix up the counts of two hours.
WINDOW_KEYS = tuple(f"{PREFIX}{name}:" for name in ("hour", "day", "reserve-hour", "reserve-day"))
_HOUR, _LONGEST_DAY = 3600, 90_000  # seconds
_TTLS = (SENDER_WINDOW, _HOUR, _LONGEST_DAY, _HOUR, _LONGEST_DAY)

# If the salt in Redis is not the one that the keys were derived with, only the salt is returned.
# A tag or counter of the wrong type is malformed and must not fail the script. A counter is at
# least what the process knows (ARGV[3]), in case Redis has lost its data; not that of a sender,
# whose ten minutes would begin anew. If no counter can be written, the process must decide.
SCRIPT = """
local salt = redis.call('GET', KEYS[1])
if salt ~= ARGV[1] then return {salt} end

local tag = redis.pcall('GETEX', KEYS[2], 'EX', ARGV[2])
if type(tag) == 'table' and tag.err then
  if not tag.err:find('^WRONGTYPE') then return tag end
  tag = ''
end

local known, ttls, rules = unpack(cjson.decode(ARGV[3]))
local stored, counts = {}, {}
for i, count in ipairs(known) do
  local value = redis.pcall('GET', KEYS[i + 2])
  stored[i] = type(value) == 'string' and tonumber(value:match('^%d+$')) or 0
  counts[i] = math.max(stored[i], count)
end

local function allows(below)
  for i, count in ipairs(counts) do
    if below[i] and count >= below[i] then return false end
  end
  return true
end

local function set(i, count)
  if stored[i] > 0 then return redis.pcall('SET', KEYS[i + 2], count, 'KEEPTTL') end
  return redis.pcall('SET', KEYS[i + 2], count, 'EX', ttls[i])
end

for number, rule in ipairs(rules) do
  local below, charges = unpack(rule)
  if allows(below) then
    for i, amount in ipairs(charges) do
      counts[i] = counts[i] + amount
      if amount > 0 and set(i, counts[i]).err then return {salt, tag} end
    end
    return {salt, tag, number, unpack(counts, 2)}
  end
end
return {salt, tag}
"""


class OtherSalt(UnusableRedis):
    """The keys were derived with a salt that is not, or no longer, the one in Redis."""

    def __init__(self, salt: Any) -> None:
        super().__init__("no salt")
        self.salt = salt


def run_count_script(
    commands: Commands, salt: str, tag_key: str, sender_key: str, request: CountRequest | None
) -> tuple[Any, Counted | None]:
    """Read a tag and, given a request, count a message; return the tag and what was counted.

    Raises:
        OtherSalt: nothing was read or counted.
        UnusableRedis: the reply has the wrong type.
    """
    keys, question = [SALT_KEY, tag_key], json.dumps([[], [], []])
    if request:
        windows = request.windows
        named = zip(WINDOW_KEYS, windows, strict=True)
        keys += [sender_key, *(f"{key}{window.end:.0f}" for key, window in named)]
        rules = [(rule.below, rule.charges) for rule in request.rules]
        question = json.dumps([(0, *(window.count for window in windows)), _TTLS, rules])
    match commands.execute("EVAL", SCRIPT, len(keys), *keys, salt, TAG_TTL, question):
        case [found]:
            raise OtherSalt(found)
        case [_, tag]:
            return tag, None
        case [_, tag, int(number), int(), int(), int(), int()] as reply if request:
            return tag, Counted(request.rules[number - 1], reply[3:])
        case reply:
            raise UnusableRedis(type(reply).__name__)
