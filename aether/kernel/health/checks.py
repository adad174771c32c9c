"""What a process needs to take work, asked anew each time. Call from threads: a check may take seconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from celery import current_app
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection
from redis.exceptions import RedisError

from aether.kernel import content, live

Check = Callable[[], bool]
Checks = Mapping[str, Check]

BROKER_PATIENCE_S = 2


def told(checks: Checks) -> tuple[bool, dict[str, str]]:
    """Ask every check; return if all is well, and how each part is."""
    well = {name: check() for name, check in checks.items()}
    return all(well.values()), {name: "ok" if is_well else "down" for name, is_well in well.items()}


def is_database_up() -> bool:
    """Tell if the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def is_redis_up() -> bool:
    """Tell if Redis answers."""
    try:
        return bool(live.redis().ping())
    except (RedisError, OSError):
        return False


def is_broker_up() -> bool:
    """Tell if the broker lets a new connection in."""
    with current_app.connection_for_write(connect_timeout=BROKER_PATIENCE_S) as broker:
        try:
            broker.connect()
        except broker.recoverable_connection_errors:
            return False
    return True


def is_content_loaded() -> bool:
    """Tell if the content is there and valid."""
    try:
        content.current()
    except (ImproperlyConfigured, OSError):
        return False
    return True
