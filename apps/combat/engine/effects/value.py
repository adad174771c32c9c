"""Effects of value: damage and healing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..definitions import Damage, Effect, Heal, Rollable, Single
from ..hurting import Blow, heal, hurt, mended_by, sent_by
from ..resolution import Resolution
from ..scene import Scene, Struck
from ..stats import stat

DODGE_MAX_BP = 3000


def roll_amount(
    r: Resolution,
    scene: Scene,
    *,
    normal: tuple[int, int],
    crit: tuple[int, int] | None,
    per_level: int,
    why: str,
) -> int:
    """Roll the value of an effect once for all its targets."""
    low, high = crit if scene.is_crit and crit is not None else normal
    return r.between(low, high, why=why) + per_level * scene.level


def _rolled(r: Resolution, scene: Scene, effect: Rollable, why: str) -> int:
    return roll_amount(
        r,
        scene,
        normal=(effect.min, effect.max),
        crit=effect.crit,
        per_level=effect.per_level,
        why=why,
    )


def damage(r: Resolution, scene: Scene, effect: Damage) -> None:
    base = _rolled(r, scene, effect, "damage")
    for struck in scene.targets(r, effect):
        source = r.of(scene.caster)
        blow = Blow(
            by=scene.caster,
            cause="skill",
            element=effect.element,
            base=base,
            raw=sent_by(r.battle, source, effect.element, base),
            falloff_pct=effect.falloff_pct * struck.distance,
            pierce_pct=stat(r.battle, source, "pierce_pct"),
            is_dodged=_is_dodged(r, scene, effect, struck),
        )
        lost = hurt(r, struck.who, blow)
        stolen = lost * effect.lifesteal_pct // 100
        if stolen and r.of(scene.caster).hp > 0:
            heal(r, scene.caster, by=scene.caster, amount=stolen)


def _is_dodged(r: Resolution, scene: Scene, effect: Damage, struck: Struck) -> bool:
    can_dodge = effect.dodgeable and isinstance(scene.skill.shape, Single)
    if not can_dodge or struck.who == scene.caster or effect.element == "pure":
        return False
    accuracy = stat(r.battle, r.of(scene.caster), "accuracy_bp")
    chance = stat(r.battle, r.of(struck.who), "dodge_bp") - accuracy
    is_dodged = r.chance(min(max(chance, 0), DODGE_MAX_BP), why="dodge")
    if is_dodged:
        scene.dodged.add(struck.who)
    return is_dodged


def healing(r: Resolution, scene: Scene, effect: Heal) -> None:
    base = _rolled(r, scene, effect, "heal")
    for struck in scene.targets(r, effect):
        amount = mended_by(r.battle, r.of(scene.caster), base)
        heal(r, struck.who, by=scene.caster, amount=amount)


HANDLERS: dict[type[Effect], Callable[[Resolution, Scene, Any], None]] = {
    Damage: damage,
    Heal: healing,
}
