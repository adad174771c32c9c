"""Gateways that die while somebody takes a chest, pulls a lever or claims monsters: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from aether.kernel import clock
from aether.kernel.database_threads import in_database_thread
from aether.kernel.failpoints import EXIT_CODE
from aether.kernel.journal import StreamKind, receipts
from aether.kernel.models import JournalLine
from apps.combat.models import BattleRecord
from apps.economy.auditing import audit_ledger
from apps.economy.models import Entry
from apps.world import ground, object_selectors, services
from apps.world.models import CharacterPlace, MonsterGroup, ObjectUse, Vitality, WorldObject
from tests.processes import STOP_S, Gateway, arrive, empty_redis, on_real_redis, start_gateway, stop
from tests.wire import Wire
from tests.world import cast

pytestmark = [pytest.mark.django_db(transaction=True), on_real_redis]

CHEST, LEVER, DOOR = "reedmoor_chest", "kiln_lever", "kiln_door"
COMMAND = "the-same-command"
ALL_OR_NOTHING = {"after_append": 0, "after_commit_before_reply": 1}
"""How often there is a deed after a kill at a point: at the end of its transaction, and right after it."""

Fields = dict[str, Any]


@dataclass(frozen=True)
class Deed:
    """Something that somebody does once, and where to look for each part of it."""

    command: str
    begin: Callable[[int], Fields]
    parts: Callable[[int], list[int]]


def before_the_chest(who: int) -> Fields:
    x, y = ground.thing_of(cast.MOOR, CHEST).cell
    cast.put(who, cast.MOOR, (x + 1, y))
    return {"object": CHEST}


def parts_of_a_chest(who: int) -> list[int]:
    paid = Entry.objects.filter(idempotency_key__contains=f"object:{cast.MOOR}:{CHEST}:{who}")
    return [ObjectUse.objects.filter(character_id=who, object_id=CHEST).count(), paid.count()]


def before_the_lever(who: int) -> Fields:
    cast.put(who, "cinder_terraces", (7, 11))
    return {"object": LEVER, "action": "pull"}


def parts_of_a_lever(who: int) -> list[int]:
    moved = {row.object_id: row for row in WorldObject.objects.filter(version__gt=0)}
    streams = [list(object_selectors.history(row.pk)) for row in moved.values()]
    by_them = sum(chapter.actor_id == who for stream in streams for chapter in stream)
    return [int(LEVER in moved), int(DOOR in moved), *(len(stream) for stream in streams), by_them // 2]


def before_monsters(who: int) -> Fields:
    group = cast.group()
    later = clock.utc_now() + timedelta(hours=1)
    MonsterGroup.objects.update(roams_at=later, path=[])
    group.refresh_from_db()
    cast.put(who, cast.MOOR, cast.beside(group))
    Vitality.objects.filter(pk=who).update(spared_until=later)
    return {"group": group.pk}


def parts_of_a_claim(who: int) -> list[int]:
    return [
        MonsterGroup.objects.filter(state=MonsterGroup.State.IN_BATTLE, battle__isnull=False).count(),
        CharacterPlace.objects.filter(pk=who, battle__isnull=False).count(),
        BattleRecord.objects.count(),
        JournalLine.objects.filter(kind=StreamKind.BATTLE, version=1).count(),
    ]


DEEDS = {
    "chest": Deed("world.interact", before_the_chest, parts_of_a_chest),
    "lever": Deed("world.interact", before_the_lever, parts_of_a_lever),
    "claim": Deed("combat.engage", before_monsters, parts_of_a_claim),
}


@pytest.fixture
def gateways(alone_on_real_services: None) -> Iterator[Callable[[str], tuple[Gateway, Gateway]]]:
    """Start a gateway that dies when it first gets to a point, and one that lives."""
    empty_redis()
    with ExitStack() as running:

        def start(point: str) -> tuple[Gateway, Gateway]:
            doomed = start_gateway(FAILPOINTS=f"{point}=exit", ALLOW_FAILPOINTS="yes")
            other = start_gateway()
            running.callback(stop, doomed.process, other.process)
            return doomed, other

        yield start


def prepared(who: int, deed: Deed) -> Fields:
    services.enter(character_id=who)
    return deed.begin(who)


def found(who: int, deed: Deed) -> set[int]:
    """Return how often each part of a deed, and the receipt of its command, is there: one number if whole."""
    kept = receipts.find(who, COMMAND)
    return {*deed.parts(who), int(kept is not None)}


@pytest.mark.parametrize("point", ALL_OR_NOTHING)
@pytest.mark.parametrize("name", DEEDS)
async def test_a_kill_leaves_all_or_nothing_and_the_same_command_is_answered_once(
    gateways: Callable[[str], tuple[Gateway, Gateway]], name: str, point: str
) -> None:
    deed = DEEDS[name]
    doomed, other = gateways(point)
    rest, who = await arrive(other, "aldith")
    fields = await in_database_thread(prepared, who, deed)
    async with Wire(doomed.ws) as wire:
        await wire.hello((await rest.ticket(who)).secret)
        with pytest.raises(ConnectionClosed):
            await wire.call(deed.command, fields, id=COMMAND)
    assert doomed.process.wait(STOP_S) == EXIT_CODE
    assert await in_database_thread(found, who, deed) == {ALL_OR_NOTHING[point]}
    async with Wire(other.ws) as wire:
        await wire.hello((await rest.ticket(who)).secret)
        first, again = [await wire.call(deed.command, fields, id=COMMAND) for _ in range(2)]
    assert (first.get("replayed", False), again["replayed"]) == (bool(ALL_OR_NOTHING[point]), True)
    assert again["ok"] == first["ok"]
    assert await in_database_thread(found, who, deed) == {1}
    assert await in_database_thread(audit_ledger) == []
