"""Battles for those who look on: one that cannot go on under the rules of today is frozen first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from apps.combat import engine
from apps.combat.errors import BattleUnreadableError
from apps.combat.running import RunningBattle
from apps.combat.running import fresh as fresh_or_refused
from apps.combat.running import locked as locked_or_refused
from apps.combat.services.parking import freeze


@asynccontextmanager
async def fresh(battle_id: int) -> AsyncIterator[RunningBattle]:
    """Lend a battle as the database has it now, whoever moved it on."""
    async with AsyncExitStack() as lent:
        try:
            battle = await lent.enter_async_context(fresh_or_refused(battle_id))
        except engine.NotReplayableError as error:
            await freeze(battle_id, error)
            battle = await _as_it_ended(lent, battle_id)
        yield battle


@asynccontextmanager
async def locked(battle_id: int) -> AsyncIterator[RunningBattle]:
    """Lend a loaded battle; all who ask for it in this process queue up."""
    async with AsyncExitStack() as lent:
        try:
            battle = await lent.enter_async_context(locked_or_refused(battle_id))
        except engine.NotReplayableError as error:
            await freeze(battle_id, error)
            battle = await _as_it_ended(lent, battle_id)
        yield battle


async def _as_it_ended(lent: AsyncExitStack, battle_id: int) -> RunningBattle:
    try:
        return await lent.enter_async_context(locked_or_refused(battle_id))
    except engine.NotReplayableError as error:
        raise BattleUnreadableError from error
