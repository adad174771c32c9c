"""Crowds walk and talk, and each sees and hears all of it: short runs against the real thing."""

from __future__ import annotations

import os
from random import Random
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from bench import crowd, zone_chat, zone_walk
from bench.crowd import Arrivals
from bench.population import make_crowd
from tests.serving import Served


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(crowd, "LAST_ARRIVAL_S", 0.5)
    settings.CHAT = {"line_every_ms": 1, "burst": 1000}


async def test_every_move_is_seen_by_all(server: Served) -> None:
    people = await sync_to_async(make_crowd)(4)
    arrivals = Arrivals("world.changed", zone_walk.STREAM)
    everybody = await crowd.gather(server.http_url, people, arrivals)
    ground = zone_walk.Ground(await zone_walk.map_of(server.http_url, everybody[0]))
    walk = zone_walk.Walk(everybody, ground, Random(1))
    figures = await zone_walk.count(walk, arrivals, seconds=1.0, server=os.getpid())
    assert figures.count == len(walk.sent) == 2
    assert figures.note.startswith("server "), figures.note
    assert figures.p99_ms > 0


async def test_every_line_is_heard_by_all(server: Served) -> None:
    people = await sync_to_async(make_crowd)(3)
    arrivals = Arrivals("chat.line", zone_chat.STREAM)
    talk = zone_chat.Talk(await crowd.gather(server.http_url, people, arrivals))
    # As in the measurement itself: who has just come may not hear the very first lines.
    await talk.go_on(0.3)
    figures = await zone_chat.count(talk, arrivals, seconds=0.5, server=os.getpid())
    assert figures.count == len(talk.sent) > 3
    assert figures.note.startswith("server "), figures.note
