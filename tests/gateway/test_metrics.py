"""What operators see of people who play."""

from __future__ import annotations

import asyncio

import httpx
from django.conf import settings

from tests import cast
from tests.serving import Served
from tests.wire import Wire


async def test_a_command_shows_in_the_metrics_by_type_and_answer(server: Served) -> None:
    alice = await cast.alice()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        assert "ok" in await wire.call("world.enter")
        assert "err" in await wire.call("world.travel", {"exit": "nowhere"})
        assert "err" in await wire.call("no.such.thing")
        shown = await _metrics(server)
    assert shown['aether_sockets{format="json"}'] == 1
    assert shown['aether_commands_total{code="ok",type="world.enter"}'] >= 1
    assert shown['aether_commands_total{code="unknown_type",type=""}'] >= 1
    assert shown['aether_command_seconds_count{type="world.enter"}'] >= 1
    if settings.PROFILE == "embedded":
        assert "aether_outbox_pending" in shown


async def test_a_zone_with_people_in_it_shows_how_late_it_ticks(server: Served) -> None:
    alice = await cast.alice()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        await wire.call("world.enter")
        shown: dict[str, float] = {}
        async with asyncio.timeout(20):
            while not _tick_counts(shown):
                await asyncio.sleep(0.1)
                shown = await _metrics(server)
    assert all(count > 0 for count in _tick_counts(shown))


def _tick_counts(shown: dict[str, float]) -> list[float]:
    return [count for name, count in shown.items() if name.startswith("aether_zone_tick_lag_seconds_count")]


async def test_metrics_have_no_names_of_people(server: Served) -> None:
    alice = await cast.alice()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        await wire.call("alice.made.this.up")
        shown = str(await _metrics(server))
    assert "Alice" not in shown
    assert "made.this.up" not in shown


async def _metrics(server: Served) -> dict[str, float]:
    async with httpx.AsyncClient(base_url=server.http_url) as http:
        lines = (await http.get("/metrics")).text.splitlines()
    samples = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
    return {name: float(value) for name, value in samples}
