"""What the gateway answers over HTTP: is it well, and what is its contract."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control

from aether.gateway import contract, running
from aether.kernel import health, realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import UnavailableError

NEEDED: health.Checks = {
    "database": health.is_database_up,
    "redis": health.is_redis_up,
    "content": health.is_content_loaded,
    "bus": lambda: (fan_out := realtime.current()) is not None and fan_out.bus.is_up,
    "background": lambda: (tasks := running.background_tasks()) is not None and tasks.is_well(),
    "sockets": lambda: (registry := running.registry()) is not None and not registry.is_draining,
}
"""What a gateway needs to let people in. The broker is not among it: no command of a player waits for it."""

ALIVE: health.Checks = {
    "background": lambda: (tasks := running.background_tasks()) is not None and tasks.is_alive(),
}


async def alive(request: HttpRequest) -> HttpResponse:
    """200 while the event loop turns and no background task has ended for good."""
    return _told(*health.told(ALIVE))


async def ready(request: HttpRequest) -> HttpResponse:
    """200 only while sockets are welcome and everything that they need is up; says what is not."""
    try:
        return _told(*await in_database_thread(health.told, NEEDED))
    except UnavailableError:
        return _told(False, {"database": "down"})


async def metrics(request: HttpRequest) -> HttpResponse:
    """What Prometheus reads; to everybody else there is nothing here."""
    address = request.META.get("REMOTE_ADDR", "")
    if not health.may_read_metrics(address, request.headers.get("Authorization", ""), request.headers):
        raise Http404
    return HttpResponse(await in_database_thread(health.exposition), content_type=health.CONTENT_TYPE)


@cache_control(public=True, max_age=300)
def protocol(request: HttpRequest) -> HttpResponse:
    """The wire contract: AsyncAPI 3 with JSON Schemas, refusals and close codes."""
    return JsonResponse(contract.document())


def _told(is_well: bool, parts: dict[str, str]) -> HttpResponse:
    return JsonResponse(parts, status=200 if is_well else 503)
