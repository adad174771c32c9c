"""Who wants to be faster than the server allows, or somewhere else at once, is refused and counted."""

from __future__ import annotations

from random import Random

import pytest
from asgiref.sync import sync_to_async

from aether.gateway import metrics
from aether.kernel.errors import GameError
from apps.world import ground, selectors, services
from apps.world.rules.walking import STEP_MS, distance, neighbours
from tests import cast as people
from tests.serving import Served
from tests.wire import Wire
from tests.world import cast
from tests.world.conftest import Clock


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(5))
async def test_nobody_is_faster_than_a_cell_each_step_however_often_it_asks(seed: int, time: Clock) -> None:
    rng = Random(seed)
    alice = await sync_to_async(cast.character)()
    drawn, began, cell, walked = ground.map_of(cast.TOWN), time.now, cast.SQUARE, 0
    for _ in range(60):
        time.go(rng.uniform(0, STEP_MS / 2000))
        path = [cell]
        for _ in range(rng.randint(1, 8)):
            path.append(rng.choice([each for each in neighbours(path[-1]) if drawn.is_walkable(each)]))
        try:
            await services.move(character_id=alice, path=path[1:])
        except GameError:
            continue
        now = (await sync_to_async(selectors.place_of)(alice)).cell
        walked += distance(cell, now)
        cell = now
        assert walked <= (time.now - began) * 1000 / STEP_MS + 1
        assert drawn.is_walkable(cell)


async def test_what_is_refused_is_counted_by_its_code(server: Served) -> None:
    alice = await people.alice()
    before = {code: counted(code) for code in ("world.bad_path", "world.blocked")}
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        x, y = (await wire.call("world.enter", {}))["ok"]["cell"]
        far = await wire.call("world.move", {"path": [[x + 5, y]]})
        assert far["err"]["code"] == "world.bad_path"
        away = [[x, y - n] for n in range(1, 40) if y - n >= 0]
        walled = await wire.call("world.move", {"path": away})
        assert walled["err"]["code"] == "world.blocked"
        assert (await wire.call("world.travel", {"exit": "moor_gate"}))["err"]["code"] == "world.too_far"
    assert {code: counted(code) for code in before} == {code: count + 1 for code, count in before.items()}


def counted(code: str) -> float:
    return float(metrics.commands("world.move", code)._value.get())
