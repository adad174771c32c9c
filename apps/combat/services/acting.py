"""One accepted command of a battle: decide, commit, then tell. Nothing is told before it is committed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple

import msgspec
import structlog

from aether.kernel import journal, realtime
from aether.kernel.errors import GameError, NotFoundError, StaleError, UnavailableError
from aether.kernel.journal import Append, Receipt, Rider, VersionConflictError
from aether.protocol.combat import Committed, CurrentBattleChanged
from apps.combat import clocks, engine, logbook, metrics
from apps.combat.engine.inputs import Decision, EndTurn
from apps.combat.errors import BattleFaultedError, BattleOutdatedError, BattleOverError
from apps.combat.faults import FAULTS, BattleFailedError, of_this_battle
from apps.combat.logbook import Acted, LogEntry, LoggedStep
from apps.combat.running import (
    Numbered,
    Place,
    RunningBattle,
    locked,
    now_ms,
    stream_name,
    stream_of,
    updates_after,
)
from apps.combat.services import ending, parking

logger = structlog.get_logger(__name__)

ATTEMPTS = 5
AUTOMATIC_MAX = 400
"""How many inputs in a row the monsters may give; more is a fault, not a fight."""


class Asked(NamedTuple):
    """Who asks for what. `receipt` makes the receipt of a command from its reply."""

    character_id: int
    intent: engine.Input
    receipt: Callable[[Committed], Receipt] | None = None
    on: int | None = None


class Decided(NamedTuple):
    """What an input leads to: the entry to write, and the battle as it is then."""

    entry: LogEntry
    state: engine.Battle
    clock: clocks.Clock
    moment: int


class Taken(NamedTuple):
    """An input that the rules have taken, and the battle after it."""

    step: LoggedStep
    state: engine.Battle


async def act(battle_id: int, asked: Asked) -> Committed:
    """Execute a player's command."""
    for _ in range(ATTEMPTS):
        began = perf_counter()
        try:
            return await _act_once(battle_id, asked)
        except VersionConflictError:
            continue
        except engine.NotReplayableError as error:
            await parking.freeze(battle_id, error)
            raise BattleOutdatedError from error
        except FAULTS as error:
            if await parking.note_fault(battle_id, error):
                raise BattleFaultedError from error
            raise
        finally:
            metrics.TURN.observe(perf_counter() - began)
    raise StaleError


async def _act_once(battle_id: int, asked: Asked) -> Committed:
    async with locked(battle_id) as battle:
        try:
            decided = await _decide_on(battle, asked)
        except (StaleError, BattleOverError, NotFoundError):
            raise  # true for good, however far others have gone on
        except GameError:
            # Perhaps it is wrong only in the memory of this process, which another one has left behind.
            if not await battle.catch_up():
                raise
            decided = await _decide_on(battle, asked)
        reply = Committed(turn=decided.state.turn)
        receipt = asked.receipt(reply) if asked.receipt else None
        await commit(battle, decided, actor_id=asked.character_id, receipt=receipt)
        return reply


async def _decide_on(battle: RunningBattle, asked: Asked) -> Decided:
    actor = _own_combatant(battle, asked)
    if asked.on is not None:
        await _check_is_fresh(battle, asked, asked.on)
    return await decide(battle, actor, asked.intent)


async def decide(battle: RunningBattle, actor: int, intent: engine.Input) -> Decided:
    """Work out an input and the turns that follow by themselves. Changes nothing."""
    with of_this_battle():
        house = engine.House(battle.rulebook, battle.dice)
        return await _decided(battle, _taken(battle, battle.state, actor, intent), house)


async def decide_automatic(battle: RunningBattle) -> Decided | None:
    """Work out what a battle does by itself now, if it does anything. Changes nothing."""
    with of_this_battle():
        house = engine.House(battle.rulebook, battle.dice)
        first = _automatic(battle, battle.state, house)
        return None if first is None else await _decided(battle, first, house)


async def commit(
    battle: RunningBattle, decided: Decided, *, actor_id: int, receipt: Receipt | None = None
) -> None:
    """Write an entry, then tell everybody. After a failure the battle is brought up to date first."""
    append = Append(
        stream=stream_of(battle.id),
        expected=battle.head,
        payload=logbook.encode(decided.entry),
        actor_id=actor_id,
        receipt=receipt,
        riders=await _riders(battle, decided) if _changes_row(battle, decided) else (),
    )
    try:
        head = await journal.append(append)
    except (VersionConflictError, UnavailableError, asyncio.CancelledError):
        battle.doubt()
        raise
    with of_this_battle():
        updates = battle.take(decided.state, decided.clock, logbook.events_of(decided.entry), head)
    if decided.state.end_reason == "engine_fault":
        _report_fault(battle.id, decided)
    await _tell(battle, updates)


