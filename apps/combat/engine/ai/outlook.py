"""What can be said of a skill before anybody looks at a board: how much depends on where it is cast from."""

from __future__ import annotations

import msgspec

from ..definitions import (
    AnyEffect,
    AnyShape,
    Bar,
    Circle,
    Cone,
    Cross,
    Dash,
    Glyph,
    Line,
    Pull,
    Push,
    Rank,
    Ring,
    Single,
    SkillDef,
    Square,
    Swap,
    Teleport,
    TeleportBack,
    groups_within,
)
from .bounds import Parts, parts_of
from .places import FAR

OUTLOOKS_MAX = 4_096
_GRADUAL = (Push, Pull)
_MOTIONS = (*_GRADUAL, Dash, Teleport, TeleportBack, Swap)


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """`is_moving`: what the skill brings depends on the very cell; `is_gradual`: on the distance alone.

    `glyphs`: nearer than that, the caster may be in one that it lays. `varies`: it brings something else
    from place to place, which takes a long look.
    """

    effects: tuple[AnyEffect, ...]
    parts: Parts
    glyphs: int
    varies: bool
    is_moving: bool
    is_gradual: bool
    is_ground: bool


_known: dict[int, tuple[Rank, Outlook]] = {}


def outlook_of(skill: SkillDef, rank: int) -> Outlook:
    """Return the outlook of a skill, found once for each rank of the content.

    It is kept by the rank itself, which effects on a caster leave as it is when they change its skills.
    """
    of = skill.ranks[rank]
    known = _known.get(id(of))
    if known is None or known[0] is not of:
        if len(_known) >= OUTLOOKS_MAX:
            _known.clear()
        known = _known[id(of)] = (of, _outlook(skill, of.effects))
    return known[1]


def _outlook(skill: SkillDef, effects: tuple[AnyEffect, ...]) -> Outlook:
    moving = [effect for effect in effects if not _is_same_from_everywhere(effect)]
    is_gradual = isinstance(skill.shape, Single) and all(isinstance(effect, _GRADUAL) for effect in moving)
    is_moving = bool(moving) and not is_gradual
    return Outlook(
        effects=effects,
        parts=parts_of(effects),
        glyphs=max([_spread(each.shape) for each in effects if isinstance(each, Glyph)], default=0),
        varies=is_moving or _spread(skill.shape) == FAR,
        is_moving=is_moving,
        is_gradual=bool(moving) and is_gradual,
        # What is aimed at the ground is aimed from where one stands: walking first would be tried twice.
        is_ground="free_cell" in skill.target or "corpse" in skill.target,
    )


def _is_same_from_everywhere(effect: AnyEffect) -> bool:
    """Tell whether what an effect brings does not depend on where its caster stands."""
    if isinstance(effect, _MOTIONS):
        return False
    return all(_is_same_from_everywhere(each) for group in groups_within(effect) for each in group)


def breadth_of(skill: SkillDef, reach: int) -> int:
    """Return how far from its aim a cast that reaches so far may meet somebody besides its caster."""
    match skill.shape:
        case Line(n=n):
            return n - 1
        case Bar(n=n):
            return n
        case Cone(n=n) if skill.range.axis:
            # It starts beside its caster, who is at most `reach` away from the aim, and grows by one a step.
            return max(2 * n - 2, reach - 1)
        case shape:
            return _spread(shape)


def _spread(shape: AnyShape) -> int:
    """Return from how near a cast may cover its own caster, or depends on where it is cast from."""
    match shape:
        case Single():
            return 0
        case Circle(n=n) | Ring(n=n) | Cross(n=n):
            return n
        case Square(n=n):
            return 2 * n
        case _:
            return FAR
