"""Effects that stay: shields, burning, mending, changed stats and states; and how they stack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from aether.protocol.combat_events import EffectKind, LastingEffect

from .. import events as e
from ..definitions import Dot, Effect, Hot, Inflict, Lasting, Mod, Shield
from ..hurting import mended_by, sent_by
from ..resolution import Resolution
from ..scene import Scene
from ..stats import stat
from .value import roll_amount


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What makes this lasting effect differ from others."""

    kind: EffectKind
    of: str = ""
    value: int = 0
    pierce_pct: int = 0
    is_harmful: bool = False


def shield(r: Resolution, scene: Scene, effect: Shield) -> None:
    base = _rolled(r, scene, effect, "shield")
    for struck in scene.targets(r, effect):
        value = mended_by(r.battle, r.of(scene.caster), base)
        if value:
            lay(r, scene, effect, struck.who, Content(kind="shield", value=value))


def dot(r: Resolution, scene: Scene, effect: Dot) -> None:
    """Rolled and powered now; the ticks are fixed, whatever becomes of the caster."""
    base = _rolled(r, scene, effect, "dot")
    source = r.of(scene.caster)
    content = Content(
        kind="dot",
        of=effect.element,
        value=sent_by(r.battle, source, effect.element, base),
        pierce_pct=stat(r.battle, source, "pierce_pct"),
        is_harmful=True,
    )
    for struck in scene.targets(r, effect):
        lay(r, scene, effect, struck.who, content)


def hot(r: Resolution, scene: Scene, effect: Hot) -> None:
    base = _rolled(r, scene, effect, "hot")
    value = mended_by(r.battle, r.of(scene.caster), base)
    for struck in scene.targets(r, effect):
        lay(r, scene, effect, struck.who, Content(kind="hot", value=value))


def mod(r: Resolution, scene: Scene, effect: Mod) -> None:
    is_harmful = (effect.delta < 0) != (effect.stat == "in_pct")
    content = Content(kind="mod", of=effect.stat, value=effect.delta, is_harmful=is_harmful)
    for struck in scene.targets(r, effect):
        lay(r, scene, effect, struck.who, content)


def inflict(r: Resolution, scene: Scene, effect: Inflict) -> None:
    content = Content(kind="state", of=effect.state, is_harmful=effect.state != "unmovable")
    for struck in scene.targets(r, effect):
        immune = any(
            other.kind == "tenacity" and other.of == effect.state for other in r.of(struck.who).effects
        )
        if immune:
            r.emit(e.EffectResisted(struck.who, scene.caster, effect.state))
        else:
            lay(r, scene, effect, struck.who, content)


def lay(r: Resolution, scene: Scene, effect: Lasting, who: int, content: Content) -> None:
    """Put a lasting effect on somebody by its stacking rule."""
    new = _new(r, scene, effect, who, content)
    alike = [
        other
        for other in r.of(who).effects
        if (other.key, other.kind, other.of) == (new.key, new.kind, new.of)
        and (not effect.per_source or other.source == new.source)
    ]
    if effect.stack == "independent":
        if len(alike) >= effect.max:
            r.emit(e.EffectEnded(who, alike[0].id, "replaced"))
        r.emit(e.EffectApplied(who, new))
    elif alike:
        _join(r, effect, who, alike[0], new)
    else:
        r.emit(e.EffectApplied(who, new))


def _join(r: Resolution, effect: Lasting, who: int, old: LastingEffect, new: LastingEffect) -> None:
    """Let a new instance meet the one that is there: refresh it, add a stack, or keep the stronger."""
    strongest = max(old.value, new.value, key=abs)
    if effect.stack == "highest" and abs(new.value) < abs(old.value):
        return
    stacks = min(old.stacks + 1, effect.max) if effect.stack == "stack" else old.stacks
    if (old.source, old.anchor_id, old.pierce_pct) != (new.source, new.anchor_id, new.pierce_pct):
        r.emit(e.EffectEnded(who, old.id, "replaced"))
        r.emit(e.EffectApplied(who, replace(new, value=strongest, stacks=stacks)))
        return
    r.emit(e.EffectChanged(who, old.id, strongest, stacks, new.until))


def _new(r: Resolution, scene: Scene, effect: Lasting, who: int, content: Content) -> LastingEffect:
    anchor_id = scene.caster if effect.anchor == "caster" else who
    return LastingEffect(
        id=r.battle.effects_created + 1,
        key=effect.key or scene.skill.id,
        kind=content.kind,
        of=content.of,
        skill=scene.skill.id,
        source=scene.caster,
        anchor=effect.anchor,
        anchor_id=anchor_id,
        until=r.of(anchor_id).turns + effect.duration,
        value=content.value,
        stacks=1,
        pierce_pct=content.pierce_pct,
        is_harmful=content.is_harmful,
        is_dispellable=effect.dispellable,
    )


def _rolled(r: Resolution, scene: Scene, effect: Shield | Dot | Hot, why: str) -> int:
    return roll_amount(r, scene, normal=effect.amount, crit=effect.crit, per_level=effect.per_level, why=why)


HANDLERS: dict[type[Effect], Callable[[Resolution, Scene, Any], None]] = {
    Shield: shield,
    Dot: dot,
    Hot: hot,
    Mod: mod,
    Inflict: inflict,
}
