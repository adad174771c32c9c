"""What can go wrong, as types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class AetherError(Exception):
    """Anything that this package raises."""


class RefusedError(AetherError):
    """The server refused; nothing has changed. Branch on `code`; `message` is for people."""

    def __init__(
        self, code: str, message: str, *, retry: bool = False, details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.retry = retry
        self.details = dict(details or {})

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> RefusedError:
        """Read the body of a refusal, as sockets and REST send it."""
        return cls(
            str(body.get("code", "refused")),
            str(body.get("message", "")),
            retry=bool(body.get("retry", False)),
            details=body.get("details"),
        )


class ConnectionLostError(AetherError):
    """The connection is over and does not come back; `close_code` says why, where the server said it."""

    def __init__(self, reason: str, close_code: int | None = None) -> None:
        super().__init__(reason if close_code is None else f"{reason} ({close_code})")
        self.close_code = close_code
