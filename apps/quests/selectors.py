"""What quests tell: a character's log, and where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.db import connection

from aether.kernel import content
from aether.protocol.quests import Progress, Quest, QuestLog
from apps.economy.services import Outlook
from apps.quests.definitions import QuestDef
from apps.quests.models import Flag, QuestStatus
from apps.quests.rules.machine import Status, step_of
from apps.quests.rules.revoking import reopened

_STATES = "SELECT quest, state, step FROM quests_queststatus WHERE character_id = %s"


def quest_log(character_id: int) -> QuestLog:
    """Return every quest that is not locked; quests that the content has lost are left out."""
    known = content.current().all(QuestDef)
    rows = QuestStatus.objects.filter(character_id=character_id, quest__in=list(known))
    return QuestLog(quests=[wire(known[row.quest], status_of(row)) for row in rows])


def wire(quest: QuestDef, status: Status) -> Quest:
    """Return a quest as its player sees it."""
    step = step_of(quest, status)
    objectives = step.objectives if step else ()
    assert status.state != "locked", "a locked quest is not shown"
    return Quest(
        quest=quest.id,
        state=status.state,
        step=status.step,
        progress=[
            Progress(
                objective=objective.id,
                count=min(status.progress.get(objective.id, 0), objective.count),
                needed=objective.count,
            )
            for objective in objectives
        ],
    )


def status_of(row: QuestStatus) -> Status:
    """Return a row as the rules see it."""
    return Status(state=row.state, step=row.step, progress=dict(row.progress))  # type: ignore[arg-type]


def quest_states(character_id: int) -> dict[str, tuple[str, str | None]]:
    """Return the state and the step of every quest of a character that is not locked."""
    with connection.cursor() as cursor:
        cursor.execute(_STATES, [character_id])
        return {quest: (state, step) for quest, state, step in cursor}


def flags(character_id: int) -> dict[str, int]:
    """Return the flags of a character that were ever set."""
    return dict(Flag.objects.filter(character_id=character_id).values_list("key", "value"))


def outlooks(character_ids: Iterable[int]) -> dict[int, Outlook]:
    """Return how quests stand for characters: their states, and the items that open objectives ask for."""
    known = content.current().all(QuestDef)
    wanted = list(character_ids)
    states: dict[int, dict[str, str]] = {each: {} for each in wanted}
    items: dict[int, set[str]] = {each: set() for each in wanted}
    for row in QuestStatus.objects.filter(character_id__in=wanted, quest__in=list(known)):
        states[row.character_id][row.quest] = row.state
        items[row.character_id] |= _asked_for(known[row.quest], status_of(row))
    return {each: Outlook(quests=states[each], wanted=frozenset(items[each])) for each in wanted}


def reopened_quests(asked: Mapping[int, Collection[str]]) -> dict[tuple[int, str], str | None]:
    """Return for completed quests of characters what would keep them so if their rewards were undone."""
    known = content.current().all(QuestDef)
    states: dict[int, dict[str, str]] = {each: {} for each in asked}
    for row in QuestStatus.objects.filter(character_id__in=list(asked)):
        states[row.character_id][row.quest] = row.state
    return {
        (character_id, quest): keeper
        for character_id, quests in asked.items()
        for quest, keeper in reopened(
            set(quests) & known.keys(), states[character_id], known.values()
        ).items()
    }


def _asked_for(quest: QuestDef, status: Status) -> set[str]:
    step = step_of(quest, status) if status.state == "active" else None
    return {
        str(objective.where["item"])
        for objective in (step.objectives if step else ())
        if "item" in objective.where and status.progress.get(objective.id, 0) < objective.count
    }
