"""Who may read metrics: whoever shows the token; without one, peers of a private network only."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from ipaddress import ip_address

from django.conf import settings

PROXIED = frozenset({"x-forwarded-for", "x-real-ip", "forwarded"})
"""Headers of requests that came through a proxy, which may have come from anywhere."""


def may_read_metrics(address: str, authorization: str, header_names: Iterable[str]) -> bool:
    """Tell if a request from `address` may read the metrics."""
    if settings.METRICS_TOKEN:
        return hmac.compare_digest(authorization.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    return _is_private(address) and PROXIED.isdisjoint(name.lower() for name in header_names)


def _is_private(address: str) -> bool:
    try:
        return ip_address(address).is_private
    except ValueError:
        return False
