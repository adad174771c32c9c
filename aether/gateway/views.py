"""What the gateway answers over HTTP: is it well, and what is its contract."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from redis.exceptions import RedisError

from aether.gateway import contract, running
from aether.kernel import realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import UnavailableError
from aether.kernel.live import aredis


async def health(request: HttpRequest) -> HttpResponse:
    """200 only when the database, Redis, the bus and the background tasks are well, and sockets welcome."""
    tasks, fan_out, registry = running.background_tasks(), realtime.current(), running.registry()
    parts = {
        "database": await _is_database_well(),
        "redis": await _is_redis_well(),
        "bus": fan_out is not None and fan_out.bus.is_up,
        "background": tasks is not None and tasks.is_well(),
        "sockets": registry is not None and not registry.is_draining,
    }
    return JsonResponse(
        {name: "ok" if is_well else "down" for name, is_well in parts.items()},
        status=200 if all(parts.values()) else 503,
    )


@cache_control(public=True, max_age=300)
def protocol(request: HttpRequest) -> HttpResponse:
    """The wire contract: AsyncAPI 3 with JSON Schemas, refusals and close codes."""
    return JsonResponse(contract.document())


async def _is_database_well() -> bool:
    try:
        await in_database_thread(_ask_database)
    except UnavailableError:
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


async def _is_redis_well() -> bool:
    try:
        return bool(await aredis().ping())
    except (RedisError, OSError):
        return False
