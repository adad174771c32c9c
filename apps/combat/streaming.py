"""Battles as streams: who may watch as what, snapshots, and everything that was missed."""

from __future__ import annotations

from aether.kernel import realtime
from aether.kernel.errors import NotFoundError
from aether.kernel.ids import CharacterId
from aether.protocol.base import Update
from apps.combat import engine
from apps.combat.running import fresh, locked, updates_after

PREFIX = "battle"
BATTLE_ID_MAX = 2**53 - 1


class BattleSource:
    """Answers for `battle:<id>`: each team has its own numbers, which follow from the journal."""

    async def audience(self, character_id: CharacterId, stream: str) -> str:
        async with locked(_battle_id(stream)) as battle:
            if battle.state.of_character(character_id) is None:
                raise NotFoundError
            return engine.audience_of(battle.state, character_id)

    async def head(self, stream: str, audience: str) -> int:
        async with fresh(_battle_id(stream)) as battle:
            return battle.numbers[engine.Audience(audience)]

    async def snapshot(self, stream: str, audience: str, character_id: CharacterId) -> tuple[int, Update]:
        async with fresh(_battle_id(stream)) as battle:
            return battle.snapshot(engine.Audience(audience))

    async def since(self, stream: str, audience: str, n: int) -> list[tuple[int, int, Update]] | None:
        viewer = engine.Audience(audience)
        async with fresh(_battle_id(stream)) as battle:
            if n > battle.numbers[viewer]:
                return None
            return [*await updates_after(battle, viewer, n)]


def register() -> None:
    """Let battles be followed."""
    realtime.register_source(PREFIX, BattleSource())


def _battle_id(stream: str) -> int:
    number = stream.partition(":")[2]
    if not (number.isascii() and number.isdigit()) or not 0 < int(number) <= BATTLE_ID_MAX:
        raise NotFoundError
    return int(number)
