"""Who comes into a party or a guild, or leaves it, sees at once what that opens and locks."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings

from aether.kernel import facts
from aether.kernel.facts.models import OutboxFact
from apps.chat import services as chat
from apps.world import services
from tests import cast as people
from tests.chat.guild_cast import PRICE, Hall, person
from tests.economy.cast import give
from tests.serving import Served
from tests.wire import Wire
from tests.world import cast
from tests.world.test_objects_on_the_wire import CINDER, thing
from tests.world.test_thing_effects import Documents, changed

of_changed_content = pytest.mark.skipif(
    settings.PROFILE == "services", reason="the worker there knows the shipped content alone"
)
MAST, BESIDE_THE_MAST = "town_mast", (19, 18)


@asynccontextmanager
async def standing(
    server: Served, player: people.Player, zone: str, cell: tuple[int, int]
) -> AsyncIterator[Wire]:
    await sync_to_async(services.enter)(character_id=player.character_id)
    await sync_to_async(cast.put)(player.character_id, zone, cell)
    async with Wire(server.socket_url) as wire:
        await wire.hello(await player.ticket())
        assert "ok" in await wire.call("world.enter")
        yield wire


def ask_two_at_the_stair(documents: Documents) -> None:
    stair = documents["zones"][CINDER].setdefault("exits", {}).setdefault("moor_stair", {})
    stair["if"] = {"party_size": {">=": 2}}


async def lock_of_the_stair(wire: Wire) -> Any:
    await sync_to_async(facts.drain)()
    return thing((await wire.update("world.exits_changed"))["d"]["exits"], "moor_stair")["locked"]


@of_changed_content
async def test_a_door_for_two_opens_and_locks_with_the_party(server: Served) -> None:
    alice, bob = await people.alice(), await people.bob()
    with changed(ask_two_at_the_stair):
        async with (
            standing(server, alice, CINDER, (7, 11)) as hers,
            standing(server, bob, CINDER, (7, 12)) as his,
        ):
            exits = (await hers.update("world.snapshot"))["d"]["exits"]
            assert thing(exits, "moor_stair")["locked"]["en"] == "It takes a party of 2 or more."
            await hers.call("chat.party_invite", {"name": "Bob"})
            asked = (await his.update("chat.party_invited"))["d"]["invitation"]["invitation"]
            assert "ok" in await his.call("chat.party_accept", {"invitation": asked})
            assert await lock_of_the_stair(hers) is None
            assert await lock_of_the_stair(his) is None
            await his.call("chat.party_leave")
            assert (await lock_of_the_stair(hers))["fr"] == "Il faut un groupe de 2 ou plus."
            assert (await lock_of_the_stair(his))["en"] == "It takes a party of 2 or more."


async def lock_of_the_mast(wire: Wire) -> str | None:
    """Wait until the mast is told again; return what then keeps one from it."""
    await sync_to_async(facts.drain)()
    assert thing((await wire.update("world.objects_changed"))["d"]["objects"], MAST)
    looked = (await wire.call("world.inspect", {"object": MAST}))["ok"]
    return looked["actions"][0].get("locked")  # type: ignore[no-any-return]


async def test_a_mast_of_guilds_is_free_as_soon_as_one_is_in_a_guild(server: Served) -> None:
    alice = await people.alice()
    await sync_to_async(give)(alice.character_id, glim=1000)
    async with standing(server, alice, cast.TOWN, BESIDE_THE_MAST) as wire:
        looked = (await wire.call("world.inspect", {"object": MAST}))["ok"]
        assert looked["actions"][0]["locked"]
        assert "ok" in await wire.call("chat.guild_found", {"name": "Lamplighters"})
        assert await lock_of_the_mast(wire) is None
        assert "ok" in await wire.call("chat.guild_disband", {"name": "Lamplighters"})
        assert await lock_of_the_mast(wire)


def hide_from_the_lonely(documents: Documents) -> None:
    documents["objects"]["kiln_lever"]["seen_if"] = {"party_size": {">=": 2}}


async def things_told(wire: Wire) -> set[str]:
    await sync_to_async(facts.drain)()
    return {each["id"] for each in (await wire.update("world.objects_changed"))["d"]["objects"]}


@of_changed_content
async def test_what_one_may_see_no_more_is_gone_before_ones_eyes(server: Served) -> None:
    alice, bob = await people.alice(), await people.bob()
    with changed(hide_from_the_lonely):
        async with standing(server, alice, CINDER, (7, 11)) as hers, Wire(server.socket_url) as his:
            await his.hello(await bob.ticket())
            there = {each["id"] for each in (await hers.update("world.snapshot"))["d"]["objects"]}
            await hers.call("chat.party_invite", {"name": "Bob"})
            asked = (await his.update("chat.party_invited"))["d"]["invitation"]["invitation"]
            assert "ok" in await his.call("chat.party_accept", {"invitation": asked})
            assert await things_told(hers) == there | {"kiln_lever"}
            await his.call("chat.party_leave")
            assert await things_told(hers) == there


@pytest.mark.django_db(transaction=True)
def test_whoever_may_do_something_else_in_its_guild_is_told_of() -> None:
    hall = Hall.founded({name: person(name, glim=PRICE) for name in ("Alice", "Bob", "Carol")})
    alice, bob, carol = hall.people.values()
    hall.takes_in("Bob", "Carol")
    OutboxFact.objects.all().delete()

    def told() -> list[int]:
        rows = OutboxFact.objects.filter(type="guild.changed").order_by("pk")
        found = [json.loads(row.payload)["character"] for row in rows]
        OutboxFact.objects.all().delete()
        return found

    chat.edit_rank(
        character_id=alice, rank_id=hall.ranks["Member"], name="Member", permissions=("invite", "props")
    )
    assert told() == [bob, carol]
    chat.edit_rank(
        character_id=alice, rank_id=hall.ranks["Member"], name="Hand", permissions=("invite", "props")
    )
    assert told() == []
    chat.change_member_rank(character_id=alice, name="Bob", rank_id=hall.ranks["Officer"])
    assert told() == [bob]
    chat.hand_over_guild(character_id=alice, name="Carol")
    assert told() == sorted([alice, carol])
    chat.leave_guild(character_id=bob)
    assert told() == [bob]
