"""Effects about other effects: ending them, choosing among them, repeating them; and cooldowns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aether.protocol.combat_values import LastingEffect

from .. import events as e
from ..conditions import holds, is_about_caster
from ..definitions import Cooldown, Dispel, Effect, If, PerStack, RandomOf
from ..enduring import end_effect
from ..resolution import Resolution
from ..scene import Scene
from ..unfolding import run


def dispel(r: Resolution, scene: Scene, effect: Dispel) -> None:
    for struck in scene.meet(r, effect):
        ending = [each for each in reversed(r.of(struck.who).effects) if _is_meant(effect, each)]
        for each in ending[: effect.count]:
            end_effect(r, struck.who, each, "dispelled")


def _is_meant(effect: Dispel, other: LastingEffect) -> bool:
    if not other.is_dispellable or other.kind in ("tenacity", "lifetime"):
        return False
    if effect.polarity != "any" and other.is_harmful != (effect.polarity == "harmful"):
        return False
    return effect.kind in (None, other.kind) and effect.key in (None, other.key)


def cooldown(r: Resolution, scene: Scene, effect: Cooldown) -> None:
    """Skills that wait are ready sooner or later; making wait begins at the target's present turn."""
    for struck in scene.meet(r, effect):
        target = r.of(struck.who)
        for known in r.battle.build(target).skills:
            if effect.skill not in ("all", known.id):
                continue
            ready_at = next((use.ready_at for use in target.uses if use.skill == known.id), 0)
            later = max(ready_at, target.turns) if effect.delta > 0 else ready_at
            changed = max(0, later + effect.delta)
            if changed != ready_at and (effect.delta > 0 or ready_at > target.turns):
                r.emit(e.CooldownChanged(target.id, known.id, changed))


def choose_by_condition(r: Resolution, scene: Scene, effect: If) -> None:
    """Those for whom the conditions hold go one way, the others the other."""
    path, met = scene.at, scene.meet(r, effect)
    caster = r.of(scene.caster)
    if all(map(is_about_caster, effect.cond)):
        is_so = all(holds(condition, caster, caster) for condition in effect.cond)
        chosen, group = (effect.then, 0) if is_so else (effect.else_, 1)
        run(r, scene, chosen, (*path, group))
        return
    yes = tuple(
        struck for struck in met if all(holds(each, caster, r.of(struck.who)) for each in effect.cond)
    )
    no = tuple(struck for struck in met if struck not in yes)
    for struck, effects, group in ((yes, effect.then, 0), (no, effect.else_, 1)):
        if struck:
            run(r, scene.narrowed(struck), effects, (*path, group))


def choose_at_random(r: Resolution, scene: Scene, effect: RandomOf) -> None:
    drawn, path = r.below(sum(option.w for option in effect.options), why="random_of"), scene.at
    for number, option in enumerate(effect.options):
        if drawn < option.w:
            run(r, scene, option.effects, (*path, number))
            return
        drawn -= option.w


def per_stack(r: Resolution, scene: Scene, effect: PerStack) -> None:
    """The effects meet each target as often as it bears the key; then, perhaps, the key is used up."""
    path = scene.at
    for struck in scene.meet(r, effect):
        borne = [each for each in r.of(struck.who).effects if each.key == effect.key]
        for _ in range(sum(each.stacks for each in borne)):
            if r.of(struck.who).is_alive:
                run(r, scene.narrowed((struck,)), effect.effects, (*path, 0))
        for each in borne if effect.consume else ():
            if any(left.id == each.id for left in r.of(struck.who).effects):
                end_effect(r, struck.who, each, "consumed")


HANDLERS: dict[type[Effect], Callable[[Resolution, Scene, Any], None]] = {
    Dispel: dispel,
    Cooldown: cooldown,
    If: choose_by_condition,
    RandomOf: choose_at_random,
    PerStack: per_stack,
}
