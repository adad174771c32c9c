"""What the processes that run zone copies say of them, in Redis: who runs which, how late its ticks are."""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Mapping
from typing import cast

import msgspec
import structlog
from redis.exceptions import RedisError

from aether.kernel import clock
from aether.kernel.live import aredis, redis

logger = structlog.get_logger(__name__)

KEY = "world:kept"
LAPSES_AFTER_S = 5.0
PROCESS = f"{socket.gethostname()}:{os.getpid()}"


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A copy is run by this process; `lag_ms` is the worst of its ticks in the last half second."""

    process: str
    lag_ms: float
    at: float


async def report(lags_s: Mapping[str, float]) -> None:
    """Say that this process runs copies, each with the lag of its ticks."""
    if not lags_s:
        return
    now = clock.now()
    said = {
        instance: msgspec.json.encode(Report(process=PROCESS, lag_ms=round(lag_s * 1000, 1), at=now))
        for instance, lag_s in lags_s.items()
    }
    try:
        await aredis().hset(KEY, mapping=said)  # type: ignore[arg-type]
    except (RedisError, OSError) as error:
        logger.warning("nobody is told who runs which copy", error=repr(error))


async def withdraw(instances: Collection[str]) -> None:
    """Say no more that this process runs copies."""
    if not instances:
        return
    try:
        await aredis().hdel(KEY, *instances)
    except (RedisError, OSError) as error:
        logger.warning("nobody is told who runs which copy", error=repr(error))


def of(instance: str) -> Report | None:
    """Return what was said lately of a copy; None where nobody runs it. From a thread."""
    try:
        said = cast("bytes | None", redis().hget(KEY, instance))
    except RedisError as error:
        logger.warning("reports of copies cannot be read", error=repr(error))
        return None
    found = msgspec.json.decode(said, type=Report) if said else None
    return found if found and found.at >= clock.now() - LAPSES_AFTER_S else None


def latest() -> dict[str, Report]:
    """Return what was said lately of copies; of the others, nobody runs them. From a thread."""
    try:
        said = cast("dict[bytes, bytes]", redis().hgetall(KEY))
    except RedisError as error:
        logger.warning("reports of copies cannot be read", error=repr(error))
        return {}
    found = {instance.decode(): msgspec.json.decode(row, type=Report) for instance, row in said.items()}
    return {instance: row for instance, row in found.items() if row.at >= clock.now() - LAPSES_AFTER_S}
