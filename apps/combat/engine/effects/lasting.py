"""Effects that stay: shields, burning, mending, changed numbers, states and triggers; how they stack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from aether.protocol.combat_values import EffectKind, LastingEffect

from .. import events as e
from ..definitions import (
    Dot,
    Effect,
    Hot,
    Inflict,
    Lasting,
    Mod,
    Redirect,
    Reflect,
    Reveal,
    Shield,
    SkillMod,
    Trigger,
)
from ..enduring import SIGHT_STATES, end_effect, settle_sight
from ..fields import cells_of, reveal_traps
from ..hurting import mended_by, sent_by
from ..resolution import Resolution
from ..scene import Scene
from ..stages import is_replaced
from ..stats import stat
from .value import roll_amount


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What makes this lasting effect differ from others."""

    kind: EffectKind
    of: str = ""
    value: int = 0
    pierce_pct: int = 0
    is_harmful: bool = False
    block: str = ""


WAITING_MAX = 20
HELPFUL_STATES = frozenset(["unmovable", "invisible", "untargetable"])


def shield(r: Resolution, scene: Scene, effect: Shield) -> None:
    base = _rolled(r, scene, effect, "shield")
    for struck in scene.meet(r, effect):
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
    for struck in scene.meet(r, effect):
        lay(r, scene, effect, struck.who, content)


def hot(r: Resolution, scene: Scene, effect: Hot) -> None:
    base = _rolled(r, scene, effect, "hot")
    value = mended_by(r.battle, r.of(scene.caster), base)
    for struck in scene.meet(r, effect):
        lay(r, scene, effect, struck.who, Content(kind="hot", value=value))


def mod(r: Resolution, scene: Scene, effect: Mod) -> None:
    is_harmful = (effect.delta < 0) != (effect.stat == "in_pct")
    content = Content(kind="mod", of=effect.stat, value=effect.delta, is_harmful=is_harmful)
    _lay_on_all(r, scene, effect, content)


def skill_mod(r: Resolution, scene: Scene, effect: SkillMod) -> None:
    is_harmful = (effect.delta < 0) != (effect.path in ("ap", "mp", "hp_pct", "cooldown"))
    of = f"{effect.skill}.{effect.path}"
    _lay_on_all(r, scene, effect, Content(kind="skill_mod", of=of, value=effect.delta, is_harmful=is_harmful))


def inflict(r: Resolution, scene: Scene, effect: Inflict) -> None:
    content = Content(kind="state", of=effect.state, is_harmful=effect.state not in HELPFUL_STATES)
    for struck in scene.meet(r, effect):
        if _is_immune(r, scene, effect, struck.who):
            r.emit(e.EffectResisted(struck.who, scene.caster, effect.state))
        else:
            lay(r, scene, effect, struck.who, content)


def _is_immune(r: Resolution, scene: Scene, effect: Inflict, who: int) -> bool:
    """Tell whether a state cannot be laid: right after one that has ended, or to make one last longer.

    Without the second, whoever casts it again in time would lock somebody for good.
    """
    anchor_id = scene.caster if effect.anchor == "caster" else who
    until = r.of(anchor_id).turns + effect.duration
    for other in r.of(who).effects:
        if other.of != effect.state:
            continue
        if other.kind == "tenacity":
            return True
        if other.kind == "state" and effect.state in r.rulebook.rules.tenacity.states:
            ends_with_it = other.anchor_id == anchor_id and other.until >= until
            if not ends_with_it:
                return True
    return False


def redirect(r: Resolution, scene: Scene, effect: Redirect) -> None:
    of = "" if effect.to == "caster" else effect.to
    _lay_on_all(r, scene, effect, Content(kind="redirect", of=of, value=effect.pct))


def reflect(r: Resolution, scene: Scene, effect: Reflect) -> None:
    _lay_on_all(r, scene, effect, Content(kind="reflect", value=effect.pct))


def trigger(r: Resolution, scene: Scene, effect: Trigger) -> None:
    """One that waits on somebody of the other side is meant as harm."""
    team = r.of(scene.caster).team
    for struck in scene.meet(r, effect):
        content = Content(
            kind="trigger",
            of=effect.on,
            value=effect.limit,
            block=scene.block,
            is_harmful=r.of(struck.who).team != team,
        )
        lay(r, scene, effect, struck.who, content)


