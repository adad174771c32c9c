"""A crowd of sockets, lean enough that a thousand of them leave the processor to what is measured.

A frame is looked at only as far as its stream and its number; the first socket keeps what the others count.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sys
import time
from collections import Counter, defaultdict
from typing import Any, Protocol

import httpx
import msgspec

from bench import closed_loop
from bench.population import populate
from bench.report import Figures, timed
from bench.server import LOAD_CORE, own_database, pin, seconds_used, serving
from bench.websocket import connect

ARRIVING_AT_ONCE = 8
ANSWER_TIMEOUT_S = 60.0
ATTEMPTS = 5
NUMBER = b'"n":['
PING = b'{"t":"ping","id":"p","d":{}}'
LAST_ARRIVAL_S = 2.0
"""What is under way when the counting ends may still arrive."""

LIMITS = {"CHAT_LINE_EVERY_MS": "1", "CHAT_BURST": "1000000"}
"""What only a measurement allows itself."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


def run(name: str, module: str, count: int) -> Figures:
    """Let a module be the load of so many people."""
    with own_database() as environment:
        environment |= LIMITS
        people = populate(environment, count, kind="crowd")
        with serving(environment) as (url, process):
            return closed_loop.drive(name, module, server=process, arguments=[url], people=people)


class UnavailableError(Exception):
    """The server asks to be asked again: so many who come at once may be too many for a moment."""


class Noting(Protocol):
    """Somebody who takes note of what arrives."""

    def note(self, frame: bytes, *, is_witness: bool) -> bool:
        """Take note of an update that counts; tell if it is one."""


class Arrivals:
    """When each numbered update of a stream reached its last socket, and how many it has reached."""

    def __init__(self, type_name: str, stream: str) -> None:
        self.prefix = f'{{"t":"{type_name}","s":"{stream}",'.encode() + NUMBER
        self.last: dict[int, float] = {}
        self.reached: defaultdict[int, int] = defaultdict(int)
        self.seen: dict[int, bytes] = {}

    def note(self, frame: bytes, *, is_witness: bool) -> bool:
        """Take note of an update that counts; tell if it is one."""
        if not frame.startswith(self.prefix):
            return False
        at = len(self.prefix)
        number = int(frame[at : frame.index(b",", at)])
        self.last[number] = time.perf_counter()
        self.reached[number] += 1
        if is_witness:
            self.seen[number] = frame
        return True

    def forget(self) -> None:
        self.last.clear()
        self.reached.clear()
        self.seen.clear()


class Person:
    """One socket. `is_witness`: it keeps the updates that it is given."""

    def __init__(self, character: int, *, arrivals: Noting, is_witness: bool) -> None:
        self.character = character
        self.cell: tuple[int, int] = (0, 0)
        self.refusals: Counter[str] = Counter()
        self.answered = asyncio.Event()
        self._arrivals, self._is_witness = arrivals, is_witness
        self._awaited: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = itertools.count(1)

    async def arrive(self, http: httpx.AsyncClient, token: str) -> None:
        """Say hello and enter the world."""
        await self.greet(http, token)
        place = await self.ask("world.enter", {})
        self.cell = (place["cell"][0], place["cell"][1])

    async def greet(self, http: httpx.AsyncClient, token: str) -> None:
        """Ask for a ticket, open the socket and say hello."""
        made = await http.post(
            "/api/v1/socket-tickets", json={"character": self.character}, headers={"X-Session-Token": token}
        )
        ticket = made.raise_for_status().json()
        self._socket = await connect(ticket["url"], self._hear, subprotocol="aether.v1.json")
        await self.ask("hello", {"ticket": ticket["ticket"], "client": "bench/1"})

    async def ask(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a command and return the body of its reply."""
        command_id = f"a{next(self._numbers)}"
        awaited = self._awaited[command_id] = asyncio.get_running_loop().create_future()
        self._socket.send(_encode({"t": kind, "id": command_id, "d": body}))
        reply = await asyncio.wait_for(awaited, ANSWER_TIMEOUT_S)
        if "err" in reply:
            kept = UnavailableError if reply["err"]["retry"] else RuntimeError
            raise kept(f"{kind} was refused: {reply['err']}")
        return dict(reply["ok"])

    def tell(self, kind: str, body: dict[str, Any]) -> None:
        """Send a command; its reply sets `answered`, and is counted where it is a refusal."""
        if self.is_gone:
            return
        self._socket.send(_encode({"t": kind, "id": f"b{next(self._numbers)}", "d": body}))

    @property
    def is_gone(self) -> bool:
        return self._socket.closed.done()

    @property
    def why_gone(self) -> str:
        return self._socket.closed.result()

    def leave(self) -> None:
        self._socket.cut()

    def _hear(self, frame: bytes) -> None:
        if self._arrivals.note(frame, is_witness=self._is_witness):
            return
        if frame.startswith(b'{"re":"b'):
            if b'"err":' in frame:
                self.refusals[_decode(frame)["err"]["code"]] += 1
            self.answered.set()
        elif frame.startswith(b'{"t":"beat"'):
            self._socket.send(PING)
        elif frame.startswith(b'{"re":"a'):
            answer = _decode(frame)
            awaited = self._awaited.pop(answer["re"])
            if not awaited.done():
                awaited.set_result(answer)


async def gather(url: str, people: list[tuple[str, int]], arrivals: Noting) -> list[Person]:
    """Let everybody arrive, some at once; the first one is the witness."""
    arriving = asyncio.Semaphore(ARRIVING_AT_ONCE)
    crowd = [Person(who, arrivals=arrivals, is_witness=at == 0) for at, (_, who) in enumerate(people)]
    async with httpx.AsyncClient(base_url=url, timeout=ANSWER_TIMEOUT_S) as http:

        async def arrive(person: Person, token: str) -> None:
            async with arriving:
                for _ in range(ATTEMPTS):
                    with contextlib.suppress(UnavailableError):
                        return await person.arrive(http, token)
                raise RuntimeError("the server lets nobody in any more")

        await asyncio.gather(*(arrive(who, token) for who, (token, _) in zip(crowd, people, strict=True)))
    return crowd


class Count:
    """What is counted from here on: time, and the processor's time of the server and of this process."""

    def __init__(self, server: int) -> None:
        self._server = server
        self._began = self._now()

    def end(self) -> None:
        self.took_s, self.server_s, self.own_s = (
            after - before for after, before in zip(self._now(), self._began, strict=True)
        )

    def figures(self, times_s: list[float], crowd: list[Person], *, missing: int) -> Figures:
        """Return what the times of what was told come to."""
        notes = _notes(crowd, missing=missing)
        notes.append(f"server {self.server_s / self.took_s:.0%} busy, load {self.own_s / self.took_s:.0%}")
        figures = timed("", times_s, took_s=self.took_s, note=", ".join(notes))
        figures.server_us = round(self.server_s / max(1, len(times_s)) * 1e6, 1)
        return figures

    def _now(self) -> tuple[float, float, float]:
        return time.perf_counter(), seconds_used(self._server), time.process_time()


async def begin() -> None:
    """Everybody is there: say so, wait for the server to get its core, and take the other one."""
    print(closed_loop.HERE, flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    pin(LOAD_CORE)


def _notes(crowd: list[Person], *, missing: int) -> list[str]:
    """Return what did not go as it should."""
    refusals = sum((person.refusals for person in crowd), Counter[str]())
    gone = Counter(f"closed by {person.why_gone}" for person in crowd if person.is_gone)
    found = {**refusals, "not told to all": missing, **gone}
    return [f"{what} {count}" for what, count in found.items() if count]
