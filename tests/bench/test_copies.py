"""Many come in, and walk in many copies: short runs against the real thing."""

from __future__ import annotations

import os

import pytest
from asgiref.sync import sync_to_async

from bench import crowd, zone_copies, zone_enter
from bench.crowd import Arrivals
from bench.population import make_visitors
from bench.zone_enter import Visitor
from tests.serving import Served


async def test_who_comes_in_has_been_shown_the_zone(server: Served) -> None:
    people = await sync_to_async(make_visitors)(3)
    arrivals = Arrivals("world.changed", "zone:nowhere")
    visitors = [Visitor(character, arrivals=arrivals) for _, character in people]
    async with crowd.httpx.AsyncClient(base_url=server.http_url) as http:
        for visitor, (token, _) in zip(visitors, people, strict=True):
            await visitor.greet(http, token)
    figures = await zone_enter.count(visitors, server=os.getpid())
    assert figures.count == 3
    assert all(visitor.has_seen.is_set() for visitor in visitors)


@pytest.mark.parametrize(("share", "lag"), [(0.5, 0.1), (0.75, 0.55), (1.0, 1.0)])
def test_lags_are_read_out_of_their_buckets(share: float, lag: float) -> None:
    buckets = [(0.1, 2.0), (1.0, 4.0), (float("inf"), 4.0)]
    assert zone_copies.within(buckets, share) == pytest.approx(lag)


def test_what_the_server_says_of_its_ticks_is_understood() -> None:
    said = 'aether_zone_tick_lag_seconds_bucket{le="0.1",zone="lastmoor"} 7.0\n'
    assert zone_copies.LAG.findall(said) == [("0.1", "7.0")]
