"""`limit_inserts`: how many entries a second the journal takes in groups, with nothing else to do."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time

from bench.report import Figures, quantile
from bench.server import PROJECT, SERVER_CORE, own_database, pin

STREAMS = 50
SECONDS = 5.0
PAYLOAD = b'{"entry":"acted","steps":[' + b"0" * 600 + b"]}"


def run() -> Figures:
    """Measure on a database of our own, the writer on one core."""
    command = [sys.executable, "-m", "bench.limit_inserts"]
    with own_database() as environment:
        done = subprocess.run(command, cwd=PROJECT, env=environment, check=True, stdout=subprocess.PIPE)
    per_s, p50_ms, p99_ms = map(float, done.stdout.split())
    return Figures(name="limit_inserts", per_s=per_s, p50_ms=p50_ms, p99_ms=p99_ms)


async def write() -> None:
    """Let every stream append as soon as its last entry is committed."""
    from aether.kernel import journal

    times: list[float] = []
    until = time.perf_counter() + SECONDS

    async def fill(number: int) -> None:
        head = journal.EMPTY
        while time.perf_counter() < until:
            began = time.perf_counter()
            stream = journal.Stream(journal.StreamKind.BATTLE, number)
            head = await journal.append(journal.Append(stream=stream, expected=head, payload=PAYLOAD))
            times.append(time.perf_counter() - began)

    await asyncio.gather(*(fill(number) for number in range(1, STREAMS + 1)))
    await journal.close()
    times.sort()
    print(
        round(len(times) / SECONDS, 1),
        round(quantile(times, 0.5) * 1000, 2),
        round(quantile(times, 0.99) * 1000, 2),
    )


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aether.settings.embedded")
    import django
    import uvloop

    django.setup()
    pin(SERVER_CORE)
    uvloop.run(write())


if __name__ == "__main__":
    main()
