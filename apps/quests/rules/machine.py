"""The state machine of quests: which moves are legal, and what an event does to an active quest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from aether.kernel.conditions import QuestState
from apps.quests.definitions import ObjectiveDef, QuestDef, StepDef

LEGAL: dict[QuestState, frozenset[QuestState]] = {
    "locked": frozenset({"available"}),
    "available": frozenset({"active"}),
    "active": frozenset({"active", "ready", "completed", "failed", "abandoned"}),
    "ready": frozenset({"completed", "failed", "abandoned"}),
    "failed": frozenset({"active"}),
    "abandoned": frozenset({"active"}),
    "completed": frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where a character stands in a quest. `progress` counts the objectives of the current step."""

    state: QuestState = "locked"
    step: str | None = None
    progress: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that a character did; `amount` counts alike events that came as one."""

    type: str
    fields: Mapping[str, str | int]
    amount: int = 1


def is_legal(before: QuestState, after: QuestState) -> bool:
    """Tell if a quest may go from one state to the other."""
    return after in LEGAL[before]


def begun(quest: QuestDef) -> Status:
    """Return the status of a quest that has just been accepted."""
    return Status(state="active", step=quest.steps[0].id, progress=_nothing(quest.steps[0]))


def observed(quest: QuestDef, status: Status, event: Event) -> Status:
    """Count an event towards the current step; a finished step leads to the next."""
    step = step_of(quest, status)
    if status.state != "active" or step is None:
        return status
    progress = {
        objective.id: _counted(objective, status.progress.get(objective.id, 0), event)
        for objective in step.objectives
    }
    if all(progress[objective.id] >= objective.count for objective in step.objectives):
        return after_step(quest, step)
    return status if progress == dict(status.progress) else replace(status, progress=progress)


def after_step(quest: QuestDef, step: StepDef) -> Status:
    """Return what comes after a finished step: the next, `ready`, or the end."""
    following = quest.steps[quest.steps.index(step) + 1 :]
    if following:
        return Status(state="active", step=following[0].id, progress=_nothing(following[0]))
    return Status(state="completed" if quest.ready is None else "ready")


def step_of(quest: QuestDef, status: Status) -> StepDef | None:
    """Return the current step, None where there is none (any more)."""
    return next((step for step in quest.steps if step.id == status.step), None)


def matches(objective: ObjectiveDef, event: Event) -> bool:
    """Tell if an event is of the kind that an objective asks for."""
    return event.type == objective.on and all(
        event.fields.get(name) == value for name, value in objective.where.items()
    )


def _counted(objective: ObjectiveDef, count: int, event: Event) -> int:
    gained = event.amount if matches(objective, event) else 0
    return max(count, min(objective.count, count + gained))


def _nothing(step: StepDef) -> dict[str, int]:
    return {objective.id: 0 for objective in step.objectives}
