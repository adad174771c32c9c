"""Which quests can be done again after their rewards were taken back: those that nothing begun builds on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from aether.kernel.conditions import Condition, children
from apps.quests.definitions import QuestDef

BEGUN = frozenset({"active", "ready", "completed"})


def reopened(
    asked: Collection[str], states: Mapping[str, str], known: Iterable[QuestDef]
) -> dict[str, str | None]:
    """Return for each quest asked for that is completed what keeps it so, None where it can be done again.

    A quest of those asked for keeps no other one, unless it is itself kept.
    """
    needs = {quest.id: completed_in(quest.condition) for quest in known}
    kept: dict[str, str] = {}
    free = {quest for quest in asked if states.get(quest) == "completed"}
    while True:
        found = {quest: _keeper(quest, free, states, needs) for quest in sorted(free)}
        newly = {quest: keeper for quest, keeper in found.items() if keeper is not None}
        if not newly:
            return {**kept, **dict.fromkeys(sorted(free))}
        kept |= newly
        free -= set(newly)


def completed_in(condition: Condition | None) -> frozenset[str]:
    """Return the quests that a condition wants completed."""
    if condition is None or condition.not_ is not None:
        return frozenset()
    if condition.quest is not None and condition.quest.state == "completed":
        return frozenset({condition.quest.id})
    return frozenset().union(*map(completed_in, children(condition)))


def _keeper(
    quest: str, free: Collection[str], states: Mapping[str, str], needs: Mapping[str, frozenset[str]]
) -> str | None:
    return next(
        (
            other
            for other, wanted in sorted(needs.items())
            if quest in wanted and other not in free and states.get(other) in BEGUN
        ),
        None,
    )
