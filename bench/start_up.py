"""`start_up`: from the start of the process to the first 200 of `/healthz`, on a data folder used before."""

from __future__ import annotations

import time

from bench.report import Figures
from bench.server import own_database, seconds_used, serving

STARTS = 3


def run(*, starts: int = STARTS) -> Figures:
    """Start and stop a few times after a first start; the database runs already."""
    times, used = [], []
    with own_database() as environment:
        with serving(environment):
            pass
        for _ in range(starts):
            began = time.perf_counter()
            with serving(environment) as (_, process):
                times.append(time.perf_counter() - began)
                used.append(seconds_used(process))
    times.sort()
    return Figures(
        name="start_up",
        seconds=round(times[len(times) // 2], 2),
        count=starts,
        note=f"worst {times[-1]:.2f} s; {min(used):.1f} s of processor time",
    )
