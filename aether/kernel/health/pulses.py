"""A pulse: a loop that should never stand still says at every turn that it turns."""

from __future__ import annotations

import time

FRESH_S = 10.0
"""A loop that was silent for longer takes no work."""

ALIVE_S = 60.0
"""A loop that was silent for longer will not come back by itself."""


class Pulse:
    """The heartbeat of one loop of this process."""

    def __init__(self) -> None:
        self._beat_at = time.monotonic()
        self._has_beaten = False

    def beat(self) -> None:
        """Say that the loop turns."""
        self._beat_at = time.monotonic()
        self._has_beaten = True

    def is_fresh(self) -> bool:
        """Tell if the loop turns."""
        return self._has_beaten and self.silent_s < FRESH_S

    def is_alive(self) -> bool:
        """Tell if there is hope that the loop will turn again."""
        return self.silent_s < ALIVE_S

    @property
    def silent_s(self) -> float:
        return time.monotonic() - self._beat_at
