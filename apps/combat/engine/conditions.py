"""Conditions of skills and effects: whether somebody is so."""

from __future__ import annotations

from .definitions import Condition
from .state import Combatant
from .stats import has_state


def holds(condition: Condition, who: Combatant) -> bool:
    """Tell whether everything that a condition names is so (or, with `present: false`, is not)."""
    parts = []
    if condition.state is not None:
        parts.append(has_state(who, condition.state))
    if condition.effect is not None:
        parts.append(any(each.key == condition.effect for each in who.effects))
    if condition.hp_below_pct is not None:
        parts.append(who.hp * 100 < who.hp_max * condition.hp_below_pct)
    return all(parts) == condition.present
