"""A laboratory: duels in which somebody knows tricks, made of any effects, and stands where we want."""

from __future__ import annotations

from typing import Any

from apps.combat.engine.inputs import Cast

from .cast import Fight, hero

MINE, THEIRS, ALLY, BEYOND = (4, 4), (6, 4), (4, 6), (8, 4)
DAMAGE = {"type": "damage", "element": "ember", "min": 20, "max": 20}


def lab(*effects: dict[str, Any], **changes: Any) -> Fight:
    """Two against two on a meadow; the first knows the trick and has the turn. No stats but points."""
    fight = Fight(
        hero("anchorite", character_id=1),
        hero("anchorite", character_id=2),
        hero("anchorite", character_id=11, team=1),
        hero("anchorite", character_id=12, team=1),
    ).start()
    fight.skip_to(0)
    for slot, cell in enumerate((MINE, ALLY, THEIRS, BEYOND)):
        fight.set(slot, cell=cell, began_at=cell)
    fight.teach(0, *effects, **changes)
    return fight


def trick(fight: Fight, cell: tuple[int, int] = THEIRS, skill: str = "trick") -> tuple[Any, ...]:
    return fight.do(Cast(skill, cell))
