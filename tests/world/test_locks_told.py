"""Whatever a lock asks for: who stands before it is told at once when it turns, nobody without cause."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction

from aether.kernel import clock, facts
from aether.kernel.effects import Effect, SetFlag, Way
from aether.kernel.models import OutboxFact
from apps.accounts import services as accounts
from apps.chat import services as chat
from apps.economy import services as economy
from apps.economy.services.professions import learn
from apps.quests import services as quests
from apps.world import services
from apps.world.keeper import Keeper
from apps.world.models import CalendarEvent, Cooldown
from tests import cast as people
from tests.chat.guild_cast import PRICE, Hall, person
from tests.economy.cast import give, item_id
from tests.serving import Served
from tests.wire import Wire
from tests.world import cast
from tests.world.test_locks_of_company import of_changed_content, standing
from tests.world.test_thing_effects import Documents, changed

BOARD = "town_board"
BESIDE_THE_BOARD = (13, 16)
Deed = Callable[[int], object]


def board_asks(condition: Documents) -> Callable[[Documents], None]:
    """Let the notice board of the town ask something of who reads it, if it is not of level 30."""

    def change(documents: Documents) -> None:
        read = documents["objects"]["notice_board"]["transitions"][0]
        read["if"] = {"any": [condition, {"level": {">=": 30}}]}

    return change


async def is_locked(wire: Wire) -> bool:
    looked = (await wire.call("world.inspect", {"object": BOARD}))["ok"]
    return looked["actions"][0].get("locked") is not None


async def told(wire: Wire) -> bool:
    """Wait until the things are told again; return whether the board is locked then."""
    await sync_to_async(facts.drain)()
    await wire.update("world.objects_changed")
    return await is_locked(wire)


def allocate(who: int) -> None:
    accounts.allocate(character_id=who, points={"tide": 1})


def set_flag(who: int) -> None:
    with transaction.atomic():
        effect = Effect(flag=SetFlag(key="seen_it"))
        quests.set_flags(who, [effect], "test:flag", "test")


def set_copy_flag(who: int) -> None:
    services.set_copy_flag(character_id=who, key="bell_rung", value=1)


def hand_over_shells(who: int) -> None:
    economy.take(character_id=who, cause="test:toll", idempotency_key="toll", items={"skitter_shell": 2})


def wear_hook(who: int) -> None:
    economy.equip(character_id=who, item_id=item_id(who, "reed_hook"), idempotency_key="wear")


def practise(who: int) -> None:
    with transaction.atomic():
        learn(who, "tinker", 2_000)


def begin_quest(who: int) -> None:
    quests.start(character_id=who, quest_id="mq1_first_tether", cause="test")


def unlock(who: int) -> None:
    services.unlock_exits(character_id=who, ways=[Way(zone="lastmoor", exit="moor_gate")])


LOCKS: list[tuple[Documents, Deed, bool]] = [
    ({"stat": {"id": "tide", ">=": 1}}, allocate, True),
    ({"flag": {"key": "seen_it"}}, set_flag, True),
    ({"flag": {"key": "bell_rung", "of": "copy"}}, set_copy_flag, True),
    ({"has_item": {"id": "skitter_shell", "n": 2}}, hand_over_shells, False),
    ({"equipped": "reed_hook"}, wear_hook, True),
    ({"profession": {"id": "tinker", "level": 2}}, practise, True),
    ({"quest": {"id": "mq1_first_tether", "is": "active"}}, begin_quest, True),
    ({"unlocked": {"zone": "lastmoor", "exit": "moor_gate"}}, unlock, True),
]


@of_changed_content
@pytest.mark.parametrize(("condition", "deed", "opens"), LOCKS, ids=[next(iter(each)) for each, *_ in LOCKS])
async def test_a_lock_turns_before_ones_eyes(
    server: Served, condition: Documents, deed: Deed, opens: bool
) -> None:
    alice = await people.alice()
    await sync_to_async(give)(alice.character_id, skitter_shell=2, reed_hook=1)
    await sync_to_async(accounts.grant_xp)(character_id=alice.character_id, amount=2_000, cause="test")
    await sync_to_async(facts.drain)()
    with changed(board_asks(condition)):
        async with standing(server, alice, cast.TOWN, BESIDE_THE_BOARD) as wire:
            assert await is_locked(wire) is opens
            await sync_to_async(deed)(alice.character_id)
            assert await told(wire) is not opens


@of_changed_content
async def test_a_lock_of_an_event_turns_for_all_who_are_there(server: Served) -> None:
    alice = await people.alice()
    await sync_to_async(services.ensure_calendar)()
    with changed(board_asks({"event_active": "mooring_week"})):
        async with standing(server, alice, cast.TOWN, BESIDE_THE_BOARD) as wire:
            before = await is_locked(wire)
            seen = await surroundings_told(after=0)
            await CalendarEvent.objects.aupdate(mode="on" if before else "off", until=None)
            await surroundings_told(after=seen)
            assert await told(wire) is not before


async def surroundings_told(*, after: int) -> int:
    """Wait until whoever keeps the copy has seen something, after some fact; return the fact that tells it.

    The first look at a copy tells, too: it may be before anybody is there.
    """
    newer = OutboxFact.objects.filter(type="surroundings.changed", pk__gt=after)
    async with asyncio.timeout(20):
        while (last := await newer.alast()) is None:
            await asyncio.sleep(0.05)
    return last.pk


@pytest.mark.django_db(transaction=True)
def test_what_no_lock_asks_for_is_not_even_written_down() -> None:
    alice = cast.character()
    facts.drain()
    OutboxFact.objects.all().delete()
    give(alice, reed_fibre=3)
    set_flag(alice)
    set_copy_flag(alice)
    kinds = set(OutboxFact.objects.values_list("type", flat=True))
    assert kinds.isdisjoint({"holdings.changed", "flag.set", "surroundings.changed"})
    give(alice, moor_licence=1, key="licence")
    assert OutboxFact.objects.filter(type="holdings.changed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_whose_rank_stands_elsewhere_is_told_of() -> None:
    hall = Hall.founded({name: person(name, glim=PRICE) for name in ("Alice", "Bob")})
    hall.takes_in("Bob")
    OutboxFact.objects.all().delete()
    chat.move_rank(
        character_id=hall.people["Alice"], rank_id=hall.ranks["Member"], below=hall.ranks["Leader"]
    )
    assert OutboxFact.objects.filter(type="guild.changed").count() == 1


@of_changed_content
async def test_a_wait_that_is_over_is_told(server: Served) -> None:
    alice = await people.alice()
    with changed(board_asks({"cooldown": {"key": "rest"}})):
        async with standing(server, alice, cast.TOWN, BESIDE_THE_BOARD) as wire:
            until = clock.utc_now() + timedelta(seconds=2)
            await Cooldown.objects.acreate(character_id=alice.character_id, key="rest", until=until)
            assert await is_locked(wire)
            await wire.update("world.objects_changed")
            assert not await is_locked(wire)


@of_changed_content
async def test_a_wait_that_ends_between_two_keepers_is_told_by_the_second(server: Served) -> None:
    alice = await people.alice()
    with changed(board_asks({"cooldown": {"key": "rest"}})):
        async with standing(server, alice, cast.TOWN, BESIDE_THE_BOARD) as wire:
            until = clock.utc_now() - timedelta(seconds=3)
            await Cooldown.objects.acreate(character_id=alice.character_id, key="rest", until=until)
            await Keeper("lastmoor.1", Random(1)).keep()
            await wire.update("world.objects_changed")
            assert not await is_locked(wire)
