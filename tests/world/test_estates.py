"""What is somebody's own: the loft of a Moorhand and the hall of a guild, through the socket."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

import pytest
from asgiref.sync import sync_to_async

from aether.kernel import clock, facts
from aether.kernel.content import InvalidContentError
from aether.kernel.effects import Way
from aether.kernel.facts.types import BattleEnded, Participant
from apps.chat import services as chat
from apps.world import services
from apps.world.errors import OwnedTeleportError
from apps.world.models import CharacterPlace, ZoneCopy
from tests import cast as people
from tests.chat.guild_cast import NAME, PRICE, Hall, person
from tests.console.conftest import game_master
from tests.economy.cast import give
from tests.serving import Served
from tests.wire import Wire
from tests.world import cast
from tests.world.test_exits import problems
from tests.world.test_locks_of_company import standing
from tests.world.test_objects_on_the_wire import thing
from tests.world.test_thing_effects import changed

HALL, LOFT = "guild_hall", "moorhand_loft"
BEFORE_THE_HALL, BEFORE_THE_LOFT = (5, 14), (27, 14)
STAIR = Way(zone=cast.TOWN, exit="loft_stair")


async def travel(wire: Wire, exit_id: str) -> dict[str, Any]:
    return await wire.call("world.travel", {"exit": exit_id})


async def in_a_guild(player: people.Player, name: str) -> None:
    await sync_to_async(give)(player.character_id, glim=PRICE)
    await sync_to_async(chat.found_guild)(character_id=player.character_id, name=name)
    await sync_to_async(facts.drain)()


def instance_of(player: people.Player) -> str:
    return CharacterPlace.objects.get(pk=player.character_id).instance


async def test_a_loft_opens_to_whoever_has_the_key_and_is_ones_own(server: Served) -> None:
    alice, bob = await people.alice(), await people.bob()
    async with (
        standing(server, alice, cast.TOWN, BEFORE_THE_LOFT) as hers,
        standing(server, bob, cast.TOWN, BEFORE_THE_LOFT) as his,
    ):
        refusal = (await travel(hers, "loft_stair"))["err"]
        assert (refusal["code"], refusal["message"]) == (
            "world.locked",
            "It takes somebody who opens this way for you.",
        )
        await sync_to_async(services.unlock_exits)(character_id=alice.character_id, ways=[STAIR])
        exits = (await hers.update("world.exits_changed"))["d"]["exits"]
        assert thing(exits, "loft_stair")["locked"] is None
        assert "ok" in await travel(hers, "loft_stair")
        await sync_to_async(services.unlock_exits)(character_id=bob.character_id, ways=[STAIR])
        assert "ok" in await travel(his, "loft_stair")
        lofts = [await sync_to_async(instance_of)(each) for each in (alice, bob)]
        assert [each.rpartition(".")[0] for each in lofts] == [LOFT, LOFT]
        assert lofts[0] != lofts[1]
        assert "ok" in await travel(hers, "loft_way_out")
        place = await CharacterPlace.objects.aget(pk=alice.character_id)
        assert (place.zone, place.cell) == (cast.TOWN, BEFORE_THE_LOFT)


async def test_a_hall_is_shared_by_a_guild_and_by_nobody_else(server: Served) -> None:
    alice, bob = await people.alice(), await people.bob()
    async with (
        standing(server, alice, cast.TOWN, BEFORE_THE_HALL) as hers,
        standing(server, bob, cast.TOWN, BEFORE_THE_HALL) as his,
    ):
        assert (await travel(hers, "hall_door"))["err"]["message"] == "It takes a guild."
        await in_a_guild(alice, "Lamplighters")
        await in_a_guild(bob, "Ropewalkers")
        assert "ok" in await travel(hers, "hall_door")
        assert "ok" in await travel(his, "hall_door")
        assert await sync_to_async(instance_of)(alice) != await sync_to_async(instance_of)(bob)
        await sync_to_async(chat.disband_guild)(character_id=bob.character_id, name="Ropewalkers")
        await sync_to_async(facts.drain)()
        place = await CharacterPlace.objects.aget(pk=bob.character_id)
        assert (place.zone, place.cell) == (cast.TOWN, BEFORE_THE_HALL)
        assert (await travel(his, "hall_door"))["err"]["code"] == "world.locked"
        assert (await CharacterPlace.objects.aget(pk=alice.character_id)).zone == HALL


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mode", ["duel", "pve"])
def test_who_fights_in_a_hall_is_put_out_of_it_when_the_fight_is_over(mode: Literal["duel", "pve"]) -> None:
    hall = Hall.founded({name: person(name, glim=PRICE) for name in ("Alice", "Bob")})
    hall.takes_in("Bob")
    bob = hall.people["Bob"]
    services.enter(character_id=bob)
    cast.put(bob, cast.TOWN, BEFORE_THE_HALL)
    inside = go(bob, "hall_door")
    services.set_in_battle(character_ids=[bob], battle_id=7)
    chat.disband_guild(character_id=hall.people["Alice"], name=NAME)
    facts.drain()
    services.leave(character_id=bob)
    assert services.enter(character_id=bob).instance == inside, "it fights on where it has begun"
    services.end_battle(ended(bob, mode))
    place = CharacterPlace.objects.get(pk=bob)
    assert (place.zone, place.cell, place.battle) == (cast.TOWN, BEFORE_THE_HALL, None)


@pytest.mark.django_db(transaction=True)
def test_who_was_put_out_of_its_guild_unheard_is_let_out_of_the_hall_at_the_next_sign_of_life() -> None:
    hall = Hall.founded({name: person(name, glim=PRICE) for name in ("Alice", "Bob")})
    hall.takes_in("Bob")
    bob = hall.people["Bob"]
    services.enter(character_id=bob)
    cast.put(bob, cast.TOWN, BEFORE_THE_HALL)
    go(bob, "hall_door")
    chat.disband_guild(character_id=hall.people["Alice"], name=NAME)
    # The process was killed before it could tell: nobody brings it out, and it is still shown there.
    back = services.enter(character_id=bob)
    assert (back.zone, back.cell) == (cast.TOWN, BEFORE_THE_HALL)


def ended(winner: int, mode: Literal["duel", "pve"]) -> BattleEnded:
    won = Participant(character=winner, outcome="won", xp=0, loot_key="", health=10_000)
    return BattleEnded(
        battle=7,
        mode=mode,
        zone=HALL,
        instance=f"{HALL}.1",
        group=None,
        rounds=1,
        participants=(won,),
        slain=(),
        is_rewarded=True,
    )


def at_the_loft(name: str = "Alice") -> int:
    found = cast.character(name)
    services.unlock_exits(character_id=found, ways=[STAIR])
    cast.put(found, cast.TOWN, BEFORE_THE_LOFT)
    return found


def go(character_id: int, exit_id: str) -> str:
    return services.travel(character_id=character_id, exit_id=exit_id)[0].instance


@pytest.mark.django_db(transaction=True)
def test_what_is_left_in_a_loft_is_found_there_after_it_was_closed() -> None:
    alice = at_the_loft()
    loft = go(alice, "loft_stair")
    cast.put(alice, LOFT, (3, 1), loft)
    services.interact(character_id=alice, object_id="loft_hearth")
    cast.put(alice, LOFT, (3, 4), loft)
    go(alice, "loft_way_out")
    services.merge_copies()
    services.close_empty_estates()
    assert ZoneCopy.objects.get(pk=loft).state == "open"
    ZoneCopy.objects.filter(pk=loft).update(emptied_at=clock.utc_now() - timedelta(hours=1))
    services.close_empty_estates()
    assert ZoneCopy.objects.get(pk=loft).state == "closed"
    assert go(alice, "loft_stair") == loft
    cast.put(alice, LOFT, (3, 1), loft)
    done = services.interact(character_id=alice, object_id="loft_hearth", action="douse")
    assert done.seen.version == 2


@pytest.mark.django_db(transaction=True)
def test_who_was_away_comes_back_to_its_own_loft() -> None:
    alice = at_the_loft()
    loft = go(alice, "loft_stair")
    services.leave(character_id=alice)
    ZoneCopy.objects.filter(pk=loft).update(emptied_at=clock.utc_now() - timedelta(hours=1))
    services.close_empty_estates()
    assert services.enter(character_id=alice).instance == loft


@pytest.mark.django_db(transaction=True)
def test_staff_put_nobody_into_what_is_anothers() -> None:
    alice = at_the_loft()
    with pytest.raises(OwnedTeleportError):
        services.relocate(
            actor=game_master("gwin"), character_id=alice, zone=LOFT, cell=(3, 3), reason="a visit"
        )


def test_a_hall_whose_door_does_not_ask_for_a_guild_is_found() -> None:
    assert "`hall_door` leads into the hall of a guild" in problems(
        lastmoor={"loft_stair": {"if": {"unlocked": {"zone": "lastmoor", "exit": "loft_stair"}}}}
    )


def test_no_effect_leads_into_what_is_somebodys() -> None:
    def change(documents: Any) -> None:
        read = documents["objects"]["notice_board"]["transitions"][0]
        read["effects"] = [{"teleport": {"zone": LOFT, "arrival": "loft_entry"}}]

    with pytest.raises(InvalidContentError, match="is entered through its door alone"), changed(change):
        pass
