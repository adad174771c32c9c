"""`rest_reads`: the reads over REST that a client begins with, signed in, in closed loop.

Half asks for the account's characters, half for its session, which says who is signed in. The profile of a
character comes over the socket.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from bench import closed_loop
from bench.closed_loop import Tally
from bench.population import populate
from bench.report import Figures
from bench.server import own_database, serving

CLIENTS = 20
PEOPLE = 1_000
"""So many that none comes near the limit of requests for an account."""
SECONDS = 10.0
PATHS = ("/api/v1/characters", "/_allauth/app/v1/auth/session")
HEAD_ENDS = b"\r\n\r\n"
LENGTH = b"content-length:"


def run(*, seconds: float = SECONDS) -> Figures:
    """Measure against a server of our own."""
    with own_database() as environment:
        people = populate(environment, PEOPLE, kind="crowd")
        with serving(environment) as (url, process):
            return closed_loop.drive(
                "rest_reads",
                "bench.rest_reads",
                server=process,
                arguments=[url, "--seconds", str(seconds)],
                people=sorted({token for token, _ in people}),
            )


class Reader:
    """One connection that is kept, on which one account after the other asks."""

    def __init__(self, host: str, requests: Iterator[bytes], tally: Tally) -> None:
        self._host, self._requests, self._tally = host, requests, tally

    async def arrive(self) -> None:
        name, _, port = self._host.partition(":")
        self._reader, self._writer = await asyncio.open_connection(name, int(port))

    async def go_on(self, until: float) -> None:
        while (began := time.perf_counter()) < until:
            self._writer.write(next(self._requests))
            head = await self._reader.readuntil(HEAD_ENDS)
            await self._reader.readexactly(_length(head.lower()))
            status = head.split(b" ", 2)[1].decode()
            if status == "200":
                self._tally.times_s.append(time.perf_counter() - began)
            else:
                self._tally.refusals[status] += 1

    def leave(self) -> None:
        self._writer.close()


async def arrive(url: str, tokens: Sequence[str], tally: Tally) -> list[Reader]:
    """Open the connections."""
    host = urlsplit(url).netloc
    requests = itertools.cycle(_request(host, path, token) for token in tokens for path in PATHS)
    readers = [Reader(host, requests, tally) for _ in range(CLIENTS)]
    await asyncio.gather(*(reader.arrive() for reader in readers))
    return readers


def _request(host: str, path: str, token: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nX-Session-Token: {token}\r\n\r\n".encode()


def _length(head: bytes) -> int:
    start = head.index(LENGTH) + len(LENGTH)
    return int(head[start : head.index(b"\r\n", start)])


def main() -> None:
    given = closed_loop.arguments("Load of reads over REST.").parse_args()
    tokens = closed_loop.people()
    closed_loop.load(lambda tally: arrive(given.url, tokens, tally), given)


if __name__ == "__main__":
    main()
