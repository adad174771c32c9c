"""The load on Colyseus: two clients a room who act in turn, over its own protocol.

A request is a byte, a number, a type and MessagePack; so is its response, with a status. What the room
broadcasts is a message of the same kind, decoded here as ours is in the load of duels.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import httpx
import msgspec

from bench import closed_loop
from bench.closed_loop import Tally
from bench.websocket import BINARY, WebSocket, connect

JOIN_ROOM, ROOM_DATA, ROOM_REQUEST, ROOM_RESPONSE = 10, 13, 21, 22
STATUS_OK = 0
REQUEST = 1
"""The number of every request: each client has one under way at a time."""
ACTIONS_PER_TURN = 4
BOARD = 14

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


class Player:
    """One client in its room."""

    def __init__(self) -> None:
        self._response: asyncio.Future[bytes] | None = None
        self.is_in = asyncio.get_running_loop().create_future()
        self.acted: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._socket: WebSocket

    async def arrive(self, url: str, seat: dict[str, Any]) -> None:
        """Take the seat that was reserved."""
        place = f"{url.replace('http', 'ws', 1)}/{seat['processId']}/{seat['roomId']}"
        self._socket = await connect(f"{place}?sessionId={seat['sessionId']}", self._hear)
        await self.is_in
        self._socket.send(bytes((JOIN_ROOM,)), BINARY)

    async def act(self, cell: int, tally: Tally) -> bool:
        """Move, and note how long the acknowledgement took."""
        began = time.perf_counter()
        self._response = asyncio.get_running_loop().create_future()
        self._socket.send(bytes((ROOM_REQUEST, REQUEST)) + _encode("act") + _encode({"cell": cell}), BINARY)
        response = await self._response
        if response[2] != STATUS_OK:
            tally.refusals[str(_decode(response[3:]))] += 1
            return False
        tally.times_s.append(time.perf_counter() - began)
        return True

    def _hear(self, message: bytes) -> None:
        match message[0]:
            case code if code == ROOM_RESPONSE and self._response is not None:
                self._response.set_result(message)
            case code if code == ROOM_DATA:
                type_ends = 2 + (message[1] & 0x1F)
                self.acted.put_nowait(_decode(message[type_ends:]))
            case code if code == JOIN_ROOM and not self.is_in.done():
                self.is_in.set_result(None)


class Duel:
    """Two players who walk in turn; each waits until both were told."""

    def __init__(self, players: Sequence[Player], tally: Tally) -> None:
        self._players, self._tally = players, tally
        self._version = 0

    async def go_on(self, until: float) -> None:
        while time.perf_counter() < until:
            who = self._version // ACTIONS_PER_TURN % 2
            # Each walks in a column of its own.
            cell = who + BOARD * (self._version % BOARD)
            if not await self._players[who].act(cell, self._tally):
                raise RuntimeError(f"refused: {self._tally.refusals}")
            for player in self._players:
                told = await player.acted.get()
            self._version = told["version"]


async def arrive(url: str, duels: int, tally: Tally) -> list[Duel]:
    """Make the rooms, and seat two players in each."""
    made = []
    async with httpx.AsyncClient(base_url=url, timeout=60) as rest:
        for _ in range(duels):
            first = (await rest.post("/matchmake/create/duel", json={})).raise_for_status().json()
            other = await rest.post(f"/matchmake/joinById/{first['roomId']}", json={})
            players = Player(), Player()
            await players[0].arrive(url, first)
            await players[1].arrive(url, other.raise_for_status().json())
            made.append(Duel(players, tally))
    return made


def main() -> None:
    parser = closed_loop.arguments("Load of duels on Colyseus.")
    parser.add_argument("--duels", type=int, required=True)
    given = parser.parse_args()
    closed_loop.people()
    closed_loop.load(lambda tally: arrive(given.url, given.duels, tally), given)


if __name__ == "__main__":
    main()
