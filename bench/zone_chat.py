"""`zone_chat_…`: people in one room talk without a pause, in closed loop, and all of them hear every line.

A line takes from its command's sending until it has reached the last of them. Run as a module it is the
load itself.
"""

from __future__ import annotations

import asyncio
import sys
import time

import msgspec

from bench import closed_loop, crowd
from bench.crowd import Arrivals, Person
from bench.report import Figures, timed
from bench.server import LOAD_CORE, pin, seconds_used

STREAM = "chat:zone:lastmoor.1"
LAST_ARRIVAL_S = 2.0


def run(count: int) -> Figures:
    """Measure with so many people."""
    return crowd.run(f"zone_chat_{count}", "bench.zone_chat", count)


class Talk:
    """Each says the next line when the last one is answered; `sent` is when each line was said."""

    def __init__(self, people: list[Person]) -> None:
        self._people = people
        self.sent: dict[str, float] = {}

    async def go_on(self, seconds: float) -> None:
        until = time.perf_counter() + seconds
        await asyncio.gather(*(self._talk(person, until) for person in self._people))

    async def _talk(self, person: Person, until: float) -> None:
        number = len(self.sent)
        while (now := time.perf_counter()) < until:
            number += 1
            text = f"line {number} of {person.character}, and good morning to you all"
            self.sent[text] = now
            person.answered.clear()
            person.tell("chat.say", {"channel": "zone", "text": text})
            await person.answered.wait()

    def times_s(self, arrivals: Arrivals) -> list[float]:
        """Return how long each line took to the last who heard it; those not heard by all are left out."""
        times_s = []
        for number, frame in arrivals.seen.items():
            said = self.sent.get(msgspec.json.decode(frame)["d"]["line"]["text"])
            if said is not None and arrivals.reached[number] == len(self._people):
                times_s.append(arrivals.last[number] - said)
        return times_s


async def load(url: str, people: list[tuple[str, int]], *, seconds: float, server: int) -> Figures:
    """Let everybody arrive, warm up, then count for a while."""
    arrivals = Arrivals("chat.line", STREAM)
    everybody = await crowd.gather(url, people, arrivals)
    talk = Talk(everybody)
    print(closed_loop.HERE, flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    pin(LOAD_CORE)
    await talk.go_on(closed_loop.WARM_UP_S)
    talk.sent.clear()
    began, server_s, own_s = time.perf_counter(), seconds_used(server), time.process_time()
    await talk.go_on(seconds)
    took = time.perf_counter() - began
    server_s, own_s = seconds_used(server) - server_s, time.process_time() - own_s
    await asyncio.sleep(LAST_ARRIVAL_S)
    times_s = talk.times_s(arrivals)
    refused = sum(sum(person.refusals.values()) for person in everybody)
    notes = crowd.notes(everybody, missing=len(talk.sent) - len(times_s) - refused)
    notes.append(f"server {server_s / took:.0%} busy, load {own_s / took:.0%}")
    for person in everybody:
        person.leave()
    figures = timed("", times_s, took_s=took, note=", ".join(notes))
    figures.server_us = round(server_s / max(1, len(times_s)) * 1e6, 1)
    return figures


def main() -> None:
    import uvloop

    given = closed_loop.arguments("Load of talkers.").parse_args()
    people = [(token, character) for token, character in closed_loop.people()]
    figures = uvloop.run(load(given.url, people, seconds=given.seconds, server=given.server))
    print(msgspec.json.encode(figures).decode())


if __name__ == "__main__":
    main()