def reveal(r: Resolution, scene: Scene, effect: Reveal) -> None:
    """Show who is unseen, and traps, wherever the cast itself was aimed."""
    cells = cells_of(r.battle, effect.shape, scene.origin)
    team = r.of(scene.caster).team
    reveal_traps(r, team=team, cells=cells)
    unseen = [each for each in r.battle.combatants if each.is_hidden and each.team != team and each.is_alive]
    for each in unseen:
        if each.cell in cells:
            lay(r, scene, effect, each.id, Content(kind="state", of="revealed", is_harmful=True))
            if r.of(each.id).is_hidden:  # immune: that it resists tells where it is
                r.emit(e.Glimpsed(each.id, each.cell))


def _lay_on_all(r: Resolution, scene: Scene, effect: Lasting, content: Content) -> None:
    for struck in scene.meet(r, effect):
        lay(r, scene, effect, struck.who, content)


def lay(r: Resolution, scene: Scene, effect: Lasting, who: int, content: Content) -> None:
    """Put a lasting effect on somebody by its stacking rule, unless something on it makes immune."""
    resisted = e.EffectResisted(who, scene.caster, content.of or content.kind)
    if is_replaced(r, who, "effect_applied", resisted, is_harmful=content.is_harmful):
        return
    new = _new(r, scene, effect, who, content)
    alike = [
        other
        for other in r.of(who).effects
        if (other.key, other.kind, other.of) == (new.key, new.kind, new.of)
        and (not effect.per_source or other.source == new.source)
    ]
    if effect.stack == "highest":
        _rank(r, who, alike, new)
    elif effect.stack == "independent":
        if len(alike) >= effect.max:
            end_effect(r, who, alike[0], "replaced")
        r.emit(e.EffectApplied(who, new))
    elif alike:
        _join(r, effect, who, alike[0], new)
    else:
        r.emit(e.EffectApplied(who, new))
    if content.of in SIGHT_STATES:
        settle_sight(r, who)


def _rank(r: Resolution, who: int, alike: list[LastingEffect], new: LastingEffect) -> None:
    """Only the strongest counts, the others wait; the same from the same source is renewed."""
    same = next((each for each in alike if each.source == new.source and each.value == new.value), None)
    if same is not None:
        r.emit(e.EffectChanged(who, same.id, same.value, same.stacks, new.until, same.is_waiting))
        return
    strongest = next((each for each in alike if not each.is_waiting), None)
    if strongest is None or abs(new.value) > abs(strongest.value):
        if strongest is not None:
            waiting = (strongest.value, strongest.stacks, strongest.until)
            r.emit(e.EffectChanged(who, strongest.id, *waiting, is_waiting=True))
        r.emit(e.EffectApplied(who, new))
    elif len(alike) < WAITING_MAX:
        r.emit(e.EffectApplied(who, replace(new, is_waiting=True)))


def _join(r: Resolution, effect: Lasting, who: int, old: LastingEffect, new: LastingEffect) -> None:
    """Let a new instance meet the one that is there: refresh it, or add a stack."""
    strongest = max(old.value, new.value, key=abs)
    stacks = min(old.stacks + 1, effect.max) if effect.stack == "stack" else old.stacks
    fixed = (old.source, old.anchor_id, old.pierce_pct, old.block)
    if fixed != (new.source, new.anchor_id, new.pierce_pct, new.block):
        end_effect(r, who, old, "replaced")
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
        block=content.block,
    )


def _rolled(r: Resolution, scene: Scene, effect: Shield | Dot | Hot, why: str) -> int:
    return roll_amount(r, scene, normal=effect.amount, crit=effect.crit, per_level=effect.per_level, why=why)


HANDLERS: dict[type[Effect], Callable[[Resolution, Scene, Any], None]] = {
    Shield: shield,
    Dot: dot,
    Hot: hot,
    Mod: mod,
    SkillMod: skill_mod,
    Inflict: inflict,
    Redirect: redirect,
    Reflect: reflect,
    Trigger: trigger,
    Reveal: reveal,
}
