"""The hub and the bus of this process while its server runs."""

from __future__ import annotations

import asyncio

from aether.kernel.ending import end
from aether.kernel.ids import CharacterId
from aether.kernel.realtime.bus import Bus, Message
from aether.kernel.realtime.hub import Hub
from aether.kernel.realtime.pacing import Pace

POLL_EVERY_S = 5.0

_current: Realtime | None = None


def current() -> Realtime | None:
    """Return what runs in this process, if a server does."""
    return _current


async def start() -> Realtime:
    """Start the hub and the bus of this process, on the running loop."""
    global _current
    realtime = Realtime()
    await realtime.bus.start()
    realtime.polling = asyncio.create_task(realtime.poll())
    _current = realtime
    return realtime


async def stop() -> None:
    """Stop what `start` has started."""
    global _current
    realtime, _current = _current, None
    if realtime is not None:
        await realtime.stop()


class Realtime:
    """One process's end of the fan-out."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.bus = Bus(on_message=self._act, on_recovered=self.refresh_all)
        self.polling: asyncio.Task[None] | None = None
        self.pace = Pace(self.hub)

    def post_from_anywhere(self, message: Message) -> None:
        """Post from the hub's loop, or from the loop of another thread."""
        if asyncio.get_running_loop() is self.hub.loop:
            self.post(message)
        else:
            self.hub.loop.call_soon_threadsafe(self.post, message)

    def post(self, message: Message) -> None:
        """Deliver here, then ring the other processes."""
        self._act(message)
        self.bus.publish(message)

    def refresh_character(self, character_id: int) -> None:
        """Send the sockets of a character a fresh snapshot of `me`."""
        for follow in self.hub.follows():
            if follow.topic == f"me:{character_id}":
                follow.lose()

    def refresh_all(self) -> None:
        """The bus was away: nobody knows what was missed, so everything catches up."""
        for follow in self.hub.follows():
            if follow.registered.is_sequenced and not follow.topic.startswith("me:"):
                self.hub.spawn(follow.catch_up())
            else:
                follow.lose()

    async def poll(self) -> None:
        """While the bus is away, ask every sequenced stream for what is new."""
        while True:
            await asyncio.sleep(POLL_EVERY_S)
            if not self.bus.is_up:
                for follow in self.hub.follows():
                    if follow.registered.is_sequenced:
                        self.hub.spawn(follow.catch_up())

    async def stop(self) -> None:
        if self.polling is not None:
            await end(self.polling)
        await self.bus.stop()
        await self.hub.stop()

    def _act(self, message: Message) -> None:
        match message:
            case ["numbered", stream, items]:
                self.hub.deliver(stream, items)
            case ["next", stream, encoded]:
                self.hub.deliver_next(stream, encoded)
            case ["changed", stream]:
                self.pace.note(stream)
            case ["apart", stream, told, moves]:
                self.hub.deliver_apart(stream, told, moves)
            case ["correct", stream, audiences]:
                self.hub.correct(stream, audiences)
            case _:
                self._act_on_sockets(message)

    def _act_on_sockets(self, message: Message) -> None:
        match message:
            case ["follow", character_id, follow, unfollow]:
                self.hub.change_streams(CharacterId(character_id), tuple(follow), tuple(unfollow))
            case ["shut", by, key, code, reason]:
                self.hub.shut(by=by, key=key, code=code, reason=reason)
            case ["take_over", character_id, claim]:
                self.hub.take_over(CharacterId(character_id), claim)
