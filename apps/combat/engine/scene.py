"""A cast while it unfolds: who casts what, and whom its effects meet."""

from __future__ import annotations

import msgspec

from aether.protocol.combat_events import Cell

from .definitions import Effect, Filter, SkillDef
from .resolution import Resolution
from .state import Combatant


class Struck(msgspec.Struct, frozen=True):
    """Somebody inside the shape when the cast began, and how far from its centre."""

    who: int
    distance: int


class Scene(msgspec.Struct):
    """A cast while it unfolds; `dodged` grows, all else was fixed when it began."""

    caster: int
    skill: SkillDef
    origin: Cell
    struck: tuple[Struck, ...]
    is_crit: bool
    level: int
    dodged: set[int]

    def targets(self, r: Resolution, effect: Effect) -> list[Struck]:
        """Return whom an effect meets now, in order: alive, let through by its filter, not dodging."""
        if effect.filter == "self":
            return [Struck(self.caster, 0)] if r.of(self.caster).is_alive else []
        caster = r.of(self.caster)
        return [
            struck
            for struck in self.struck
            if r.of(struck.who).is_alive
            and passes(effect.filter, caster, r.of(struck.who))
            and not (effect.on_hit and struck.who in self.dodged)
        ]


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
        case "self":
            return other.id == caster.id
