"""Which row of its own rules a monster follows now, and where the row is aimed."""

from __future__ import annotations

from collections.abc import Callable

from aether.protocol.combat_values import Cell

from ..board import distance, within
from ..bosses import is_due, rules_of
from ..casting import (
    as_known,
    check_aim,
    check_summons,
    check_target_limit,
    check_taunt,
    check_usable,
    known_rank,
)
from ..definitions import Do, RuleDef
from ..inputs import Follow
from ..refusals import Refusal
from ..state import Combatant
from .mind import Mind

_GROUND = 4
"""How far from itself a monster looks for free ground."""


def due_rule(mind: Mind) -> Follow | None:
    """Return the first row that is due and can be followed from here."""
    for number, rule in enumerate(rules_of(mind.battle, mind.me, mind.rulebook)):
        if is_due(mind.battle, mind.me, rule, number):
            cell = _aim(mind, rule)
            if cell is not None:
                return Follow(number, cell)
    return None


def _aim(mind: Mind, rule: RuleDef) -> Cell | None:
    """Return where the row's skill can be cast best; its own cell for a row that casts nothing."""
    cast = next((do for do in rule.do if do.cast is not None), None)
    if cast is None:
        return mind.me.cell
    return next((cell for cell in _candidates(mind, cast) if _may_cast(mind, cast, cell)), None)


def _may_cast(mind: Mind, do: Do, cell: Cell) -> bool:
    battle, me = mind.battle, mind.me
    skill_id = do.cast or ""
    try:
        rank = known_rank(battle, me, skill_id)
        skill = as_known(me, mind.rulebook.skills[skill_id])
        check_usable(battle, me, skill)
        check_aim(battle, me, skill, cell)
        check_target_limit(me, skill, battle.seen_on(cell, me.team))
        check_taunt(battle, me, skill, cell)
        check_summons(battle, me, skill, rank)
    except Refusal:
        return False
    return True


def _candidates(mind: Mind, do: Do) -> list[Cell]:
    if do.at == "self":
        return [mind.me.cell]
    if do.at == "free_cell":
        return sorted(
            within(mind.me.cell, _GROUND),
            key=lambda cell: (mind.places.away.get(cell, 99), distance(cell, mind.me.cell), cell),
        )
    return [enemy.cell for enemy in sorted(mind.enemies, key=_PREFERRED[do.at](mind))]


def _adjacent(mind: Mind, enemy: Combatant) -> int:
    return sum(distance(other.cell, enemy.cell) == 1 for other in mind.enemies)


Key = Callable[[Combatant], tuple[int, int]]

_PREFERRED: dict[str, Callable[[Mind], Key]] = {
    "nearest": lambda mind: lambda enemy: (distance(mind.me.cell, enemy.cell), enemy.slot),
    "weakest": lambda _mind: lambda enemy: (enemy.hp, enemy.slot),
    "strongest": lambda _mind: lambda enemy: (-enemy.hp, enemy.slot),
    "most_adjacent": lambda mind: lambda enemy: (-_adjacent(mind, enemy), enemy.slot),
}
