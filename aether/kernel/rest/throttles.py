"""How often REST may be asked: by account when signed in, else by address."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

from aether.kernel import clock

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports this module, by the settings

logger = logging.getLogger(__name__)


class _OpenWhenBlind(SimpleRateThrottle):
    """Counts in the cache, which all processes share; while that is away, people may go on playing."""

    timer = staticmethod(clock.now)

    def allow_request(self, request: Request, view: APIView) -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError:
            logger.warning("the cache is away: REST is not throttled")
            return True


class AccountThrottle(_OpenWhenBlind, UserRateThrottle):
    scope = "account"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return super().get_cache_key(request, view) if request.user.is_authenticated else None


class AddressThrottle(_OpenWhenBlind, AnonRateThrottle):
    scope = "address"
