"""Effects on the board: summons, traps, glyphs and walls."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from aether.kernel.rng import WORD_RANGE
from aether.protocol.combat_values import Cell, Field, LastingEffect

from .. import events as e
from ..board import distance, is_walkable, neighbours
from ..definitions import Effect, Glyph, Summon, Trap, Wall
from ..fields import cells_of, covered_cells, enter, lay_field
from ..opening import entered, seen_entering
from ..resolution import Resolution
from ..scene import Scene
from ..state import Battle, Build, Combatant
from ..stats import build_monster, stat

COMBATANTS_MAX = 96
"""No battle holds more, the fallen and broken walls included."""


def summon(r: Resolution, scene: Scene, effect: Summon) -> None:
    """Bring a monster in, right behind its owner in the order; where there is no room, nothing comes."""
    owner = r.of(scene.caster)
    cell = _room(r, scene)
    if cell is None or not owner.is_alive or not may_summon(r.battle, owner):
        r.emit(e.EffectResisted(owner.id, owner.id, "summon"))
        return
    level = effect.level or scene.level
    build = build_monster(effect.monster, level=level, rulebook=r.rulebook, team=owner.team)
    _enter(r, replace(build, kind="summon"), cell, owner=owner.id, summoned=effect)


def may_summon(battle: Battle, owner: Combatant) -> bool:
    living = sum(
        each.is_alive and each.owner == owner.id and battle.build(each).kind == "summon"
        for each in battle.combatants
    )
    return living < stat(battle, owner, "summon_max") and len(battle.combatants) < COMBATANTS_MAX


def trap(r: Resolution, scene: Scene, effect: Trap) -> None:
    caster = r.of(scene.caster)
    field = Field(
        id=_fresh_id(r),
        kind="trap",
        skill=scene.skill.id,
        source=caster.id,
        team=caster.team,
        centre=scene.origin,
        cells=cells_of(r.battle, effect.shape, scene.origin),
        when="enter",
        until=0,
        block=scene.block,
    )
    lay_field(r, field, at_most=effect.max)


def glyph(r: Resolution, scene: Scene, effect: Glyph) -> None:
    caster = r.of(scene.caster)
    field = Field(
        id=r.battle.effects_created + 1,
        kind="glyph",
        skill=scene.skill.id,
        source=caster.id,
        team=caster.team,
        centre=scene.origin,
        cells=cells_of(r.battle, effect.shape, scene.origin),
        when=effect.when,
        until=caster.turns + effect.duration,
        block=scene.block,
    )
    lay_field(r, field, at_most=effect.max)


def wall(r: Resolution, scene: Scene, effect: Wall) -> None:
    """Close the free cells of the cast's shape for a time, nearest to its centre first."""
    board, caster = r.battle.header.board, r.of(scene.caster)
    cells = covered_cells(board, scene.skill.shape, origin=scene.origin, caster=caster.cell)
    for cell in nearest_first(r.battle, cells, scene.origin):
        if r.battle.standing_on(cell) is None and len(r.battle.combatants) < COMBATANTS_MAX:
            _raise_wall(r, scene, effect, cell)


def _raise_wall(r: Resolution, scene: Scene, effect: Wall, cell: Cell) -> None:
    caster = r.of(scene.caster)
    hp = effect.hp or 1
    build = Build(
        kind="object",
        ref="wall",
        name=scene.skill.name.en,
        level=scene.level,
        hp_max=hp,
        stats={},
        skills=(),
        team=caster.team,
    )
    who = _enter(r, build, cell, owner=caster.id)
    until = caster.turns + effect.duration
    r.emit(e.EffectApplied(who, _standing(r, scene, until, kind="lifetime", of="")))
    if effect.hp is None:
        r.emit(e.EffectApplied(who, _standing(r, scene, until, kind="state", of="untargetable")))


def _standing(r: Resolution, scene: Scene, until: int, **what: Any) -> LastingEffect:
    return LastingEffect(
        id=r.battle.effects_created + 1,
        key=scene.skill.id,
        skill=scene.skill.id,
        source=scene.caster,
        anchor="caster",
        anchor_id=scene.caster,
        until=until,
        value=0,
        stacks=1,
        pierce_pct=0,
        is_harmful=False,
        is_dispellable=False,
        **what,
    )


def _enter(r: Resolution, build: Build, cell: Cell, *, owner: int, summoned: Summon | None = None) -> int:
    """Let somebody new into the battle and return its id; an object takes no place in the order."""
    build = replace(build, id=_fresh_id(r), slot=len(r.battle.combatants))
    combatant = entered(build, cell, r.rulebook)
    timeline = r.battle.timeline
    if summoned is not None:
        at = timeline.index(owner) + 1
        timeline = (*timeline[:at], build.id, *timeline[at:])
    if summoned is not None and summoned.control == "owner":
        combatant = replace(combatant, controller="owner")
    seen = seen_entering(build, combatant, owner=owner)
    r.emit(e.Summoned(seen, timeline, summoned is not None and summoned.linked))
    enter(r, build.id)
    return build.id


def _fresh_id(r: Resolution) -> int:
    """Draw an id that nobody has: ids are not counted up, for what is hidden must not be countable."""
    fields = {field.id for field in r.battle.fields}
    while True:
        drawn = r.below(WORD_RANGE, stream="ids", why="id")
        if drawn and drawn not in fields and r.battle.find(drawn) is None:
            return drawn


def _room(r: Resolution, scene: Scene) -> Cell | None:
    """Return the cell aimed at if it is free, else a free one beside it."""
    board = r.battle.header.board
    near = [scene.origin, *nearest_first(r.battle, neighbours(scene.origin), scene.origin)]
    free = (cell for cell in near if is_walkable(board, cell) and r.battle.standing_on(cell) is None)
    return next(free, None)


def nearest_first(battle: Battle, cells: Iterable[Cell], centre: Cell) -> list[Cell]:
    """Order cells so that a mirrored board has the mirrored order: by how far they are from everybody.

    Of who is hidden, only where it was seen counts.
    """
    landmarks = [each.seen_at if each.is_hidden else each.cell for each in battle.combatants]

    def rank(cell: Cell) -> tuple[int, list[int], Cell]:
        far = [distance(cell, mark) for mark in landmarks]
        far += [(cell[0] - x) ** 2 + (cell[1] - y) ** 2 for x, y in landmarks]
        return distance(cell, centre), far, cell

    return sorted(cells, key=rank)


HANDLERS: dict[type[Effect], Callable[[Resolution, Scene, Any], None]] = {
    Summon: summon,
    Trap: trap,
    Glyph: glyph,
    Wall: wall,
}
