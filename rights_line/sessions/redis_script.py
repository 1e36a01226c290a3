"""The Lua script that reads a tag and counts a message in one round trip."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rights_line.core.rate_limit import Offer
from rights_line.sessions.rate_limiter import Quote, Receipt
from rights_line.sessions.redis_client import require_str

# Every key gets a TTL. If the salt in Redis is not the one that the keys were derived with, only
# the salt is returned. If the counting fails (Redis is full), the tag is still returned.
# The rules are in core/rate_limit.py. It makes the offers, each a list of charges
# {counter, least, limit, amount}. The script makes the charges of the first offer that fits, and
# returns the number of that offer and the counters.
LOAD = """
local salt = redis.call('GET', KEYS[1])
if salt ~= ARGV[1] then return {salt} end
local tag = redis.call('GETEX', KEYS[2], 'EX', ARGV[2])
if #KEYS == 2 then return {salt, tag} end

local stored, counts, ttls = {}, {}, cjson.decode(ARGV[4])

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
    if stored[i] then redis.call('SET', KEYS[i + 2], counts[i], 'KEEPTTL')
    else redis.call('SET', KEYS[i + 2], counts[i], 'EX', ttls[i]) end
  end
end

local counted, chosen = pcall(function()
  for i = 1, #KEYS - 2 do
    stored[i] = redis.call('GET', KEYS[i + 2])
    counts[i] = tonumber(stored[i] or 0) or error('not a number')
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


@lru_cache(maxsize=1024)
def encode_offers(offers: tuple[Offer, ...]) -> str:
    """Return the charges of each offer as JSON."""
    return json.dumps([offer.charges for offer in offers], separators=(",", ":"))


def parse_receipt(quote: Quote, reply: Sequence[Any]) -> Receipt | None:
    """Return the charge that the script made; None if it could not count.

    Args:
        quote: the offers that were sent.
        reply: the part of the script's reply after the tag.

    Raises:
        UnusableRedis: the reply has the wrong type.
    """
    try:
        chosen, _, *shared_counts = map(int, require_str(reply[0]).split())
        offer = quote.offers[chosen - 1] if chosen else None
    except (ValueError, IndexError):
        return None
    return Receipt(offer, tuple(shared_counts)) if len(shared_counts) == len(quote.ends) else None
