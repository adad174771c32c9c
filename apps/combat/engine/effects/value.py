"""Effects of value: damage and healing, rolled or by share; death and what undoes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import events as e
from ..definitions import Damage, DamagePct, Effect, Heal, HealPct, Kill, Revive, Rollable, Single
from ..hurting import Blow, heal, hurt, mended_by, sent_by, strike_down
from ..resolution import Resolution
from ..scene import Scene, Struck, passes
from ..state import Combatant
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
    for struck in scene.meet(r, effect):
        source = r.of(scene.caster)
        blow = Blow(
            by=scene.caster,
            cause=scene.cause,
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


def damage_pct(r: Resolution, scene: Scene, effect: DamagePct) -> None:
    for struck in scene.meet(r, effect):
        target = r.of(struck.who)
        whole = {"max": target.hp_max, "current": target.hp, "missing": target.hp_max - target.hp}[effect.of]
        amount = min(whole * effect.pct // 100, effect.cap)
        blow = Blow(by=scene.caster, cause=scene.cause, element=effect.element, base=amount, raw=amount)
        hurt(r, struck.who, blow)


def mend(r: Resolution, scene: Scene, effect: Heal) -> None:
    base = _rolled(r, scene, effect, "heal")
    for struck in scene.meet(r, effect):
        amount = mended_by(r.battle, r.of(scene.caster), base)
        heal(r, struck.who, by=scene.caster, amount=amount)


def heal_pct(r: Resolution, scene: Scene, effect: HealPct) -> None:
    for struck in scene.meet(r, effect):
        target = r.of(struck.who)
        whole = target.hp_max if effect.of == "max" else target.hp_max - target.hp
        heal(r, struck.who, by=scene.caster, amount=whole * effect.pct // 100)


def kill(r: Resolution, scene: Scene, effect: Kill) -> None:
    for struck in scene.meet(r, effect):
        strike_down(r, struck.who, by=scene.caster)


def revive(r: Resolution, scene: Scene, effect: Revive) -> None:
    """Bring the fallen back where they lie, unless somebody stands there by now."""
    caster = r.of(scene.caster)
    for struck in scene.struck:
        fallen = r.of(struck.who)
        if fallen.is_alive or not passes(effect.filter, caster, fallen):
            continue
        if r.battle.standing_on(fallen.cell) is not None:
            r.emit(e.EffectResisted(fallen.id, caster.id, "revive"))
        else:
            r.emit(e.Revived(fallen.id, caster.id, _risen(fallen, effect.hp_pct)))


def _risen(fallen: Combatant, hp_pct: int) -> int:
    return max(1, fallen.hp_max * hp_pct // 100)


def _is_dodged(r: Resolution, scene: Scene, effect: Damage, struck: Struck) -> bool:
    can_dodge = effect.dodgeable and scene.cause == "skill" and isinstance(scene.skill.shape, Single)
    if not can_dodge or struck.who == scene.caster or effect.element == "pure":
        return False
    accuracy = stat(r.battle, r.of(scene.caster), "accuracy_bp")
    chance = stat(r.battle, r.of(struck.who), "dodge_bp") - accuracy
    is_dodged = r.chance(min(max(chance, 0), DODGE_MAX_BP), why="dodge")
    if is_dodged:
        scene.dodged.add(struck.who)
    return is_dodged


HANDLERS: dict[type[Effect], Callable[[Resolution, Scene, Any], None]] = {
    Damage: damage,
    DamagePct: damage_pct,
    Heal: mend,
    HealPct: heal_pct,
    Kill: kill,
    Revive: revive,
}
