"""What a socket may do, from the settings, and the buckets that count it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The numbers of settings.GATEWAY."""

    allowed_origins: tuple[str, ...]
    frame_bytes: int
    update_bytes: int
    commands_per_20_s: int
    command_burst: int
    sockets_per_account: int
    unauthenticated_per_address: int
    streams: int
    hello_timeout_s: float
    heartbeat_s: float
    dead_after_s: float
    queue_bytes: int
    queue_updates: int
    socket_age_s: float
    session_check_s: float
    resume_s: float
    refusals_in_a_row: int = 5
    bad_frames_in_10_s: int = 5
    write_timeout_s: float = 8.0
    close_timeout_s: float = 2.0
    drain_spread_ms: int = 3000


def from_settings() -> Limits:
    """Return the limits as the settings have them now."""
    given: dict[str, Any] = dict(settings.GATEWAY)
    return Limits(**given | {"allowed_origins": tuple(given["allowed_origins"])})


class Bucket:
    """A token bucket: `burst` at once, `per_s` refilled each second."""

    __slots__ = ("_at", "_burst", "_per_s", "_tokens")

    def __init__(self, *, per_s: float, burst: float, now: float) -> None:
        self._per_s, self._burst = per_s, burst
        self._tokens, self._at = burst, now

    def take(self, now: float) -> float:
        """Take one token and return 0, or return the seconds until there is one."""
        self._tokens = min(self._burst, self._tokens + max(0.0, now - self._at) * self._per_s)
        self._at = now
        if self._tokens >= 1:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) / self._per_s
