"""A service: executes the commands of one app that gateways send to this process.

It keeps no queue: what is over the limit is refused at once. A process that stops says so first, and
finishes what it has. One that was paused refuses what has waited for it: its callers have given up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable

import msgspec
import structlog
from django.conf import settings

from aether.kernel import failpoints, tracing
from aether.kernel.dispatch import metrics
from aether.kernel.dispatch.directory import ANNOUNCE_EVERY_S, LAPSES_AFTER_S, partition_of
from aether.kernel.dispatch.local import execute_here
from aether.kernel.dispatch.refusing import refusal_of
from aether.kernel.dispatch.registry import routes
from aether.kernel.dispatch.station import Station
from aether.kernel.dispatch.travelling import Answered, Call, Frame, Presence, Refused, Serving
from aether.kernel.ending import end
from aether.kernel.errors import GameError, UnavailableError, UnknownTypeError
from aether.kernel.ids import CharacterId

logger = structlog.get_logger(__name__)

STOP_S = 10.0
QUIET_S = 0.2
"""After it has said that it leaves, a service hears commands that were on their way for so long."""

WAKING_S = 1.0
"""How long a process that was paused for longer than others wait takes no commands: those are old."""

OnPresence = Callable[[CharacterId, bool], Awaitable[None]]


class Server:
    """Serves an app in this process, above all the partitions given."""

    def __init__(self, app: str, partitions: Iterable[int], on_presence: OnPresence) -> None:
        self.app = app
        self.station = Station(self._take, lambda channel: None)
        self.is_leaving = False
        self._partitions = tuple(partitions)
        self._in_flight_max = settings.REMOTE_IN_FLIGHT
        self._on_presence = on_presence
        self._types = {kind.type_name: kind for kind, route in routes().items() if route.app == app}
        self._at_work: set[asyncio.Task[None]] = set()
        self._announcing: asyncio.Task[None] | None = None
        self._turned_at = time.monotonic()
        self._awake_at = 0.0

    async def start(self) -> None:
        """Take commands from now on."""
        await self.station.start()
        self._announcing = asyncio.create_task(self._announce())

    async def stop(self, patience_s: float = STOP_S) -> None:
        """Let others take over, and finish what is at hand."""
        self.is_leaving = True
        if self._announcing is not None:
            await end(self._announcing)
        await self.station.announce(self._serving())
        await asyncio.sleep(QUIET_S)
        if self._at_work:
            _, late = await asyncio.wait(self._at_work, timeout=patience_s)
            await end(*late)
        await self.station.stop()

    @property
    def is_open(self) -> bool:
        """Tell if commands can come in, and are welcome."""
        return self.station.is_up and not self.is_leaving

    def owns(self, key: int) -> bool:
        """Tell if commands with this key come to this process."""
        partition = partition_of(key, settings.REMOTE_PARTITIONS)
        return self.station.directory.server_of(self.app, partition) in (self.station.channel, None)

    async def _announce(self) -> None:
        while True:
            self._is_waking()
            self._turned_at = time.monotonic()
            if self.station.is_up:
                await self.station.announce(self._serving())
            await asyncio.sleep(ANNOUNCE_EVERY_S)

    def _is_waking(self) -> bool:
        """Tell if this process has just been silent for so long that others have taken it for dead."""
        now = time.monotonic()
        if now - self._turned_at > LAPSES_AFTER_S:
            self._turned_at, self._awake_at = now, now + WAKING_S
        return now < self._awake_at

    def _serving(self) -> Serving:
        return Serving(self.app, self.station.channel, self._partitions, self.is_leaving)

    def _take(self, frame: Frame) -> None:
        match frame:
            case Call() if len(self._at_work) >= self._in_flight_max or self._is_waking():
                self._refuse(frame, UnavailableError())
            case Call():
                self._spawn(self._answer(frame))
            case Presence(character_id, is_online):
                self._spawn(self._note_presence(CharacterId(character_id), is_online))

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def _answer(self, call: Call) -> None:
        tracing.follow(call.caller.request_id)
        with metrics.SERVED.labels(self.app).track_inprogress():
            try:
                kind = self._types.get(call.type_name)
                if kind is None:
                    raise UnknownTypeError
                command = msgspec.msgpack.decode(call.command, type=kind)
                outcome = await execute_here(call.caller, command)
            except Exception as error:  # noqa: BLE001 - the edge of the process: everything is answered
                self._refuse(call, refusal_of(error, type_name=call.type_name))
            else:
                if failpoints.is_armed and command.is_durable:
                    failpoints.reach("after_commit_before_reply")
                self.station.send(call.reply_to, Answered.of(call.number, outcome))

    def _refuse(self, call: Call, error: GameError) -> None:
        self.station.send(call.reply_to, Refused(call.number, error.code, error.details))

    async def _note_presence(self, character_id: CharacterId, is_online: bool) -> None:
        try:
            await self._on_presence(character_id, is_online)
        except Exception as error:  # noqa: BLE001 - the edge of the process: noticed again by whoever looks for players
            logger.warning("presence could not be noted", character=character_id, error=repr(error))
