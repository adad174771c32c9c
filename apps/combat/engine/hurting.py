"""Damage, healing and death: the pipeline of rules 1.13, one floor per line."""

from __future__ import annotations

import msgspec

from aether.protocol.combat_events import DamageCause, Element

from . import events as e
from .outcome import check_victory
from .resolution import Resolution
from .state import Battle, Combatant
from .stats import stat

RES_MIN, RES_MAX = -100, 60
WEAR_PCT = 10
WEAR_FLOOR_PCT = 30


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
    amount = received(blow, defence_of(r.battle, target, blow.element))
    absorbed = _absorb(r, target, amount)
    lost = min(target.hp, amount - absorbed)
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
            hp_max=_worn(r.battle, target, lost),
        )
    )
    return lost


def pure(by: int, cause: DamageCause, amount: int) -> Blow:
    """Return indirect damage: no power, no resistance, no dodge, no theft of life."""
    return Blow(by=by, cause=cause, element="pure", base=amount, raw=amount)


def heal(r: Resolution, target_id: int, *, by: int, amount: int) -> None:
    """Heal up to what is missing, after what the target makes of healing."""
    target = r.of(target_id)
    amount = amount * max(0, 100 + stat(r.battle, target, "heal_in_pct")) // 100
    amount = min(amount, target.hp_max - target.hp)
    r.emit(e.Healed(target_id, by, amount, target.hp + amount))


def mended_by(battle: Battle, source: Combatant, base: int) -> int:
    """Return how much healing or shield a rolled value becomes at its source."""
    power = stat(battle, source, "power_tide") + stat(battle, source, "focus")
    grown = base * max(0, 100 + power) // 100
    return grown * max(0, 100 + stat(battle, source, "heal_out_pct")) // 100


def bury_the_dead(r: Resolution, *, by: int) -> None:
    """Let all who have no hit points left die together, then see whether the battle is over."""
    fallen = [each.id for each in r.battle.combatants if each.is_alive and each.hp == 0]
    for who in fallen:
        r.emit(e.Died(who, by))
    if fallen:
        check_victory(r)


def _absorb(r: Resolution, target: Combatant, amount: int) -> int:
    """Let shields take damage, oldest first, and return how much they took."""
    left = amount
    for shield in target.effects:
        if shield.kind != "shield" or left == 0:
            continue
        taken = min(shield.value, left)
        left -= taken
        if taken == shield.value:
            r.emit(e.EffectEnded(target.id, shield.id, "broken"))
        else:
            rest = shield.value - taken
            r.emit(e.EffectChanged(target.id, shield.id, rest, shield.stacks, shield.until))
    return amount - left


def _worn(battle: Battle, target: Combatant, lost: int) -> int:
    """Return the new maximum: each wound wears it down a little, so that heal wars end."""
    floor = battle.build(target).hp_max * WEAR_FLOOR_PCT // 100
    return max(target.hp_max - lost * WEAR_PCT // 100, min(floor, target.hp_max))
