"""A service process: executes one app's commands, and does the work that this app does by itself."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable
from functools import partial

import structlog
from django.apps import apps
from django.conf import settings

from aether.kernel import background, content, dispatch, health, interpreter, journal, realtime, timekeeping
from aether.kernel.database_threads import close_pool, in_database_thread
from aether.kernel.live import close_aredis, presence

logger = structlog.get_logger(__name__)

BEAT_S = 1.0


def app_labels() -> set[str]:
    """Return the names of the apps that may be served on their own."""
    return {config.label for config in apps.get_app_configs() if config.name.startswith("apps.")}


async def run(app: str, partitions: Iterable[int], *, health_port: int) -> None:
    """Serve until SIGINT or SIGTERM; what is at hand then is finished."""
    told_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    service = Service(app, partitions)
    with health.serving(health_port, alive=service.lives(), ready=service.needs()):
        async with service:
            await told_to_stop.wait()


class Service:
    """One app, served while the block lasts."""

    def __init__(self, app: str, partitions: Iterable[int]) -> None:
        self.app = app
        self._partitions = tuple(partitions)
        self.tasks: background.Running | None = None
        self.server: dispatch.Server | None = None
        self._pulse = health.Pulse()
        self._beating: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Service:
        interpreter.share_fairly()
        self._beating = asyncio.create_task(self._beat())
        await timekeeping.ask_from_the_loop()
        await in_database_thread(content.current)
        await realtime.start()
        self.server = await dispatch.serve(
            self.app, self._partitions, partial(presence.tell_listeners_of, self.app)
        )
        self.tasks = background.Running(self._is_ours())
        if settings.SPARE_THE_COLLECTOR:
            interpreter.spare_the_collector()
        logger.info("serving", app=self.app, partitions=self._partitions)
        return self

    async def __aexit__(self, *_error: object) -> None:
        await dispatch.stop_serving()
        if self.tasks is not None:
            await self.tasks.stop()
        await realtime.stop()
        await journal.close()
        await close_aredis()
        await asyncio.to_thread(close_pool)
        if self._beating is not None:
            self._beating.cancel()

    def lives(self) -> health.Checks:
        """Return what says that the process turns."""
        return {
            "loop": self._pulse.is_alive,
            "background": lambda: self.tasks is None or self.tasks.is_alive(),
        }

    def needs(self) -> health.Checks:
        """Return what the process needs to execute commands."""
        return {
            "database": health.is_database_up,
            "redis": health.is_redis_up,
            "content": health.is_content_loaded,
            "loop": self._pulse.is_fresh,
            "background": lambda: self.tasks is not None and self.tasks.is_well(),
            "commands": lambda: self.server is not None and self.server.is_open,
        }

    async def _beat(self) -> None:
        while True:
            self._pulse.beat()
            await asyncio.sleep(BEAT_S)

    def _is_ours(self) -> Callable[[str], bool]:
        """This app's tasks, and those that no app owns, which every process needs."""
        others = app_labels() - {self.app}
        return lambda owner: owner not in others
