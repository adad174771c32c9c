"""A knot that is pulled brings home, and a gesture is seen by who is there: through the socket."""

from __future__ import annotations

from asgiref.sync import sync_to_async

from apps.world.models import CharacterPlace
from tests import cast as people
from tests.economy.cast import give
from tests.serving import Served
from tests.wire import Wire
from tests.world import cast
from tests.world.test_locks_of_company import standing

FAR_OUT = (2, 24)


async def place_of(player: people.Player) -> CharacterPlace:
    return await CharacterPlace.objects.aget(pk=player.character_id)


async def test_a_recall_knot_brings_home_and_is_used_up(server: Served) -> None:
    alice = await people.alice()
    await sync_to_async(give)(alice.character_id, recall_knot=2)
    async with standing(server, alice, cast.MOOR, FAR_OUT) as wire:
        used = (await wire.call("economy.use", {"item": "recall_knot"}))["ok"]
        assert used["left"] == 1
        place = await place_of(alice)
        assert (place.zone, place.cell) == (cast.TOWN, cast.SQUARE)
        # The socket follows: what it is told of now is the town.
        while (snapshot := (await wire.update("world.snapshot"))["d"])["zone"] != cast.TOWN:
            pass
        assert snapshot["players"][0]["id"] == alice.character_id


async def test_the_same_pull_brings_home_once(server: Served) -> None:
    alice = await people.alice()
    await sync_to_async(give)(alice.character_id, recall_knot=2)
    async with standing(server, alice, cast.MOOR, FAR_OUT) as wire:
        for _ in range(2):
            assert (await wire.call("economy.use", {"item": "recall_knot"}, id="once"))["ok"]["left"] == 1


async def test_nobody_is_recalled_from_a_battle_and_the_knot_is_kept(server: Served) -> None:
    alice = await people.alice()
    await sync_to_async(give)(alice.character_id, recall_knot=1)
    async with standing(server, alice, cast.MOOR, FAR_OUT) as wire:
        await CharacterPlace.objects.filter(pk=alice.character_id).aupdate(battle=77)
        refusal = (await wire.call("economy.use", {"item": "recall_knot"}))["err"]
        assert refusal["code"] == "world.in_battle"
        await CharacterPlace.objects.filter(pk=alice.character_id).aupdate(battle=None)
        assert (await wire.call("economy.use", {"item": "recall_knot"}))["ok"]["left"] == 0


async def test_a_gesture_is_seen_by_who_is_in_the_same_copy(server: Served) -> None:
    alice, bob = await people.alice(), await people.bob()
    async with (
        standing(server, alice, cast.TOWN, cast.SQUARE) as hers,
        standing(server, bob, cast.TOWN, (15, 17)) as his,
    ):
        assert "ok" in await hers.call("world.emote", {"emote": "wave"})
        assert {"c": "emote", "id": alice.character_id, "emote": "wave"} in await changes_with(his, "emote")


async def test_a_gesture_that_there_is_not_and_one_from_nowhere_are_refused(server: Served) -> None:
    alice = await people.alice()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        assert (await wire.call("world.emote", {"emote": "wave"}))["err"]["code"] == "world.not_in_world"
        assert (await wire.call("world.emote", {"emote": "moon"}))["err"]["code"] == "bad_request"


async def changes_with(wire: Wire, kind: str) -> list[dict[str, object]]:
    """Wait for what happened in the copy until something of a kind did."""
    while True:
        changes: list[dict[str, object]] = (await wire.update("world.changed"))["d"]["changes"]
        if any(change["c"] == kind for change in changes):
            return changes
