"""What a caller is told about an error: the refusal itself, `unavailable`, or `internal` with a reference."""

from __future__ import annotations

import secrets

import psycopg
import structlog
from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

from aether.kernel.errors import GameError, InternalError, UnavailableError

logger = structlog.get_logger(__name__)

DOWN = (OperationalError, InterfaceError, psycopg.OperationalError, RedisError)


def refusal_of(error: Exception, *, type_name: str) -> GameError:
    """Return the answer to a command that has raised; what is not a refusal is logged. For process edges."""
    if isinstance(error, GameError):
        return error
    if isinstance(error, DOWN):
        logger.warning("a command met something that is down", type=type_name, error=repr(error))
        return UnavailableError()
    reference = secrets.token_hex(6)
    logger.error("a command failed", type=type_name, reference=reference, exc_info=error)
    return InternalError(reference=reference)
