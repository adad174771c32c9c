"""Damage, healing and death: the pipeline of rules 1.13, one floor per line."""

from __future__ import annotations

import msgspec

from aether.protocol.combat_values import DamageCause, Element, LastingEffect

from . import events as e
from .addresses import ground_of
from .enduring import end_effect, end_field
from .resolution import Resolution
from .stages import changed, is_replaced
from .state import Battle, Combatant
from .stats import stat

RES_MIN, RES_MAX = -100, 60
_AIMED = ("skill", "field", "trigger")
"""Causes whose effects show who is unseen before they strike."""


class Blow(msgspec.Struct, frozen=True, kw_only=True):
    """Damage on its way to somebody; `raw` is what the source sends out, `base` what was rolled."""

    by: int
    cause: DamageCause
    element: Element
    base: int
    raw: int
    falloff_pct: int = 0
    pierce_pct: int = 0
    is_dodged: bool = False


class Defence(msgspec.Struct, frozen=True, kw_only=True):
    res_flat: int = 0
    res_pct: int = 0
    in_pct: int = 0


def sent(base: int, *, power: int, flat: int, out_pct: int) -> int:
    """Return what leaves the source (d1 to d3)."""
    powered = base * max(10, 100 + power) // 100
    flattened = max(0, powered + flat)
    return flattened * max(0, 100 + out_pct) // 100


def received(blow: Blow, defence: Defence) -> int:
    """Return what reaches the target, before shields (d4 to d8)."""
    fallen = blow.raw * max(0, 100 - blow.falloff_pct) // 100
    stopped = max(0, fallen - defence.res_flat)
    res_pct = min(max(defence.res_pct - blow.pierce_pct, RES_MIN), RES_MAX)
    resisted = (stopped * (100 - (res_pct if blow.element != "pure" else 0))) // 100
    taken = resisted * max(0, 100 + defence.in_pct) // 100
    return taken // 2 if blow.is_dodged else taken


def sent_by(battle: Battle, source: Combatant, element: Element, base: int) -> int:
    power = stat(battle, source, "power_" + element) + stat(battle, source, "power_all")
    flat = stat(battle, source, "flat_" + element) + stat(battle, source, "flat_all")
    return sent(base, power=power, flat=flat, out_pct=stat(battle, source, "out_pct"))


def defence_of(battle: Battle, target: Combatant, element: Element) -> Defence:
    in_pct = stat(battle, target, "in_pct")
    if element == "pure":
        return Defence(in_pct=in_pct)
    return Defence(
        res_flat=stat(battle, target, "res_flat_" + element),
        res_pct=stat(battle, target, "res_pct_" + element) + stat(battle, target, "res_pct_all"),
        in_pct=in_pct,
    )


def hurt(r: Resolution, target_id: int, blow: Blow) -> int:
    """Deal a blow and return the hit points lost; who falls dies at the next `bury_the_dead`."""
    target = r.of(target_id)
    if target.is_hidden and blow.cause not in _AIMED:
        r.emit(e.Glimpsed(target_id, target.cell))
    amount = received(blow, defence_of(r.battle, target, blow.element))
    if r.is_listening and blow.by and blow.cause in _AIMED:
        if is_replaced(r, blow.by, "damage_dealt", _resisted(target_id, blow)):
            return 0
        amount = changed(r, blow.by, "damage_dealt", amount)
        target = r.of(target_id)
    redirected, guardian = 0, 0
    if target.effects:
        if r.is_listening and _is_averted(r, target, blow):
            return 0
        redirected, guardian = _redirected(r, target, blow, amount)
        amount = redirected + changed(r, target_id, "before_damage_taken", amount - redirected)
        target = r.of(target_id)
    absorbed = _absorb(r, target, amount - redirected)
    lost = min(target.hp, amount - redirected - absorbed)
    r.emit(
        e.Damaged(
            who=target_id,
            by=blow.by,
            cause=blow.cause,
            element=blow.element,
            base=blow.base,
            amount=amount,
            absorbed=absorbed,
            lost=lost,
            is_dodged=blow.is_dodged,
            hp=target.hp - lost,
            hp_max=_worn(r, target, lost),
            redirected=redirected,
        )
    )
    if redirected:
        hurt(r, guardian, pure(blow.by, "redirect", redirected))
    if target.effects and blow.cause == "skill" and blow.by != target_id:
        _reflect(r, target, blow.by, lost)
    return lost


def strike_down(r: Resolution, target_id: int, *, by: int) -> None:
    """Take everything somebody has left, past all that protects."""
    target = r.of(target_id)
    r.emit(
        e.Damaged(
            who=target_id,
            by=by,
            cause="kill",
            element="pure",
            base=target.hp,
            amount=target.hp,
            absorbed=0,
            lost=target.hp,
            is_dodged=False,
            hp=0,
            hp_max=target.hp_max,
        )
    )


