"""A cast, a field or a trigger while it unfolds: who causes it, and whom its effects meet."""

from __future__ import annotations

from typing import Literal

import msgspec

from aether.protocol.combat_values import Cell

from . import events as e
from .addresses import address
from .board import distance, is_seen
from .definitions import AnyShape, Effect, Filter, Single, SkillDef
from .resolution import Resolution
from .shapes import centre_of, coverage
from .state import Battle, Combatant
from .stats import has_state

Cause = Literal["skill", "field", "trigger"]


class Struck(msgspec.Struct, frozen=True):
    """Somebody inside the shape when it began, and how far from its centre."""

    who: int
    distance: int


class Scene(msgspec.Struct, kw_only=True):
    """What unfolds; `dodged` grows and `at` says which effect runs, all else was fixed when it began."""

    caster: int
    skill: SkillDef
    rank: int
    origin: Cell
    struck: tuple[Struck, ...]
    level: int
    cause: Cause = "skill"
    is_crit: bool = False
    dodged: set[int] = msgspec.field(default_factory=set)
    at: tuple[int, ...] = ()

    @property
    def block(self) -> str:
        """The address of the running effect in the content."""
        return address(self.skill, self.rank, self.at)

    def meet(self, r: Resolution, effect: Effect) -> list[Struck]:
        """Return whom an effect meets now, in order; who is unseen shows for a moment.

        That is who is alive, let through by its filter, and not dodging.
        """
        caster = r.of(self.caster)
        if effect.filter == "self":
            return [Struck(self.caster, 0)] if caster.is_alive else []
        met = []
        for struck in self.struck:
            other = r.of(struck.who)
            if not other.is_alive or not passes(effect.filter, caster, other):
                continue
            if effect.on_hit and struck.who in self.dodged:
                continue
            if other.effects and other.id != caster.id and has_state(other, "untargetable"):
                continue
            if other.is_hidden and other.team != caster.team:
                r.emit(e.Glimpsed(other.id, other.cell))
            met.append(struck)
        return met

    def narrowed(self, struck: tuple[Struck, ...]) -> Scene:
        """Return the same scene with only some of those whom it met."""
        return Scene(
            caster=self.caster,
            skill=self.skill,
            rank=self.rank,
            origin=self.origin,
            struck=struck,
            level=self.level,
            cause=self.cause,
            is_crit=self.is_crit,
            dodged=self.dodged,
            at=self.at,
        )


def passes(wanted: Filter, caster: Combatant, other: Combatant) -> bool:
    match wanted:
        case "any":
            return True
        case "enemy":
            return other.team != caster.team
        case "ally":
            return other.team == caster.team
        case "other_ally":
            return other.team == caster.team and other.id != caster.id
        case "own_summon":
            return other.owner == caster.id
        case "self":
            return other.id == caster.id


def struck_by(
    battle: Battle, shape: AnyShape, *, origin: Cell, caster: Cell, area_los: bool
) -> tuple[Struck, ...]:
    """Return who is inside a shape, nearest to its centre first, then by slot."""
    if isinstance(shape, Single):
        standing = battle.standing_on(origin)
        return () if standing is None else (Struck(standing.id, 0),)
    centre = centre_of(shape, origin=origin, caster=caster)
    covers = coverage(shape, origin=origin, caster=caster)
    board = battle.header.board
    inside = [
        (distance(each.cell, origin), each.slot, each.id)
        for each in battle.combatants
        if each.is_alive and covers(each.cell) and (not area_los or is_seen(board, centre, each.cell))
    ]
    return tuple(Struck(who, away) for away, _, who in sorted(inside))
