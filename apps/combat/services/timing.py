"""Time and connections as inputs of battles. Deadlines are columns, so a killed process forgets none."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from aether.kernel import clock as wall
from aether.kernel import journal
from aether.kernel.errors import GameError
from aether.kernel.journal import VersionConflictError
from apps.combat import clocks, engine
from apps.combat.engine import inputs
from apps.combat.faults import FAULTS, of_this_battle
from apps.combat.running import RunningBattle, fresh, locked, now_ms
from apps.combat.services.acting import ATTEMPTS, Decided, commit, decide, decide_automatic
from apps.combat.services.parking import freeze, note_fault

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=5)
BATCH = 50

_CLAIM = """
UPDATE combat_battlerecord SET lease_until = %s WHERE id IN (
    SELECT id FROM combat_battlerecord
    WHERE status = 1 AND deadline BETWEEN %s AND %s AND (lease_until IS NULL OR lease_until <= %s)
    ORDER BY deadline LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING id
"""
_LIVE = "SELECT battle_id, character_id FROM combat_battleparticipant WHERE is_live ORDER BY battle_id"
_BATTLE_OF = "SELECT battle_id FROM combat_battleparticipant WHERE is_live AND character_id = %s"


async def claim_due(*, since: datetime) -> list[int]:
    """Take battles whose deadline lies between `since` and now; a claim is a lease of a few seconds.

    The lease spares work only. What makes a timeout happen once is the version of the journal.
    """
    now = wall.utc_now()
    rows = await journal.fetch(_CLAIM, [now + LEASE, since, now, now, BATCH])
    return [row[0] for row in rows]


async def pass_time(battle_id: int) -> None:
    """Give a battle everything that time has brought."""
    await _change(battle_id, _take_what_is_due)


async def note_presence(character_id: int, *, is_online: bool) -> None:
    """Tell the battle of a character, if there is one, whether its player is there."""

    async def change(battle: RunningBattle) -> None:
        combatant = battle.state.of_character(character_id)
        if combatant is None or battle.state.phase == "ended" or combatant.is_connected == is_online:
            return
        seen = inputs.Reconnect(combatant.id) if is_online else inputs.Disconnect(combatant.id)
        await commit(battle, await decide(battle, engine.SYSTEM, seen), actor_id=engine.SYSTEM)

    for (battle_id,) in await journal.fetch(_BATTLE_OF, [character_id]):
        await _change(battle_id, change)


async def live_participants() -> list[tuple[int, int]]:
    """Return (battle, character) for every human in a running battle."""
    return [(row[0], row[1]) for row in await journal.fetch(_LIVE, [])]


async def check_presence(battle_id: int, character_id: int, *, is_online: bool) -> None:
    """Tell a battle whether a player is there, if this process remembers that it believes otherwise.

    What fails counts as a fault of this battle and hurts no other.
    """
    try:
        if await _is_agreed(battle_id, character_id, is_online):
            return
        await note_presence(character_id, is_online=is_online)
    except GameError as refusal:
        logger.info("battle %d does not say who is there: %r", battle_id, refusal)
    except engine.NotReplayableError as error:
        await freeze(battle_id, error)
    except FAULTS as error:
        await note_fault(battle_id, error)


async def _is_agreed(battle_id: int, character_id: int, is_online: bool) -> bool:
    # From memory: this is asked for every player every few seconds, and nearly always agreed.
    async with locked(battle_id) as battle:
        combatant = battle.state.of_character(character_id)
        return combatant is None or battle.state.phase == "ended" or combatant.is_connected == is_online


async def _take_what_is_due(battle: RunningBattle) -> None:
    while (decided := await _due(battle)) is not None:
        await commit(battle, decided, actor_id=engine.SYSTEM)


async def _change(battle_id: int, change: Callable[[RunningBattle], Awaitable[None]]) -> None:
    """Change a battle from within, as the database has it: another process may have moved it on.

    What fails counts as a fault of this battle and hurts no other.
    """
    for _ in range(ATTEMPTS):
        try:
            async with fresh(battle_id) as battle:
                await change(battle)
                return
        except VersionConflictError:
            continue
        except GameError as refusal:
            logger.info("battle %d did not take what time brought: %r", battle_id, refusal)
            return
        except engine.NotReplayableError as error:
            await freeze(battle_id, error)
            return
        except FAULTS as error:
            await note_fault(battle_id, error)
            return


async def _due(battle: RunningBattle) -> Decided | None:
    waiting = await decide_automatic(battle)
    if waiting is not None:
        return waiting
    with of_this_battle():
        due = clocks.due_input(battle.clock, battle.state, now_ms())
    return None if due is None else await decide(battle, engine.SYSTEM, due)