def pure(by: int, cause: DamageCause, amount: int) -> Blow:
    """Return indirect damage: no power, no resistance, no dodge, no theft of life."""
    return Blow(by=by, cause=cause, element="pure", base=amount, raw=amount)


def heal(r: Resolution, target_id: int, *, by: int, amount: int) -> None:
    """Heal up to what is missing, after what the target makes of healing."""
    target = r.of(target_id)
    amount = amount * max(0, 100 + stat(r.battle, target, "heal_in_pct")) // 100
    if r.is_listening:
        if is_replaced(r, target_id, "heal_taken", e.EffectResisted(target_id, by, "heal")):
            return
        amount = changed(r, target_id, "heal_taken", amount)
    amount = min(amount, target.hp_max - target.hp)
    r.emit(e.Healed(target_id, by, amount, target.hp + amount))


def mended_by(battle: Battle, source: Combatant, base: int) -> int:
    """Return how much healing or shield a rolled value becomes at its source."""
    power = stat(battle, source, "power_tide") + stat(battle, source, "focus")
    grown = base * max(0, 100 + power) // 100
    return grown * max(0, 100 + stat(battle, source, "heal_out_pct")) // 100


def bury_the_dead(r: Resolution, *, by: int) -> None:
    """Let all who have no hit points left die together, and what is linked to them with them."""
    fallen = [each.id for each in r.battle.combatants if each.is_alive and each.hp == 0]
    for who in fallen:
        _die(r, who, by)
    if fallen:
        bury_orphans(r)


def bury_orphans(r: Resolution) -> None:
    """Let the summons go with their owners."""
    while orphans := _orphans(r.battle):
        for who in orphans:
            _die(r, who, 0)


def _die(r: Resolution, who: int, by: int) -> None:
    dying = r.of(who)
    if dying.is_hidden:
        r.emit(e.Appeared(who, dying.cell, dying.mp))
    r.emit(e.Died(who, by))
    clear_ground(r, who)


def clear_ground(r: Resolution, who: int) -> None:
    """End what somebody who is gone has laid, where the content says that it goes too."""
    for field in r.battle.fields:
        if field.source == who and ground_of(r.rulebook, field.block).dies_with_owner:
            end_field(r, field)


def _orphans(battle: Battle) -> list[int]:
    """Return the living summons whose owner is gone, and who are linked to it."""
    return [
        each.id
        for each in battle.combatants
        if each.is_alive and each.is_linked and not battle.of(each.owner).is_alive
    ]


def _is_averted(r: Resolution, target: Combatant, blow: Blow) -> bool:
    """The stage of replacing: somebody whom damage cannot reach. What only reacts is queued here too."""
    r.notice("before_damage_taken", target.id, blow.by)
    return is_replaced(r, target.id, "before_damage_taken", _resisted(target.id, blow))


def _resisted(target_id: int, blow: Blow) -> e.EffectResisted:
    return e.EffectResisted(target_id, blow.by, "damage")


def _redirected(r: Resolution, target: Combatant, blow: Blow, amount: int) -> tuple[int, int]:
    """Return what a guardian takes instead, and who; what was sent on once is not sent on again."""
    if blow.cause in ("redirect", "reflect"):
        return 0, 0
    for effect in target.effects:
        if effect.kind == "redirect" and not effect.is_waiting:
            guardian = _guardian_of(r.battle, effect)
            if guardian not in (0, target.id):
                return amount * min(effect.value * effect.stacks, 100) // 100, guardian
    return 0, 0


def _guardian_of(battle: Battle, effect: LastingEffect) -> int:
    """Return who takes what is sent on; 0 where nobody can any more."""
    if effect.of != "own_summon":
        return effect.source if battle.of(effect.source).hp > 0 else 0
    for each in battle.combatants:
        if each.owner == effect.source and each.hp > 0 and battle.build(each).kind == "summon":
            return each.id
    return 0


def _reflect(r: Resolution, target: Combatant, by: int, lost: int) -> None:
    for effect in target.effects:
        if effect.kind == "reflect" and not effect.is_waiting:
            amount = lost * effect.value * effect.stacks // 100
            if amount:
                r.react_later(target.id, effect, by, reflected=amount)


def _absorb(r: Resolution, target: Combatant, amount: int) -> int:
    """Let shields take damage, oldest first, and return how much they took."""
    left = amount
    for shield in target.effects:
        if shield.kind != "shield" or left == 0 or shield.is_waiting:
            continue
        taken = min(shield.value, left)
        left -= taken
        if taken == shield.value:
            end_effect(r, target.id, shield, "broken")
        else:
            rest = shield.value - taken
            r.emit(e.EffectChanged(target.id, shield.id, rest, shield.stacks, shield.until))
    return amount - left


def _worn(r: Resolution, target: Combatant, lost: int) -> int:
    """Return the new maximum: each wound wears it down a little, so that heal wars end."""
    wear = r.rulebook.rules.wear
    floor = r.battle.build(target).hp_max * wear.floor_pct // 100
    return max(target.hp_max - lost * wear.pct // 100, min(floor, target.hp_max))
