"""Effects that move somebody without walking; every cell entered fires what lies there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from aether.protocol.combat_values import Cell, MotionCause

from .. import events as e
from ..board import distance, is_walkable
from ..definitions import Dash, Effect, FallDamage, FallDeath, Pull, Push, Swap, Teleport, TeleportBack
from ..fields import enter, is_watched
from ..hurting import hurt, pure, strike_down
from ..resolution import Resolution
from ..scene import Scene
from ..shapes import direction
from ..stages import changed, is_replaced
from ..state import Battle
from ..stats import has_state

COLLISION_BASE = 5
CELLS_MAX = 24
"""No board is wider."""


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """How far somebody gets: the cells entered, the cells left over, and who was in the way."""

    path: tuple[Cell, ...]
    left: int
    struck: int
    step: Cell


class _Motion(msgspec.Struct, frozen=True, kw_only=True):
    by: int
    cause: MotionCause
    step: Cell
    n: int


def push(r: Resolution, scene: Scene, effect: Push) -> None:
    centre = scene.origin if effect.away_from == "center" else r.of(scene.caster).cell
    for struck in scene.meet(r, effect):
        step = _bearing(centre, r.of(struck.who).cell)
        if step == (0, 0) or _is_held(r, scene, struck.who, "push"):
            continue
        resisted = e.EffectResisted(struck.who, scene.caster, "push")
        if is_replaced(r, struck.who, "pushed", resisted):
            continue
        n = min(changed(r, struck.who, "pushed", effect.n), CELLS_MAX)
        drift = _drift(r, struck.who, _Motion(by=scene.caster, cause="push", step=step, n=n))
        if drift.left:
            _collide(r, scene, struck.who, drift)


def pull(r: Resolution, scene: Scene, effect: Pull) -> None:
    """Draw somebody in; it ends gently at the caster's side, but hurts against anything else."""
    for struck in scene.meet(r, effect):
        caster = r.of(scene.caster)
        start = r.of(struck.who).cell
        step = _bearing(start, caster.cell)
        if step == (0, 0) or distance(start, caster.cell) == 1 or _is_held(r, scene, struck.who, "pull"):
            continue
        resisted = e.EffectResisted(struck.who, caster.id, "pull")
        if is_replaced(r, struck.who, "pushed", resisted):
            continue
        n = min(changed(r, struck.who, "pushed", effect.n), CELLS_MAX)
        drift = _drift(r, struck.who, _Motion(by=caster.id, cause="pull", step=step, n=n))
        if drift.left and drift.struck != caster.id:
            _collide(r, scene, struck.who, drift)


def dash(r: Resolution, scene: Scene, effect: Dash) -> None:
    caster = r.of(scene.caster)
    if has_state(caster, "root"):
        r.emit(e.EffectResisted(caster.id, caster.id, "dash"))
        return
    n = min(effect.n, distance(caster.cell, scene.origin))
    step = direction(caster.cell, scene.origin)
    if caster.is_alive and n and step != (0, 0):
        _drift(r, caster.id, _Motion(by=caster.id, cause="dash", step=step, n=n))


def teleport(r: Resolution, scene: Scene, _effect: Teleport) -> None:
    _appear_at(r, scene, scene.caster, scene.origin, "teleport")


def teleport_back(r: Resolution, scene: Scene, effect: TeleportBack) -> None:
    for struck in scene.meet(r, effect):
        if not _is_held(r, scene, struck.who, "teleport_back"):
            _appear_at(r, scene, struck.who, r.of(struck.who).began_at, "teleport_back")


def swap(r: Resolution, scene: Scene, effect: Swap) -> None:
    for struck in scene.meet(r, effect):
        if struck.who == scene.caster or _is_held(r, scene, struck.who, "swap"):
            continue
        here, there = r.of(scene.caster).cell, r.of(struck.who).cell
        for who, cell in ((scene.caster, there), (struck.who, here)):
            _displace(r, who, by=scene.caster, cause="swap", path=(cell,))
        _show_if_one_is_seen(r, scene.caster, struck.who)
        enter(r, scene.caster)
        if r.of(struck.who).is_alive:
            enter(r, struck.who)


def _show_if_one_is_seen(r: Resolution, *pair: int) -> None:
    """Whoever changes places with somebody seen is seen there for a moment: where the other went tells it."""
    unseen = [each for each in map(r.of, pair) if each.is_hidden]
    if len(unseen) == 1:
        r.emit(e.Glimpsed(unseen[0].id, unseen[0].cell))


def _appear_at(r: Resolution, scene: Scene, who: int, cell: Cell, cause: MotionCause) -> None:
    """Put somebody on a cell; where somebody stands already, seen or not, it does not work."""
    mover = r.of(who)
    if mover.is_alive and mover.cell != cell:
        if is_walkable(r.battle.header.board, cell) and r.battle.standing_on(cell) is None:
            _displace(r, who, by=scene.caster, cause=cause, path=(cell,))
            enter(r, who)
        else:
            r.emit(e.EffectResisted(who, scene.caster, cause))


