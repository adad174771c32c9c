"""Battles as streams: who may watch as what, snapshots, and everything that was missed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aether.kernel import journal, realtime
from aether.kernel.errors import NotFoundError
from aether.kernel.ids import CharacterId
from aether.protocol.base import Update
from apps.combat import engine, spectators
from apps.combat.delayed import DELAYED, delayed
from apps.combat.running import RunningBattle, updates_after
from apps.combat.services.looking import fresh, locked

PREFIX = "battle"
BATTLE_ID_MAX = 2**53 - 1

_TAKES_PART = "SELECT 1 FROM combat_battleparticipant WHERE battle_id = %s AND character_id = %s"


class BattleSource:
    """Answers for `battle:<id>`: each audience has its own numbers, which follow from the journal."""

    async def audience(self, character_id: CharacterId, stream: str) -> str:
        battle_id = _battle_id(stream)
        if await journal.fetch(_TAKES_PART, [battle_id, character_id]):
            return await _team_of(battle_id, character_id)
        watching = await spectators.watching(character_id)
        if watching is None or watching.battle != battle_id:
            raise NotFoundError
        return DELAYED if watching.is_delayed else engine.SPECTATOR

    async def head(self, stream: str, audience: str) -> int:
        if audience == DELAYED:
            async with delayed(_battle_id(stream)) as late:
                return late.number
        async with _shown_to(stream, audience) as battle:
            return battle.numbers[engine.Audience(audience)]

    async def snapshot(self, stream: str, audience: str, character_id: CharacterId) -> tuple[int, Update]:
        if audience == DELAYED:
            async with delayed(_battle_id(stream)) as late:
                return late.snapshot()
        async with _shown_to(stream, audience) as battle:
            return battle.snapshot(engine.Audience(audience))

    async def since(self, stream: str, audience: str, n: int) -> list[tuple[int, int, Update]] | None:
        if audience == DELAYED:
            async with delayed(_battle_id(stream)) as late:
                return None if n > late.number else [*late.after(n)]
        viewer = engine.Audience(audience)
        async with _shown_to(stream, audience) as battle:
            if n > battle.numbers[viewer]:
                return None
            return [*await updates_after(battle, viewer, n)]


async def _team_of(battle_id: int, character_id: CharacterId) -> str:
    async with locked(battle_id) as battle:
        if battle.state.of_character(character_id) is not None:
            return engine.audience_of(battle.state, character_id)
    async with fresh(battle_id) as battle:  # which was perhaps joined by way of another process
        if battle.state.of_character(character_id) is None:
            raise NotFoundError
        return engine.audience_of(battle.state, character_id)


@asynccontextmanager
async def _shown_to(stream: str, audience: str) -> AsyncIterator[RunningBattle]:
    """Lend a battle as the database has it now, with the numbers of an audience."""
    async with fresh(_battle_id(stream)) as battle:
        if audience == engine.SPECTATOR:
            await battle.show_spectators()
        yield battle


def register() -> None:
    """Let battles be followed."""
    realtime.register_source(PREFIX, BattleSource())


def _battle_id(stream: str) -> int:
    number = stream.partition(":")[2]
    if not (number.isascii() and number.isdigit()) or not 0 < int(number) <= BATTLE_ID_MAX:
        raise NotFoundError
    return int(number)
