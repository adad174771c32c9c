"""Quests whose rewards a rollback took back: they can be done again, and are done again when it is undone."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction

from aether.kernel import content, facts
from aether.kernel.conditions import holds, situation_of
from aether.kernel.facts.types import FlagSet
from aether.kernel.journal import StreamKind
from aether.kernel.models import JournalLine
from apps.quests.definitions import QuestDef
from apps.quests.models import AppliedEffect, Flag
from apps.quests.rules.machine import Status
from apps.quests.rules.revoking import reopened
from apps.quests.services.keeping import correct, forget, lock_character, statuses
from apps.quests.services.progress import open_quests


@transaction.atomic(savepoint=False)
def revoke_quests(*, character_id: int, quests: Collection[str], rollback: int) -> None:
    """Let completed quests be done anew, unless one that needs them has begun; their flags go."""
    lock_character(character_id)
    known = content.current().all(QuestDef)
    standing = statuses([character_id])[character_id]
    states = {quest: status.state for quest, status in standing.items()}
    found = reopened(quests, states, known.values())
    free = sorted(quest for quest, keeper in found.items() if keeper is None and quest in known)
    for quest in free:
        correct(character_id, known[quest], standing[quest], Status(state="available"), _cause(rollback))
    sources = [_source(quest) for quest in free]
    AppliedEffect.objects.filter(character_id=character_id, source__in=sources).delete()
    still = {quest for quest, state in states.items() if state == "completed"} - set(free)
    gone = _flags(known, free).keys() - _flags(known, still).keys()
    Flag.objects.filter(character_id=character_id, key__in=gone).delete()
    facts.publish_heard(FlagSet(character=character_id, keys=tuple(sorted(gone))))
    if free:
        _lock_again(character_id, known, rollback)


@transaction.atomic(savepoint=False)
def restore_quests(*, character_id: int, rollback: int) -> None:
    """Let quests that a rollback has opened again be done, whose rewards are back with its undoing."""
    lock_character(character_id)
    known = content.current().all(QuestDef)
    standing = statuses([character_id])[character_id]
    for quest in sorted(_opened_by(character_id, rollback) & known.keys()):
        before = standing.get(quest, Status())
        if before.state == "completed":
            continue
        correct(character_id, known[quest], before, Status(state="completed"), _cause(rollback))
        AppliedEffect.objects.get_or_create(character_id=character_id, source=_source(quest))
        back = _flags(known, [quest])
        for key, value in back.items():
            Flag.objects.update_or_create(character_id=character_id, key=key, defaults={"value": value})
        facts.publish_heard(FlagSet(character=character_id, keys=tuple(sorted(back))))
    open_quests(character_id=character_id, cause=_cause(rollback))


def _lock_again(character_id: int, known: Mapping[str, QuestDef], rollback: int) -> None:
    """Take away again what was only available because of what is no longer so."""
    standing = statuses([character_id])[character_id]
    available = {quest for quest, status in standing.items() if status.state == "available"} & known.keys()
    situation = situation_of(character_id, *(known[quest].condition for quest in available))
    for quest, status in sorted(standing.items()):
        if quest in available and not holds(known[quest].condition, situation):
            forget(character_id, known[quest], status, _cause(rollback))


def _opened_by(character_id: int, rollback: int) -> set[str]:
    lines = JournalLine.objects.filter(
        kind=StreamKind.QUEST,
        stream_id=character_id,
        payload__type="quest_moved",
        payload__cause=_cause(rollback),
        payload__before="completed",
    )
    return {line.payload["quest"] for line in lines}


def _flags(known: Mapping[str, QuestDef], quests: Collection[str]) -> dict[str, int]:
    rewards = [reward for quest in quests if quest in known for reward in known[quest].rewards]
    return {reward.flag.key: reward.flag.set for reward in rewards if reward.flag is not None}


def _source(quest: str) -> str:
    return f"quest:{quest}"


def _cause(rollback: int) -> str:
    return f"rollback:{rollback}"
