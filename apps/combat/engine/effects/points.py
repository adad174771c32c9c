"""Effects on action and movement points: from the pool of who is acting, else from the next refill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import events as e
from ..definitions import Drain, Effect, Gain, Pool
from ..resolution import Resolution
from ..scene import Scene
from ..stages import changed, is_replaced
from ..state import Combatant
from ..stats import CAPS, stat


def drain(r: Resolution, scene: Scene, effect: Drain) -> None:
    """Each point is a roll of focus against resolve."""
    for struck in scene.meet(r, effect):
        source, target = r.of(scene.caster), r.of(struck.who)
        edge = stat(r.battle, source, "focus_atk") - stat(r.battle, target, "resolve")
        chance = 100 * min(max(50 + edge, 10), 90)
        taken = sum(r.chance(chance, why=f"drain_{effect.pool}") for _ in range(effect.n))
        taken = min(taken, _available(r, target, effect.pool))
        resisted = e.EffectResisted(struck.who, scene.caster, f"drain_{effect.pool}")
        if taken and effect.pool == "ap":
            if is_replaced(r, struck.who, "ap_lost", resisted):
                continue
            taken = min(changed(r, struck.who, "ap_lost", taken), _available(r, target, effect.pool))
        if not taken:
            r.emit(resisted)
            continue
        change(r, struck.who, effect.pool, -taken)
        if effect.steal and r.of(scene.caster).is_alive:
            change(r, scene.caster, effect.pool, taken)


def gain(r: Resolution, scene: Scene, effect: Gain) -> None:
    for struck in scene.meet(r, effect):
        change(r, struck.who, effect.pool, effect.n)


def change(r: Resolution, who: int, pool: Pool, delta: int) -> None:
    """Give or take points: now if it is the turn of `who`, else at its next refill, never both."""
    target = r.of(who)
    values = {"ap": target.ap, "mp": target.mp, "ap_debt": target.ap_debt, "mp_debt": target.mp_debt}
    if r.battle.turn_owner == who:
        cap = CAPS[f"{pool}_max"][1]
        values[pool] = min(max(values[pool] + delta, 0), cap)
    else:
        values[f"{pool}_debt"] -= delta
    r.emit(e.PointsChanged(who, is_hidden=target.is_hidden, **values))
    if delta < 0 and pool == "ap":
        r.notice("ap_lost", who)


def _available(r: Resolution, target: Combatant, pool: Pool) -> int:
    if r.battle.turn_owner == target.id:
        return target.ap if pool == "ap" else target.mp
    debt = target.ap_debt if pool == "ap" else target.mp_debt
    return max(0, stat(r.battle, target, f"{pool}_max") - debt)


HANDLERS: dict[type[Effect], Callable[[Resolution, Scene, Any], None]] = {
    Drain: drain,
    Gain: gain,
}
