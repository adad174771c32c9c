"""Conditions of skills and effects: whether somebody is so."""

from __future__ import annotations

from .definitions import Condition
from .state import Combatant
from .stats import has_state


def holds(condition: Condition, caster: Combatant, target: Combatant) -> bool:
    """Tell whether everything that a condition says is so (or, with `present: false`, is not)."""
    who = caster if condition.of == "self" else target
    is_so = (
        (condition.state is None or has_state(who, condition.state))
        and (condition.effect is None or any(each.key == condition.effect for each in who.effects))
        and (condition.hp_below_pct is None or who.hp * 100 < who.hp_max * condition.hp_below_pct)
        and all(holds(each, caster, target) for each in condition.all)
        and (not condition.any or any(holds(each, caster, target) for each in condition.any))
        and (condition.not_ is None or not holds(condition.not_, caster, target))
    )
    return is_so == condition.present


def is_about_caster(condition: Condition) -> bool:
    """Tell whether a condition, and all inside it, asks for nothing of a target."""
    return condition.of == "self" and all(map(is_about_caster, condition.parts.values()))
