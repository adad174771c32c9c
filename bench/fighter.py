"""A lean player for load: one socket, commands in, replies and battle events out."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import Any

import httpx
import msgspec
from aether_sdk.errors import RefusedError

from bench.closed_loop import Tally
from bench.websocket import connect

LETTERS = "abdegkopstuz"
SUBPROTOCOL = "aether.v1.json"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode
_numbers = itertools.count(1)


class Fighter:
    """A character and its socket. What its battles tell waits in `updates`."""

    def __init__(self, rest: httpx.AsyncClient, token: str, character: int, tally: Tally) -> None:
        self.id = character
        self.instance = ""
        self.updates: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.tally = tally
        self._rest, self._token = rest, token
        self._replies: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def arrive(self) -> None:
        """Get a ticket, open a socket, enter the world."""
        made = await self._rest.post(
            "/api/v1/socket-tickets", json={"character": self.id}, headers={"X-Session-Token": self._token}
        )
        ticket = made.raise_for_status().json()
        self._socket = await connect(ticket["url"], self._hear, subprotocol=SUBPROTOCOL)
        await self.ask("hello", {"ticket": ticket["ticket"], "client": "bench/1"})
        self.instance = str((await self.ask("world.enter", {}))["instance"])

    async def ask(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a command and return its reply's body."""
        command_id = f"c{next(_numbers)}"
        answered = self._replies[command_id] = asyncio.get_running_loop().create_future()
        self._socket.send(_encode({"t": kind, "id": command_id, "d": body}))
        reply = await answered
        if "err" in reply:
            raise RefusedError.from_body(reply["err"])
        return dict(reply["ok"])

    async def act(self, kind: str, body: dict[str, Any]) -> bool:
        """Do something in a battle, and note how long the commit took to be acknowledged; False: refused."""
        began = time.perf_counter()
        try:
            await self.ask(kind, body)
        except RefusedError as refused:
            self.tally.refusals[refused.code] += 1
            return False
        self.tally.times_s.append(time.perf_counter() - began)
        return True

    async def next_update(self, *kinds: str) -> dict[str, Any]:
        """Return the next update of these types; others are passed over."""
        while True:
            update = await self.updates.get()
            if update["t"] in kinds:
                return update

    def leave(self) -> None:
        self._socket.cut()

    def _hear(self, frame: bytes) -> None:
        message = _decode(frame)
        answered = self._replies.pop(message.get("re", ""), None)
        if answered is not None:
            answered.set_result(message)
        elif message.get("t") == "beat":
            self._socket.send(_encode({"t": "ping", "id": f"p{next(_numbers)}", "d": {}}))
        elif message.get("t", "").startswith("combat."):
            self.updates.put_nowait(message)


def name_of(number: int) -> str:
    """Return a name for each number, of letters that cannot be taken for one another."""
    letters = ""
    for _ in range(4):
        number, rest = divmod(number, len(LETTERS))
        letters += LETTERS[rest]
    return f"Bench{letters}"
