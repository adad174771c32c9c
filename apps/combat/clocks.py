"""The clock of a battle, pure: turns with a bank, absence with a limit, all in milliseconds since 1970.

Time left follows from moments that are kept with the battle, so that no reconnect, restart or other
process can reset it.
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from apps.combat import engine
from apps.combat.engine import inputs
from apps.combat.engine.state import Battle, Combatant

PLACEMENT_MS = 30_000
TURN_MS = 30_000
BANK_MS = 60_000
BANK_GAIN_MS = 5_000
ABSENCE_MS = 90_000
ABANDON_MS = 180_000


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """When the present phase or turn began, and what each human has left, by combatant id.

    `banks` is extra time for turns, `absences` what is left of the time that one may be away on own
    turns, `gone_since` the moment since when a human has had no connection.
    """

    began: int
    banks: dict[int, int] = {}
    absences: dict[int, int] = {}
    gone_since: dict[int, int] = {}


def opened(battle: Battle, now: int) -> Clock:
    """Return the clock of a battle that begins."""
    humans = [combatant.id for combatant in humans_of(battle)]
    return Clock(
        began=now,
        banks=dict.fromkeys(humans, BANK_MS),
        absences=dict.fromkeys(humans, ABSENCE_MS),
    )


def after(clock: Clock, before: Battle, battle: Battle, now: int) -> Clock:
    """Return the clock after the battle went from one state to another."""
    clock = _with_connections(_with_joined(clock, before, battle), before, battle, now)
    if (before.phase, before.turn) == (battle.phase, battle.turn):
        return clock
    if before.phase == "fighting":
        clock = _turn_over(clock, before.turn_owner, now)
    return replace(clock, began=now)


def turn_ends(clock: Clock, battle: Battle) -> int | None:
    """Return when the phase or turn ends by itself; None where nobody is waited for."""
    if battle.phase == "placement":
        return clock.began + PLACEMENT_MS
    if battle.phase == "ended":
        return None
    owner = battle.turn_owner
    ends = clock.began + TURN_MS + clock.banks.get(owner, 0)
    gone = clock.gone_since.get(owner)
    if gone is not None:
        ends = min(ends, max(gone, clock.began) + clock.absences.get(owner, 0))
    return ends


def deadline(clock: Clock, battle: Battle) -> int | None:
    """Return the next moment at which the battle goes on by itself."""
    ends = turn_ends(clock, battle)
    if not clock.gone_since:
        return ends
    moments = [moment for team in (0, 1) if (moment := _abandoned_at(clock, battle, team)) is not None]
    return min([*moments, ends]) if ends is not None else None


def moment(milliseconds: int | None) -> datetime | None:
    """Return a moment of a clock as the database keeps it."""
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)


def due_input(clock: Clock, battle: Battle, now: int) -> engine.Input | None:
    """Return the input that time gives to the battle now, if any."""
    gone = [(at, team) for team in (0, 1) if (at := _abandoned_at(clock, battle, team)) is not None]
    if gone and battle.phase != "ended" and min(gone)[0] <= now:
        return inputs.Abandon(min(gone)[1])
    ends = turn_ends(clock, battle)
    if ends is None or ends > now:
        return None
    return inputs.PlacementTimeout() if battle.phase == "placement" else inputs.TurnTimeout()


def humans_of(battle: Battle) -> list[Combatant]:
    """Return the combatants that people play, by slot."""
    return [each for each in battle.combatants if battle.build(each).character_id is not None]


def _with_joined(clock: Clock, before: Battle, battle: Battle) -> Clock:
    """Give who has joined meanwhile what the others began with."""
    if battle.phase != "placement" or len(before.combatants) == len(battle.combatants):
        return clock
    joined = [each.id for each in humans_of(battle) if each.slot >= len(before.combatants)]
    return replace(
        clock,
        banks=clock.banks | dict.fromkeys(joined, BANK_MS),
        absences=clock.absences | dict.fromkeys(joined, ABSENCE_MS),
    )


def _with_connections(clock: Clock, before: Battle, battle: Battle, now: int) -> Clock:
    # Whoever was summoned meanwhile has no connection to lose.
    for was, combatant in zip(before.combatants, battle.combatants, strict=False):
        if was.is_connected and not combatant.is_connected:
            clock = replace(clock, gone_since={**clock.gone_since, combatant.id: now})
        elif combatant.is_connected and not was.is_connected:
            clock = _back(clock, before, combatant.id, now)
    return clock


def _back(clock: Clock, before: Battle, who: int, now: int) -> Clock:
    clock = _absence_charged(clock, who, now) if before.turn_owner == who else clock
    return replace(clock, gone_since={one: at for one, at in clock.gone_since.items() if one != who})


def _turn_over(clock: Clock, who: int, now: int) -> Clock:
    """Charge what the turn took beyond its time to the bank, and pay in for having had a turn."""
    if who not in clock.banks:
        return clock
    clock = _absence_charged(clock, who, now)
    overrun = max(0, now - clock.began - TURN_MS)
    bank = min(BANK_MS, max(0, clock.banks[who] - overrun) + BANK_GAIN_MS)
    return replace(clock, banks={**clock.banks, who: bank})


def _absence_charged(clock: Clock, who: int, now: int) -> Clock:
    gone = clock.gone_since.get(who)
    if gone is None:
        return clock
    left = max(0, clock.absences.get(who, 0) - (now - max(gone, clock.began)))
    return replace(clock, absences={**clock.absences, who: left})


def _abandoned_at(clock: Clock, battle: Battle, team: int) -> int | None:
    """Return when a team counts as gone: its humans all away, counted from the last who left."""
    if not clock.gone_since:
        return None
    humans = [each for each in humans_of(battle) if each.team == team and not each.has_fled]
    if not humans or any(each.is_connected for each in humans):
        return None
    return max(clock.gone_since.get(each.id, clock.began) for each in humans) + ABANDON_MS
