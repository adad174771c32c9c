"""Whether a condition holds, what can change that, and the same again when something has happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from aether.kernel.conditions.catalogue import LEAVES, Topic
from aether.kernel.conditions.situation import Situation
from aether.kernel.conditions.tree import Condition, leaves

K = TypeVar("K")


def holds(condition: Condition | None, situation: Situation) -> bool:
    """Tell if a condition is true; no condition always is."""
    if condition is None:
        return True
    kind, said = condition.said
    match kind:
        case "all":
            return all(holds(child, situation) for child in said)
        case "any":
            return any(holds(child, situation) for child in said)
        case "not":
            return not holds(said, situation)
        case _:
            return LEAVES[kind].holds(said, situation)


def may_change(condition: Condition | None, topic: Topic) -> bool:
    """Tell if something that happened can make a condition true or false."""
    return any(topic in LEAVES[leaf.said[0]].changed_by for leaf in leaves(condition))


def truths(conditions: Mapping[K, Condition | None], situation: Situation) -> dict[K, bool]:
    """Return which of some conditions hold."""
    return {key: holds(condition, situation) for key, condition in conditions.items()}


def truths_after(
    topic: Topic,
    before: Mapping[K, bool],
    conditions: Mapping[K, Condition | None],
    situation: Situation,
) -> dict[K, bool]:
    """Return which conditions hold after something happened, looking only at those that it can change."""
    return {
        key: holds(condition, situation) if may_change(condition, topic) else before[key]
        for key, condition in conditions.items()
    }