def _report_fault(battle_id: int, decided: Decided) -> None:
    """Tell operators that the rules ran away; a banner in the console tells game masters."""
    metrics.FAULTS.labels("guard").inc()
    entry = decided.entry
    last = entry.steps[-1] if isinstance(entry, Acted) else None
    logger.error(
        "the rules of a battle ran away, and it is stopped",
        battle=battle_id,
        round=decided.state.round,
        turn=decided.state.turn,
        actor=last.actor if last else None,
        input=msgspec.json.encode(last.input).decode() if last else None,
        content_hash=decided.state.header.content_hash,
    )


async def _decided(battle: RunningBattle, first: Taken, house: engine.House) -> Decided:
    moment = now_ms()
    steps = [first.step]
    state, following = first.state, _automatic(battle, first.state, house)
    while following is not None:
        if len(steps) > AUTOMATIC_MAX:
            raise BattleFailedError(f"more than {AUTOMATIC_MAX} inputs followed by themselves")
        await asyncio.sleep(0)
        steps.append(following.step)
        state = following.state
        following = _automatic(battle, state, house)
    clock = clocks.after(battle.clock, battle.state, state, moment)
    return Decided(Acted(steps=tuple(steps), clock=clock), state, clock, moment)


def _taken(battle: RunningBattle, state: engine.Battle, actor: int, intent: engine.Input) -> Taken:
    after, events = engine.step(state, actor, intent, battle.rulebook, battle.dice)
    return Taken(LoggedStep(actor=actor, input=intent, events=events), after)


def _automatic(battle: RunningBattle, state: engine.Battle, house: engine.House) -> Taken | None:
    """Let the house play, if it is its turn; what it cannot choose or do ends its turn, not the battle."""
    among = 0
    try:
        with of_this_battle():
            chosen = house.next_input(state)
            if chosen is None:
                return None
            among = chosen[1].among if isinstance(chosen[1], Decision) else 0
            return _taken(battle, state, *chosen)
    except (BattleFailedError, GameError):
        logger.exception(
            "a machine cannot play its turn, which ends",
            battle=battle.id,
            combatant=state.turn_owner,
            turn=state.turn,
        )
        metrics.AUTOMATIC_FAILURES.inc()
    try:
        # What was drawn for nothing leaves its receipt as well, so that no draw is made twice.
        return _taken(battle, state, state.turn_owner, EndTurn(among=among))
    except GameError as refusal:
        # To a player's command this is no refusal but a fault, which stops the battle in the end.
        raise BattleFailedError(f"combatant {state.turn_owner} cannot end its turn") from refusal


def _own_combatant(battle: RunningBattle, asked: Asked) -> int:
    """Return the combatant of who asks; to others the battle does not exist."""
    combatant = battle.state.of_character(asked.character_id)
    if combatant is None:
        raise NotFoundError
    if battle.state.phase == "ended":
        is_fault = battle.state.end_reason == "engine_fault"
        raise BattleFaultedError if is_fault else BattleOverError
    return combatant.id


async def _check_is_fresh(battle: RunningBattle, asked: Asked, on: int) -> None:
    """Refuse a command that was meant for an earlier state, and say what its sender has missed."""
    audience = engine.audience_of(battle.state, asked.character_id)
    if on >= battle.numbers.get(audience, 0):
        return
    missed = await updates_after(battle, audience, on)
    raise realtime.stale(stream_name(battle.id), battle.numbers[audience], missed)


def _changes_row(battle: RunningBattle, decided: Decided) -> bool:
    """Tell if more than the journal changes: not while a turn goes on under the same deadline."""
    before, state = battle.state, decided.state
    return (
        decided.clock is not battle.clock
        or before.turn_owner != state.turn_owner
        or before.phase != state.phase
        or before.round != state.round
    )


async def _riders(battle: RunningBattle, decided: Decided) -> tuple[Rider, ...]:
    """Return the rows that change with the entry."""
    state, clock = decided.state, decided.clock
    if state.phase == "ended":
        record = ending.record_rider(state, clock, decided.moment)
        place = battle.place or await _place_of(battle)
        with of_this_battle():
            return (record, *ending.end_riders(state, place, battle.rulebook, battle.seed))
    return (ending.record_rider(state, clock, decided.moment),)


_PLACE = "SELECT mode, zone, instance, group_id FROM combat_battlerecord WHERE id = %s"


async def _place_of(battle: RunningBattle) -> Place:
    """Return where a battle is fought that has begun elsewhere, or before this process."""
    rows = await journal.fetch(_PLACE, [battle.id])
    return Place(*rows[0])._replace(bonus_pct=battle.bonus_pct)


async def _tell(battle: RunningBattle, updates: list[Numbered]) -> None:
    await realtime.send_sequenced(stream_name(battle.id), updates)
    if battle.state.phase == "ended":
        # Numbering what is told on `me` is a trip to Redis, for which nobody's reply need wait.
        await realtime.run_aside(_tell_end(ending.endings_of(battle.state)))


async def _tell_end(endings: list[ending.Ending]) -> None:
    await asyncio.gather(
        *(
            realtime.tell_character_now(
                each.character_id, CurrentBattleChanged(battle=None, stream=None, outcome=each.outcome)
            )
            for each in endings
        )
    )
