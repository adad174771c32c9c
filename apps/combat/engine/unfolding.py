"""How effects run: one after the other, the dead buried after each, then reactions, then victory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aether.protocol.combat_values import Cell

from .addresses import effect_at, trigger_of
from .definitions import AnyEffect, Effect
from .hurting import bury_the_dead, hurt, pure
from .outcome import check_victory
from .resolution import RUNS_MAX, EngineFaultError, Reaction, Resolution
from .scene import Cause, Scene, Struck, struck_by
from .stages import spend

Handler = Callable[[Resolution, Scene, Any], None]

HANDLERS: dict[type[Effect], Handler] = {}
"""Which function unfolds which type; filled by the families when the engine is loaded."""


def run(r: Resolution, scene: Scene, effects: Sequence[AnyEffect], path: tuple[int, ...] = ()) -> None:
    """Unfold effects in order; `path` is where they are inside the rank of their skill."""
    for number, effect in enumerate(effects):
        r.runs += 1
        if r.runs > RUNS_MAX:
            raise EngineFaultError
        scene.at = (*path, number)
        HANDLERS[type(effect)](r, scene, effect)
        bury_the_dead(r, by=scene.caster)


def run_block(
    r: Resolution, block: str, *, caster: int, origin: Cell, struck: tuple[Struck, ...], cause: Cause
) -> None:
    """Unfold what an address in the content names, by and for `caster`."""
    skill, rank, path, effect = effect_at(r.rulebook, block)
    scene = Scene(
        caster=caster,
        skill=skill,
        rank=rank,
        origin=origin,
        struck=struck,
        level=r.battle.build(r.of(caster)).level,
        cause=cause,
    )
    run(r, scene, effect.effects, (*path, 0))  # type: ignore[union-attr]  # only these have addresses


def settle(r: Resolution, *, by: int = 0) -> None:
    """Bury the dead, let everything react that was waiting, first come first served, then see who has won."""
    bury_the_dead(r, by=by)
    while r.reactions:
        reaction = r.reactions.popleft()
        r.depth = reaction.depth
        _react(r, reaction)
        bury_the_dead(r, by=reaction.effect.source)
    r.depth = 0
    r.fired.clear()
    if not r.is_over:
        check_victory(r)


def _react(r: Resolution, reaction: Reaction) -> None:
    effect, bearer = reaction.effect, r.of(reaction.bearer)
    if reaction.reflected:
        if r.of(reaction.other).is_alive:
            hurt(r, reaction.other, pure(bearer.id, "reflect", reaction.reflected))
        return
    trigger = trigger_of(r.rulebook, effect.block)
    met = bearer
    if trigger.at == "other":
        if not reaction.other or not r.of(reaction.other).is_alive:
            return
        met = r.of(reaction.other)
    if any(each.id == effect.id for each in bearer.effects):
        spend(r, bearer.id, effect)
    struck = struck_by(r.battle, trigger.shape, origin=met.cell, caster=met.cell, area_los=True)
    run_block(r, effect.block, caster=effect.source, origin=met.cell, struck=struck, cause="trigger")
