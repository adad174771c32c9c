"""The request id: from a frame or an HTTP request to everything that it causes, in this process or another.

It is drawn by the gateway, travels with the context, with the Caller of a command and with the row of a
fact, and stands in every line of the logs.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

LENGTH_MAX = 36

_current: ContextVar[str] = ContextVar("request_id", default="")
_prefix = secrets.token_hex(6)
_numbers = itertools.count(1)


def begin() -> str:
    """Draw a new id for what this context does from now on."""
    request_id = f"{_prefix}-{next(_numbers):x}"
    _current.set(request_id)
    return request_id


def current() -> str:
    """Return the id of the request that this context serves; empty where it serves none."""
    return _current.get()


def follow(request_id: str) -> None:
    """Serve a request that came from elsewhere, from now on."""
    _current.set(request_id)


@contextmanager
def following(request_id: str) -> Iterator[None]:
    """Serve a request that came from elsewhere, for a while."""
    token = _current.set(request_id)
    try:
        yield
    finally:
        _current.reset(token)


def add_request_id(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put the request id into a line of the log (a processor of structlog)."""
    request_id = _current.get()
    if request_id:
        line.setdefault("request_id", request_id)
    return line