def _drift(r: Resolution, who: int, motion: _Motion) -> Drift:
    """Move somebody cell by cell; what lies on the way fires, and may end the motion there."""
    n = motion.n
    while True:
        here = r.of(who).cell
        drift = drifted(r.battle, here, step=motion.step, n=n)
        at = next((at for at, cell in enumerate(drift.path) if is_watched(r.battle, cell)), None)
        taken = drift.path if at is None else drift.path[: at + 1]
        _displace(r, who, by=motion.by, cause=motion.cause, path=taken)
        if at is None:
            return drift
        if enter(r, who):
            return Drift(path=taken, left=0, struck=0, step=motion.step)
        n -= len(taken) * (2 if motion.step[0] and motion.step[1] else 1)


def drifted(battle: Battle, start: Cell, *, step: Cell, n: int) -> Drift:
    """Follow a push cell by cell; a diagonal step costs two of the distance, an odd unit is lost."""
    price = 2 if step[0] and step[1] else 1
    cells = n // price
    path: list[Cell] = []
    here = start
    while len(path) < cells:
        following = (here[0] + step[0], here[1] + step[1])
        if _is_stopped(battle, here, step):
            standing = battle.standing_on(following)
            struck = standing.id if standing is not None else 0
            return Drift(path=tuple(path), left=cells - len(path), struck=struck, step=step)
        path.append(following)
        here = following
    return Drift(path=tuple(path), left=0, struck=0, step=step)


def _is_stopped(battle: Battle, here: Cell, step: Cell) -> bool:
    x, y = here
    dx, dy = step
    if _is_closed(battle, (x + dx, y + dy)):
        return True
    is_diagonal = bool(dx and dy)
    return is_diagonal and _is_closed(battle, (x + dx, y)) and _is_closed(battle, (x, y + dy))


def _is_closed(battle: Battle, cell: Cell) -> bool:
    return not is_walkable(battle.header.board, cell) or battle.standing_on(cell) is not None


def _bearing(start: Cell, end: Cell) -> Cell:
    """Return the unit step from start towards end; exact diagonals go diagonally."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    if abs(dx) == abs(dy):
        return (dx > 0) - (dx < 0), (dy > 0) - (dy < 0)
    return direction(start, end)


def _is_held(r: Resolution, scene: Scene, who: int, what: str) -> bool:
    held = r.of(who)
    is_held = has_state(held, "unmovable") or r.battle.build(held).kind == "object"
    if is_held:
        r.emit(e.EffectResisted(who, scene.caster, what))
    return is_held


def _displace(r: Resolution, who: int, *, by: int, cause: MotionCause, path: tuple[Cell, ...]) -> None:
    if path:
        r.emit(e.Displaced(who, by, cause, path, r.of(who).is_hidden))


def _collide(r: Resolution, scene: Scene, who: int, drift: Drift) -> None:
    is_hidden = r.of(who).is_hidden
    r.emit(e.Collided(who, drift.struck, drift.left, is_hidden))
    falls = [] if drift.struck else _falls(r, who, drift.step)
    if falls:
        _fall(r, scene, who, falls)
        return
    amount = drift.left * (COLLISION_BASE + scene.level // 5)
    hurt(r, who, pure(scene.caster, "collision", amount))
    if drift.struck and not has_state(r.of(drift.struck), "untargetable"):
        hurt(r, drift.struck, pure(scene.caster, "collision", amount // 2))


def _falls(r: Resolution, who: int, step: Cell) -> list[FallDamage | FallDeath]:
    """Return what a fall is here: off a tagged cell into what is no ground."""
    board, (x, y) = r.battle.header.board, r.of(who).cell
    if is_walkable(board, (x + step[0], y + step[1])):
        return []
    tags = [tag for tag_x, tag_y, tag in board.tags if (tag_x, tag_y) == (x, y)]
    found = [r.rulebook.tags[tag].fall for tag in tags if tag in r.rulebook.tags]
    return [fall for fall in found if fall is not None]


def _fall(r: Resolution, scene: Scene, who: int, falls: list[FallDamage | FallDeath]) -> None:
    """Let somebody fall: the worst of what its cell says, once."""
    amounts = []
    for fall in falls:
        if isinstance(fall, FallDeath):
            strike_down(r, who, by=scene.caster)
            return
        amounts.append(_cost_of(r, who, fall))
    hurt(r, who, pure(scene.caster, "fall", max(amounts)))


def _cost_of(r: Resolution, who: int, fall: FallDamage) -> int:
    fallen = r.of(who)
    match fall.of:
        case "whole":
            life = r.battle.build(fallen).hp_max
        case "max":
            life = fallen.hp_max
        case "current":
            life = fallen.hp
        case "missing":
            life = fallen.hp_max - fallen.hp
    return min(life * fall.pct // 100, fall.cap)


HANDLERS: dict[type[Effect], Callable[[Resolution, Scene, Any], None]] = {
    Push: push,
    Pull: pull,
    Dash: dash,
    Teleport: teleport,
    TeleportBack: teleport_back,
    Swap: swap,
}
