"""How often somebody may speak: a line in 0.6 seconds, a few at once, and slower what would be spam."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple, cast

from redis.exceptions import RedisError

from aether.kernel import clock
from aether.kernel.errors import RateLimitedError, UnavailableError
from aether.kernel.live import aredis

# Each bucket keeps the moment until which its past use reaches; a use moves that moment on by its period.
_USE = """
local now = tonumber(ARGV[1])
for i = 1, #KEYS do
  local reaches = math.max(now, tonumber(redis.call('GET', KEYS[i]) or '0'))
  local wait = reaches - now - ARGV[2 * i] * (ARGV[2 * i + 1] - 1)
  if wait > 0 then return wait end
end
for i = 1, #KEYS do
  local reaches = math.max(now, tonumber(redis.call('GET', KEYS[i]) or '0')) + ARGV[2 * i]
  redis.call('SET', KEYS[i], string.format('%.0f', reaches), 'PX', math.ceil(reaches - now) + 1000)
end
return 0
"""


class Bucket(NamedTuple):
    """One use each `period_ms` in the long run, `burst` at once."""

    name: str
    period_ms: int
    burst: int


def speaking(account_id: int) -> Bucket:
    return Bucket(f"account:{account_id}", 600, 6)


def whispering(account_id: int) -> Bucket:
    """Whispers of one account, to whomever."""
    return Bucket(f"whispers:{account_id}", 1500, 8)


def whispering_to(account_id: int, recipient_id: int) -> Bucket:
    """Whispers of one account to one character."""
    return Bucket(f"whispers:{account_id}:{recipient_id}", 1000, 5)


def repeating(channel: str, text: str) -> Bucket:
    """The same words in the same channel, by however many accounts."""
    words = hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()[:24]
    return Bucket(f"words:{channel}:{words}", 4000, 5)


async def use(*buckets: Bucket) -> None:
    """Use every bucket once, or none and refuse where one is used up."""
    keys = [f"chat:rate:{bucket.name}" for bucket in buckets]
    numbers = [number for bucket in buckets for number in (bucket.period_ms, bucket.burst)]
    try:
        answer = aredis().eval(_USE, len(keys), *keys, int(clock.now() * 1000), *numbers)
        wait_ms = int(await cast(Any, answer))
    except (RedisError, OSError) as error:
        raise UnavailableError from error
    if wait_ms > 0:
        raise RateLimitedError(retry_after_ms=wait_ms)
