"""How often REST may be asked: by account when signed in, else by address.

Counted by the minute, in one trip to Redis. Django's cache would cost two, and a connection of its own for
each request, as it keeps its clients by context.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

from aether.kernel import clock
from aether.kernel.live import redis

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports this module, by the settings

logger = logging.getLogger(__name__)

OPEN_S = 1.0
"""For this long after a failure Redis is not asked: each that waits for it keeps one of few threads."""

_failed_at = float("-inf")


class _Counted(SimpleRateThrottle):
    """Counts in Redis; while that is away, people may go on playing."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        key = self.get_cache_key(request, view)
        most, period_s = self.parse_rate(self.get_rate())
        if key is None or most is None or period_s is None:
            return True
        number, passed_s = divmod(clock.now(), period_s)
        self._retry_after_s = period_s - passed_s
        return _count(f"rest:{key}:{number:.0f}", period_s) <= most

    def wait(self) -> float:
        return self._retry_after_s


class AccountThrottle(_Counted, UserRateThrottle):
    scope = "account"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return super().get_cache_key(request, view) if request.user.is_authenticated else None


class AddressThrottle(_Counted, AnonRateThrottle):
    scope = "address"


def _count(key: str, lapses_after_s: int) -> int:
    """Return how often this was asked, this time included; never, while Redis is away."""
    global _failed_at
    if 0 <= clock.now() - _failed_at < OPEN_S:
        return 0
    pipe = redis().pipeline(transaction=False)
    pipe.incr(key)
    pipe.expire(key, lapses_after_s)
    try:
        return int(pipe.execute()[0])
    except RedisError:
        logger.warning("the cache is away: REST is not throttled")
        _failed_at = clock.now()
        return 0
