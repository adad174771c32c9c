"""A lean player for load: one socket, commands in, replies and battle events out."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from typing import Any

import msgspec
import websockets
from aether_sdk.errors import RefusedError
from aether_sdk.rest import Rest
from websockets.typing import Subprotocol

PASSWORD = "a long and quiet passphrase"
REPLY_TIMEOUT_S = 20.0
LETTERS = "abdegkopstuz"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode
_numbers = itertools.count(1)


class Fighter:
    """A character and its socket. `on_event` is called for each event of its battles."""

    def __init__(self, url: str, number: int) -> None:
        self._url, self._number = url, number
        self._replies: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._reading: asyncio.Task[None] | None = None
        self.updates: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.latencies: list[float] = []
        self.refusals: Counter[str] = Counter()
        self.id = 0

    async def arrive(self) -> None:
        """Sign up, make a character, open a socket and enter the world."""
        name = _name(self._number)
        async with Rest(self._url, timeout_s=60) as rest:
            await rest.sign_up(f"bench{self._number}", PASSWORD)
            self.id = int((await rest.create_character(name, "kitewright"))["id"])
            ticket = await rest.ticket(self.id)
        self._socket = await websockets.connect(
            ticket.url, subprotocols=[Subprotocol("aether.v1.json")], compression=None, open_timeout=60
        )
        self._reading = asyncio.create_task(self._read())
        await self.ask("hello", {"ticket": ticket.secret, "client": "bench/1"})
        await self.ask("world.enter", {})

    async def ask(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a command and return its reply's body."""
        command_id = f"c{next(_numbers)}"
        answered = self._replies[command_id] = asyncio.get_running_loop().create_future()
        await self._socket.send(_encode({"t": kind, "id": command_id, "d": body}).decode())
        reply = await asyncio.wait_for(answered, REPLY_TIMEOUT_S)
        if "err" in reply:
            raise RefusedError.from_body(reply["err"])
        return dict(reply["ok"])

    async def act(self, kind: str, body: dict[str, Any]) -> bool:
        """Do something in a battle, and note how long the commit took to be acknowledged; False: refused."""
        began = time.perf_counter()
        try:
            await self.ask(kind, body)
        except RefusedError as refused:
            self.refusals[refused.code] += 1
            return False
        self.latencies.append(time.perf_counter() - began)
        return True

    async def next_update(self, *kinds: str) -> dict[str, Any]:
        """Return the next update of these types; others are passed over."""
        while True:
            update = await asyncio.wait_for(self.updates.get(), REPLY_TIMEOUT_S)
            if update["t"] in kinds:
                return update

    async def leave(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
            await self._socket.close()

    async def _read(self) -> None:
        async for frame in self._socket:
            message = _decode(frame)
            answered = self._replies.pop(message.get("re", ""), None)
            if answered is not None:
                answered.set_result(message)
            elif message.get("t") == "beat":
                await self._socket.send(_encode({"t": "ping", "id": f"p{next(_numbers)}", "d": {}}).decode())
            elif message.get("t", "").startswith("combat."):
                self.updates.put_nowait(message)


def _name(number: int) -> str:
    """Return a name for each number, of letters that cannot be taken for one another."""
    letters = ""
    for _ in range(4):
        number, rest = divmod(number, len(LETTERS))
        letters += LETTERS[rest]
    return f"Bench{letters}"
