"""Commands of the world through dispatch: streams that are followed, and once means once."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction

from aether.kernel import dispatch, facts
from aether.kernel.dispatch import Caller, Outcome
from aether.kernel.facts.types import LevelReached
from aether.kernel.ids import AccountId, CharacterId, CommandId, SessionId
from aether.kernel.models import OutboxFact
from aether.protocol import objects as things
from aether.protocol import world as wire
from aether.protocol.base import Command
from apps.economy import selectors as economy
from apps.world import ground
from tests.world import cast

pytestmark = pytest.mark.django_db(transaction=True)

_numbers = count()


def caller(character_id: int, command: Command, command_id: str = "") -> Caller:
    return Caller(
        character_id=CharacterId(character_id),
        account_id=AccountId(0),
        session_id=SessionId("s"),
        language="en",
        command_id=CommandId(command_id or f"c-{next(_numbers)}"),
        body_digest=dispatch.body_digest(command),
    )


async def send(character_id: int, command: Command, command_id: str = "") -> Outcome:
    return await dispatch.execute(caller(character_id, command, command_id), command)


def kept_facts() -> list[Any]:
    return list(OutboxFact.objects.order_by("pk").values_list("type", flat=True))


async def test_entering_follows_the_zone_and_its_talk_and_no_other() -> None:
    alice = await sync_to_async(cast.character)()
    outcome = await send(alice, wire.EnterWorld())
    assert outcome.follow == ("zone:lastmoor.1", "chat:zone:lastmoor.1")
    assert outcome.unfollow == ("zone:*", "chat:zone:*")


async def test_travelling_twice_with_one_id_travels_once() -> None:
    alice = await sync_to_async(cast.character)()
    await sync_to_async(cast.put)(alice, cast.TOWN, (30, 14))
    first = await send(alice, wire.Travel(exit="moor_gate"), "once")
    again = await send(alice, wire.Travel(exit="moor_gate"), "once")
    assert isinstance(first.reply, wire.Place)
    assert first.reply.zone == cast.MOOR
    assert again.is_replayed
    assert (await sync_to_async(kept_facts)()).count("zone.entered") == 2


async def test_a_chest_opened_twice_with_one_id_answers_twice_and_pays_once() -> None:
    alice = await sync_to_async(cast.character)()
    chest = ground.thing_of(cast.MOOR, "reedmoor_chest")
    await sync_to_async(cast.put)(alice, cast.MOOR, (chest.cell[0] + 1, chest.cell[1]))
    await send(alice, things.Interact(object=chest.id), "once")
    paid = await sync_to_async(economy.glim)(alice)
    assert (await send(alice, things.Interact(object=chest.id), "once")).is_replayed
    assert await sync_to_async(economy.glim)(alice) == paid
    assert (await sync_to_async(kept_facts)()).count("object.used") == 1


async def test_looking_shows_the_zone_with_its_people() -> None:
    alice = await sync_to_async(cast.character)()
    outcome = await send(alice, wire.Look())
    assert isinstance(outcome.reply, wire.ZoneSnapshot)
    assert [npc.id for npc in outcome.reply.npcs] == ["bram_teller", "ilse_varn", "maren_sallow"]
    assert [seen.name for seen in outcome.reply.players] == ["Alice"]


async def test_a_new_level_is_shown_to_the_zone() -> None:
    alice = await sync_to_async(cast.character)()
    await sync_to_async(_rise)(alice)
    outcome = await send(alice, wire.Look())
    assert isinstance(outcome.reply, wire.ZoneSnapshot)
    assert outcome.reply.players[0].level == 2


def _rise(character_id: int) -> None:
    with transaction.atomic():
        facts.publish(LevelReached(character=character_id, level=2))
    facts.drain()
