"""Commands for apps that other processes serve: sent over the channel layer, their answers awaited.

No answer in time is `unavailable`: nobody knows whether the command was executed, and the same id sent again
finds out.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import NamedTuple

import msgspec
from django.conf import settings

from aether.kernel.dispatch import metrics
from aether.kernel.dispatch.directory import partition_of
from aether.kernel.dispatch.registry import Caller, Outcome, Route
from aether.kernel.dispatch.station import Station
from aether.kernel.dispatch.travelling import Answered, Call, Frame, Presence, Refused
from aether.kernel.errors import UnavailableError
from aether.protocol.base import Command

SERVER_PATIENCE_S = 1.0
"""How long a command waits for a service to appear, as when the only one is being replaced."""


class _Waiting(NamedTuple):
    answer: asyncio.Future[Outcome]
    server: str


class RemoteDispatch:
    """The commands of one process that others execute, at most `in_flight_max` at a time."""

    def __init__(self, *, timeout_s: float, in_flight_max: int, partitions: int) -> None:
        self.station = Station(self._take, self._lose)
        self._timeout_s = timeout_s
        self._in_flight_max = in_flight_max
        self._partitions = partitions
        self._numbers = itertools.count(1)
        self._in_flight = 0
        self._waiting: dict[int, _Waiting] = {}

    async def execute(self, route: Route, caller: Caller, command: Command) -> Outcome:
        """Have a service execute a command."""
        if self._in_flight >= self._in_flight_max:
            raise _unanswered(route.app, "busy")
        self._in_flight += 1
        started = time.perf_counter()
        try:
            with metrics.CALLS.labels(route.app).track_inprogress():
                async with asyncio.timeout(self._timeout_s):
                    outcome = await self._execute(route, caller, command)
        except TimeoutError:
            raise _unanswered(route.app, "late") from None
        finally:
            self._in_flight -= 1
        metrics.ROUND_TRIP.labels(route.app).observe(time.perf_counter() - started)
        return outcome

    async def note_presence(self, app: str, character_id: int, is_online: bool) -> None:
        """Tell the service of an app that a character has come or gone; what is lost, it finds out later."""
        server = self.station.directory.server_of(app, partition_of(character_id, self._partitions))
        if server is not None:
            self.station.send(server, Presence(character_id, is_online))

    async def _execute(self, route: Route, caller: Caller, command: Command) -> Outcome:
        partition = partition_of(route.key(caller, command), self._partitions)
        server = await self.station.directory.find(route.app, partition, SERVER_PATIENCE_S)
        if server is None:
            raise _unanswered(route.app, "unserved")
        number = next(self._numbers)
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting[number] = _Waiting(answer, server)
        try:
            self.station.send(server, self._call(number, caller, command))
            return await answer
        finally:
            del self._waiting[number]

    def _call(self, number: int, caller: Caller, command: Command) -> Call:
        packed = msgspec.msgpack.encode(command)
        return Call(number, self.station.channel, command.type_name, packed, caller)

    def _take(self, frame: Frame) -> None:
        """An answer that comes too late is nobody's: the command is asked for again, or was given up."""
        if not isinstance(frame, Answered | Refused):
            return
        waiting = self._waiting.get(frame.number)
        if waiting is None or waiting.answer.done():
            return
        if isinstance(frame, Answered):
            waiting.answer.set_result(frame.outcome())
        else:
            waiting.answer.set_exception(frame.error())

    def _lose(self, server: str) -> None:
        """A service is gone or out of reach: its callers need not wait for the rest of their time."""
        for waiting in self._waiting.values():
            if waiting.server == server and not waiting.answer.done():
                waiting.answer.set_exception(UnavailableError())


def _unanswered(app: str, reason: str) -> UnavailableError:
    metrics.UNANSWERED.labels(app, reason).inc()
    return UnavailableError()


def from_settings() -> RemoteDispatch:
    """Return what the settings describe."""
    return RemoteDispatch(
        timeout_s=settings.REMOTE_TIMEOUT_MS / 1000,
        in_flight_max=settings.REMOTE_IN_FLIGHT,
        partitions=settings.REMOTE_PARTITIONS,
    )
