"""Whoever is in a zone is told another hour, another weather and what the calendar begins, once each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from random import Random

import pytest
from asgiref.sync import sync_to_async

from aether.kernel import live, realtime
from aether.kernel.live.presence import refresh
from aether.protocol.life import Sky
from aether.protocol.world import SkyChanged, ZoneChanged
from apps.world import services
from apps.world.ticking import Keeper
from tests.console.conftest import game_master
from tests.world import cast
from tests.world.conftest import Clock
from tests.world.viewer import Viewer, watching

pytestmark = pytest.mark.django_db(transaction=True)

DAY_S = 96 * 60
BEFORE_DUSK = DAY_S * 300 + DAY_S * 19 / 24 - 2
"""Two seconds before seven in the evening."""


@pytest.fixture
async def hub() -> AsyncIterator[None]:
    await realtime.start()
    yield
    await realtime.stop()
    await live.connections.close_aredis()


def skies(viewer: Viewer) -> list[Sky]:
    return [
        change.sky
        for _, _, update in viewer.frames
        if isinstance(update, ZoneChanged)
        for change in update.changes
        if isinstance(change, SkyChanged)
    ]


async def test_dusk_and_an_event_are_told_once(hub: None, time: Clock) -> None:
    time.now = BEFORE_DUSK
    alice = await sync_to_async(cast.character)()
    keeper = Keeper(f"{cast.TOWN}.1", Random(1))
    await refresh([alice])
    await keeper.tick()
    async with watching(alice, "zone:lastmoor.1") as viewer:
        for _ in range(4):
            time.go(1.1)
            await refresh([alice])
            await keeper.tick()
        assert [sky.phase for sky in skies(viewer)] == ["dusk"]
        gwen = await sync_to_async(game_master)()
        await sync_to_async(services.switch_event)(
            actor=gwen, event="slack_alarm", mode=services.Mode.ON, reason="Tonight."
        )
        for _ in range(3):
            time.go(1.1)
            await refresh([alice])
            await keeper.tick()
        assert [sky.events for sky in skies(viewer)][1:] == [["slack_alarm"]]
