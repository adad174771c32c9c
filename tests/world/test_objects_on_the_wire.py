"""Things as sockets see them: looked at, used, refused to who was slower, and shown to everybody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any

from asgiref.sync import sync_to_async

from aether.kernel import facts
from apps.accounts import services as accounts
from apps.world import services
from apps.world.models import WorldObject
from apps.world.ticking import Keeper
from tests import cast as people
from tests.serving import Served
from tests.wire import Wire
from tests.world import cast

CINDER = "cinder_terraces"
LEVER, DOOR = "kiln_lever", "kiln_door"


@asynccontextmanager
async def at_the_lever(server: Served, player: people.Player, language: str = "") -> AsyncIterator[Wire]:
    await sync_to_async(services.enter)(character_id=player.character_id)
    await sync_to_async(cast.put)(player.character_id, CINDER, (7, 11))
    async with Wire(server.socket_url, language=language) as wire:
        await wire.hello(await player.ticket())
        assert "ok" in await wire.call("world.enter")
        yield wire


def thing(objects: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(each for each in objects if each["id"] == name)


async def test_one_pulls_and_the_other_sees_it_or_is_refused_with_the_present_state(server: Served) -> None:
    alice, bob = await people.alice(), await people.bob()
    async with at_the_lever(server, alice) as one, at_the_lever(server, bob, "fr") as other:
        snapshot = (await other.update("world.snapshot"))["d"]
        assert thing(snapshot["objects"], DOOR)["blocks"] == ["walk", "sight"]
        asked = {"object": LEVER, "action": "pull", "version": 0}
        pulled = (await one.call("world.interact", asked, id="pull-1"))["ok"]["object"]
        assert (pulled["state"], pulled["version"]) == ("down", 1)
        refused = (await other.call("world.interact", asked))["err"]
        assert refused["code"] == "world.stale_object"
        assert refused["message"].startswith("Quelqu'un a été plus rapide")
        assert refused["details"] == {"state": "down", "version": 1}
        await Keeper(CINDER, Random(1)).tick()
        seen: dict[str, str] = {}
        while set(seen) != {LEVER, DOOR}:
            changes = (await other.update("world.changed"))["d"]["changes"]
            seen |= {
                each["object"]["id"]: each["object"]["state"] for each in changes if each["c"] == "object"
            }
        assert seen == {LEVER: "down", DOOR: "open"}


async def test_the_same_pull_sent_twice_is_one_pull(server: Served) -> None:
    alice = await people.alice()
    async with at_the_lever(server, alice) as wire:
        asked = {"object": LEVER}
        first = (await wire.call("world.interact", asked, id="pull-1"))["ok"]
        again = (await wire.call("world.interact", asked, id="pull-1"))["ok"]
        assert first == again
        row = await WorldObject.objects.aget(object_id=LEVER)
        assert row.version == 1


async def test_a_thing_is_looked_at_in_the_language_of_the_socket(server: Served) -> None:
    alice = await people.alice()
    async with at_the_lever(server, alice, "fr") as wire:
        seen = (await wire.call("world.inspect", {"object": LEVER}))["ok"]
        assert seen["name"] == "Levier, levé"
        assert [(each["action"], each["label"]) for each in seen["actions"]] == [("pull", "L’abaisser")]
        chest = (await wire.call("world.inspect", {"object": "kiln_chest"}))["ok"]
        assert chest["actions"][0]["locked"] == "Il faut niveau 8 ou plus, ou Rétameur de niveau 5."


async def test_what_makes_no_sense_is_refused_by_name(server: Served) -> None:
    alice = await people.alice()
    async with at_the_lever(server, alice) as wire:
        for asked, code in (
            ({"object": "nothing"}, "not_found"),
            ({"object": LEVER, "action": "eat"}, "world.nothing_to_do"),
            ({"object": LEVER, "version": 7}, "world.stale_object"),
            ({"object": LEVER, "version": -1}, "bad_request"),
            ({"object": LEVER, "state": "down"}, "unknown_field"),
            ({"object": "kiln_chest"}, "world.too_far"),
            ({"object": 5}, "bad_request"),
            ({}, "bad_request"),
        ):
            assert (await wire.call("world.interact", asked))["err"]["code"] == code, asked
        assert (await wire.call("world.inspect", {"object": "reedmoor_chest"}))["err"]["code"] == "not_found"
        assert not await WorldObject.objects.filter(version__gt=0).aexists()


async def test_a_closed_door_refuses_a_path_and_an_open_one_does_not(server: Served) -> None:
    alice, bob = await people.alice(), await people.bob()
    async with at_the_lever(server, alice) as one, at_the_lever(server, bob) as other:
        await sync_to_async(cast.put)(bob.character_id, CINDER, (2, 9))
        assert (await other.call("world.move", {"path": [[2, 10]]}))["err"]["code"] == "world.blocked"
        assert "ok" in await one.call("world.interact", {"object": LEVER})
        assert "ok" in await other.call("world.move", {"path": [[2, 10], [2, 11]]})


async def test_a_gate_says_in_both_languages_what_it_asks_for(server: Served) -> None:
    alice = await people.alice()
    async with at_the_lever(server, alice) as wire:
        exits = (await wire.update("world.snapshot"))["d"]["exits"]
        gate = thing(exits, "span_gate")
        assert (gate["way"], gate["fare"]) == ("boat", 15)
        assert gate["locked"] == {"en": "It takes level 10 or more.", "fr": "Il faut niveau 10 ou plus."}
        assert thing(exits, "moor_stair")["locked"] is None
        await sync_to_async(cast.put)(alice.character_id, CINDER, (23, 1))
        refused = (await wire.call("world.travel", {"exit": "span_gate"}))["err"]
        assert (refused["code"], refused["message"]) == ("world.locked", "It takes level 10 or more.")


async def test_a_gate_opens_before_the_eyes_of_who_has_just_become_good_enough(server: Served) -> None:
    alice = await people.alice()
    async with at_the_lever(server, alice) as wire:
        await sync_to_async(accounts.grant_xp)(
            character_id=alice.character_id, amount=30_000, cause="test:level"
        )
        await sync_to_async(facts.drain)()
        exits = (await wire.update("world.exits_changed"))["d"]["exits"]
        assert thing(exits, "span_gate")["locked"] is None
