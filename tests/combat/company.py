"""Parties in the tests of combat: who travels together, where they stand, and how they come into battles."""

from __future__ import annotations

from typing import Any

import msgspec

from aether.kernel import clock
from aether.kernel.database_threads import in_database_thread
from aether.kernel.facts.models import OutboxFact
from aether.kernel.facts.types import BattleEnded
from aether.kernel.live import redis
from aether.kernel.transactions import transactional
from aether.protocol import combat as wire
from apps.chat import services as chat
from apps.combat import services
from apps.world.models import MonsterGroup
from tests.combat.cast import ground, send, state_of
from tests.world import cast as world


def online(*character_ids: int) -> None:
    redis().zadd("presence", {str(who): clock.now() for who in character_ids})


def party(*names: str) -> list[int]:
    """Return the members of a new party in the town, its leader first."""
    members = [world.character(name) for name in names]
    online(*members)
    for name, who in zip(names[1:], members[1:], strict=True):
        invitation = chat.invite(character_id=members[0], name=name).invitation
        chat.accept_invitation(character_id=who, invitation_id=invitation)
    return members


def hunters(*names: str) -> tuple[list[int], MonsterGroup]:
    """Return a party that stands beside a group of monsters."""
    members, group = party(*names), world.group()
    for who in members:
        world.put(who, world.MOOR, world.beside(group))
    return members, group


async def engaged(*names: str) -> tuple[list[int], int]:
    """Let the leader of a party attack; return the members and the battle."""
    members, group = await in_database_thread(hunters, *names)
    outcome = await send(members[0], wire.EngageGroup(group=group.pk))
    assert isinstance(outcome.reply, wire.BattleStarted)
    return members, outcome.reply.battle


async def join(who: int, battle_id: int, command_id: str = "") -> Any:
    return await send(who, wire.JoinBattle(battle=battle_id), command_id)


async def standing(battle_id: int) -> dict[int, int]:
    """Return the team of each character in a battle."""
    state = await state_of(battle_id)
    return {b.character_id: b.team for b in state.builds if b.character_id is not None}


@transactional
def hunt_alone(who: int) -> None:
    builds = (*services.character_builds([who]), services.monster_build("mud_skitter", 1))
    services.open_battle("pve", ground(), builds)


async def ended() -> BattleEnded:
    (fact,) = [fact async for fact in OutboxFact.objects.filter(type="battle.ended")]
    return msgspec.json.decode(fact.payload, type=BattleEnded)
