"""How often somebody may speak: a line in 0.6 seconds, a few at once, and slower what would be spam."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from django.conf import settings
from redis.exceptions import RedisError

from aether.kernel import clock
from aether.kernel.errors import RateLimitedError, UnavailableError
from aether.kernel.live import aredis, redis
from aether.kernel.together import Together
from aether.kernel.transactions import read_before

# A sorted set keeps for each bucket the moment until which its past use reaches; a use moves that moment on
# by the bucket's period. One script serves everybody who speaks at once, in turn: each use has all of its
# buckets, or waits. A row of arguments is the number of the use, the bucket's name, its period and its burst.
_USE = """
local now, rows, names, reaches, waits = tonumber(ARGV[1]), (#ARGV - 1) / 4, {}, {}, {}
for i = 1, rows do names[i] = ARGV[4 * i - 1] end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local kept = redis.call('ZMSCORE', KEYS[1], unpack(names))
for i = 1, rows do reaches[names[i]] = tonumber(kept[i] or now) end
local first = 1
while first <= rows do
  local use, last, wait = ARGV[4 * first - 2], first, 0
  while last <= rows and ARGV[4 * last - 2] == use do
    wait = math.max(wait, reaches[names[last]] - now - ARGV[4 * last] * (ARGV[4 * last + 1] - 1))
    last = last + 1
  end
  for i = first, last - 1 do
    if wait <= 0 then reaches[names[i]] = reaches[names[i]] + ARGV[4 * i] end
  end
  waits[#waits + 1] = math.ceil(wait)
  first = last
end
local scores = {}
for name, moment in pairs(reaches) do
  if moment > now then
    scores[#scores + 1] = string.format('%.0f', moment)
    scores[#scores + 1] = name
  end
end
if #scores > 0 then redis.call('ZADD', KEYS[1], unpack(scores)) end
return waits
"""
_KEY = "chat:rates"


class Bucket(NamedTuple):
    """One use each `period_ms` in the long run, `burst` at once."""

    name: str
    period_ms: int
    burst: int


def speaking(account_id: int) -> Bucket:
    return Bucket(f"account:{account_id}", settings.CHAT["line_every_ms"], settings.CHAT["burst"])


def whispering(account_id: int) -> Bucket:
    """Whispers of one account, to whomever."""
    return Bucket(f"whispers:{account_id}", 1500, 8)


def whispering_to(account_id: int, recipient: int | str) -> Bucket:
    """Whispers of one account to one character."""
    return Bucket(f"whispers:{account_id}:{recipient}", 1000, 5)


def inviting(account_id: int, invited: str) -> Bucket:
    """Invitations into guilds from one account to one character: three in an hour."""
    return Bucket(f"invitations:{account_id}:{invited}", 20 * 60 * 1000, 3)


def repeating(channel: str, text: str) -> Bucket:
    """The same words in the same channel, by however many accounts."""
    words = hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()[:24]
    return Bucket(f"words:{channel}:{words}", 4000, 5)


async def use(*buckets: Bucket) -> None:
    """Use every bucket once, or none and refuse where one is used up."""
    try:
        wait_ms = await _use_together(buckets)
    except (RedisError, OSError) as error:
        raise UnavailableError from error
    if wait_ms > 0:
        raise RateLimitedError(retry_after_ms=wait_ms)


def use_before(*buckets: Bucket) -> None:
    """Do the same for a transaction: they are used before it begins, whatever becomes of it."""
    wait_ms = read_before("chat rates", [buckets], _use_now).get(buckets, 0)
    if wait_ms > 0:
        raise RateLimitedError(retry_after_ms=wait_ms)


def _use_now(uses: list[tuple[Bucket, ...]]) -> dict[tuple[Bucket, ...], int]:
    try:
        waits = cast("list[int]", redis().eval(_USE, 1, _KEY, *_arguments(uses)))
    except (RedisError, OSError) as error:
        raise UnavailableError from error
    return dict(zip(uses, waits, strict=True))


async def _use_all(uses: Sequence[tuple[Bucket, ...]]) -> list[int]:
    return cast("list[int]", await cast(Any, aredis().eval(_USE, 1, _KEY, *_arguments(uses))))


def _arguments(uses: Sequence[tuple[Bucket, ...]]) -> list[int | str]:
    arguments: list[int | str] = [int(clock.now() * 1000)]
    for number, buckets in enumerate(uses):
        for bucket in buckets:
            arguments += (number, bucket.name, bucket.period_ms, bucket.burst)
    return arguments


_use_together = Together(_use_all)
