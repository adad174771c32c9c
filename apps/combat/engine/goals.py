"""Objectives: what makes a team win before the others have fallen, or lose while it still stands."""

from __future__ import annotations

from aether.protocol.combat_values import Objective

from .state import Battle, Combatant

MEMBERS = ("character", "monster")
"""Who a team consists of: summons and things do not keep it in the battle."""


def stands(battle: Battle, team: int) -> bool:
    """Tell whether a team has somebody left. Monsters beside characters do not fight on without them."""
    members = _of(battle, team, "")
    characters = [each for each in members if battle.build(each).kind == "character"]
    return any(each.is_alive for each in characters or members)


def both_stand(battle: Battle) -> bool:
    """Tell whether each team has somebody left; asked after every input, so it stops as soon as it knows.

    Only battles without objectives are asked about: in those no monster stands beside characters.
    """
    found = -1
    for each in battle.combatants:
        if each.is_alive and each.team != found and battle.builds[each.slot].kind in MEMBERS:
            if found >= 0:
                return True
            found = each.team
    return False


def is_lost(battle: Battle, team: int) -> bool:
    """Tell whether nobody of a team stands, or somebody has fallen whom it had to keep alive."""
    guarded = [
        each for each in battle.header.objectives if each.team == team and each.goal in ("protect", "escort")
    ]
    return not stands(battle, team) or any(_has_fallen(battle, team, each.ref) for each in guarded)


def is_done(battle: Battle, team: int) -> bool:
    """Tell whether a team has reached all its objectives; to protect is none that is ever reached."""
    goals = [each for each in battle.header.objectives if each.team == team and each.goal != "protect"]
    return bool(goals) and all(_is_reached(battle, team, goal) for goal in goals)


def _is_reached(battle: Battle, team: int, objective: Objective) -> bool:
    match objective.goal:
        case "kill":
            return _has_fallen(battle, 1 - team, objective.ref)
        case "survive":
            return battle.round > objective.rounds
        case "reach":
            return any(each.cell in objective.cells for each in _of(battle, team, "") if each.is_alive)
        case "escort":
            return any(
                each.cell in objective.cells for each in _of(battle, team, objective.ref) if each.is_alive
            )
        case "eliminate" | "protect":
            return not stands(battle, 1 - team)


def _has_fallen(battle: Battle, team: int, ref: str) -> bool:
    return any(not each.is_alive for each in _of(battle, team, ref))


def _of(battle: Battle, team: int, ref: str) -> list[Combatant]:
    """Return the members of a team, or those of them that an objective is about."""
    return [
        each
        for each in battle.combatants
        if each.team == team
        and battle.build(each).kind in MEMBERS
        and (not ref or battle.build(each).ref == ref)
    ]
