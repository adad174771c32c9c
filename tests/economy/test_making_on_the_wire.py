"""From the ground to the hand, over a real socket: gather, craft, wear."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async

from aether.kernel import facts
from apps.economy import selectors
from tests import cast
from tests.economy.cast import give
from tests.serving import Served
from tests.wire import Wire
from tests.world import cast as world


async def ok(wire: Wire, t: str, **d: Any) -> dict[str, Any]:
    reply = await wire.call(t, d)
    assert "ok" in reply, reply
    return dict(reply["ok"])


async def stand(character_id: int, zone: str, cell: tuple[int, int]) -> None:
    await sync_to_async(world.put)(character_id, zone, cell)


async def test_gather_craft_and_wear(server: Served) -> None:
    alice = await cast.alice()
    await sync_to_async(facts.drain)()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        await ok(wire, "world.enter")
        await stand(alice.character_id, world.MOOR, (8, 19))
        begun = await ok(wire, "world.gather", node="reeds_1")
        assert begun["ends_at"] - begun["began_at"] == 3
        ended = (await wire.update("world.gathering_ended"))["d"]
        assert ended["outcome"] == "done"
        # In a drizzle there may be one more.
        assert 1 <= ended["items"]["reed_fibre"] <= 4
        learnt = (await wire.update("economy.profession_changed"))["d"]["profession"]
        assert (learnt["profession"], learnt["xp"]) == ("reaper", 12)

        await sync_to_async(give)(alice.character_id, reed_fibre=4, iron_link=2)
        refused = await wire.call("economy.craft", {"recipe": "r_reed_hook"})
        assert refused["err"]["code"] == "economy.not_at_station"
        await stand(alice.character_id, world.TOWN, (11, 15))
        craft = await ok(wire, "economy.craft", recipe="r_reed_hook")
        assert craft["finishes_at"] - craft["started_at"] == 8
        await sync_to_async(make_due)(craft["id"])
        told = await wire.update("economy.craft_changed")
        assert told["d"]["craft"]["id"] == craft["id"]
        settled = await ok(wire, "economy.crafting")
        assert settled["craft"] is None
        done = (await wire.update("economy.craft_changed"))["d"]
        (hook,) = done["items"]
        assert (done["ended"], hook["item"]) == ("done", "reed_hook")

        worn = await ok(wire, "economy.equip", item=hook["id"])
        assert worn == {"equipped": {"weapon": hook["id"]}}
        stats = await sync_to_async(selectors.equipment_stats)(alice.character_id)
        assert stats == hook["stats"]


async def test_a_page_that_is_read_teaches_and_the_snapshot_says_so(server: Served) -> None:
    alice = await cast.alice()
    await sync_to_async(facts.drain)()
    await sync_to_async(give)(alice.character_id, inkglass_page=1)
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        assert (await wire.update("me.snapshot"))["d"]["parts"]["crafting"]["recipes"] == []
        assert (await ok(wire, "economy.use", item="inkglass_page"))["left"] == 0
        assert (await wire.update("economy.recipe_learnt"))["d"] == {"recipe": "r_inkglass_lamp"}
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        crafting = (await wire.update("me.snapshot"))["d"]["parts"]["crafting"]
        assert crafting["recipes"] == ["r_inkglass_lamp"]


def make_due(craft_id: int) -> None:
    """Let the time of a craft be over."""
    from aether.kernel import clock
    from apps.economy.models import CraftJob

    CraftJob.objects.filter(pk=craft_id).update(finishes_at=clock.utc_now())
