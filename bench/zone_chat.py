"""`zone_chat_…`: people in one room talk without a pause, in closed loop, and all of them hear every line.

A line takes from its command's sending until it has reached the last of them. Run as a module it is the
load itself.
"""

from __future__ import annotations

import asyncio
import itertools
import time

import msgspec

from bench import closed_loop, crowd
from bench.crowd import Arrivals, Count, Person
from bench.report import Figures

STREAM = "chat:zone:lastmoor.1"


def run(count: int) -> Figures:
    """Measure with so many people."""
    return crowd.run(f"zone_chat_{count}", "bench.zone_chat", count)


class Talk:
    """Each says the next line when the last one is answered; `sent` is when each line was said."""

    def __init__(self, people: list[Person]) -> None:
        self.people = people
        self.sent: dict[str, float] = {}
        self._numbers = itertools.count(1)

    async def go_on(self, seconds: float) -> None:
        until = time.perf_counter() + seconds
        await asyncio.gather(*(self._talk(person, until) for person in self.people))

    async def _talk(self, person: Person, until: float) -> None:
        while (now := time.perf_counter()) < until and not person.is_gone:
            text = f"line {next(self._numbers)}, and a good morning to you all"
            self.sent[text] = now
            person.answered.clear()
            person.tell("chat.say", {"channel": "zone", "text": text})
            await person.answered.wait()

    def times_s(self, arrivals: Arrivals) -> list[float]:
        """Return how long each line took to the last who heard it; those not heard by all are left out."""
        times_s = []
        for number, frame in arrivals.seen.items():
            said = self.sent.get(msgspec.json.decode(frame)["d"]["line"]["text"])
            if said is not None and arrivals.reached[number] == len(self.people):
                times_s.append(arrivals.last[number] - said)
        return times_s


async def load(url: str, people: list[tuple[str, int]], *, seconds: float, server: int) -> Figures:
    """Let everybody arrive, then talk."""
    arrivals = Arrivals("chat.line", STREAM)
    talk = Talk(await crowd.gather(url, people, arrivals))
    await crowd.begin()
    await talk.go_on(closed_loop.WARM_UP_S)
    return await count(talk, arrivals, seconds=seconds, server=server)


async def count(talk: Talk, arrivals: Arrivals, *, seconds: float, server: int) -> Figures:
    """Count the lines of a while; everybody leaves then."""
    talk.sent.clear()
    arrivals.forget()
    counted = Count(server)
    await talk.go_on(seconds)
    counted.end()
    await asyncio.sleep(crowd.LAST_ARRIVAL_S)
    times_s = talk.times_s(arrivals)
    refused = sum(sum(person.refusals.values()) for person in talk.people)
    figures = counted.figures(times_s, talk.people, missing=len(talk.sent) - len(times_s) - refused)
    for person in talk.people:
        person.leave()
    return figures


def main() -> None:
    import uvloop

    given = closed_loop.arguments("Load of talkers.").parse_args()
    people = [(token, character) for token, character in closed_loop.people()]
    figures = uvloop.run(load(given.url, people, seconds=given.seconds, server=given.server))
    print(msgspec.json.encode(figures).decode())


if __name__ == "__main__":
    main()
