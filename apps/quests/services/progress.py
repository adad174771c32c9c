"""Quests from available to completed: accepting, counting, finishing, giving up."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial, reduce

from django.db import transaction

from aether.kernel import content, facts
from aether.kernel.conditions import holds, situation_of
from aether.kernel.facts.types import QuestCompleted
from aether.kernel.transactions import transactional
from aether.protocol.quests import Quest
from apps.economy import selectors as economy
from apps.quests import selectors
from apps.quests.definitions import QuestDef
from apps.quests.errors import NotActiveError, NotAvailableError, TooFarError
from apps.quests.rules.machine import Event, Status, after_step, begun, observed, step_of
from apps.quests.services.keeping import has_counted, keep, lock_character, lock_characters, status, statuses
from apps.quests.services.rewarding import give_once
from apps.world import selectors as world


@transactional
def accept(*, character_id: int, quest_id: str) -> Quest:
    """Take on a quest from its giver, next to whom the character stands.

    One that has failed is begun again by a talk or a thing alone, where the content gives another chance.
    """
    quest = content.current().get(QuestDef, quest_id)
    if not world.nearby(character_id=character_id, npc_id=quest.giver):
        raise TooFarError(npc=quest.giver)
    lock_character(character_id)
    if status(character_id, quest_id).state == "failed":
        raise NotAvailableError(quest=quest_id)
    start(character_id=character_id, quest_id=quest_id, cause=f"accept:{quest.giver}")
    return selectors.wire(quest, status(character_id, quest_id))


@transactional
def start(*, character_id: int, quest_id: str, cause: str) -> None:
    """Begin a quest that is available, was given up or has failed."""
    lock_character(character_id)
    open_quests(character_id=character_id, cause=cause)
    quest = content.current().get(QuestDef, quest_id)
    before = status(character_id, quest_id)
    if before.state not in ("available", "failed", "abandoned"):
        raise NotAvailableError(quest=quest_id)
    keep(character_id, quest, before, begun(quest), cause)
    _move(character_id, quest, begun(quest), _with_what_is_so(character_id, quest), cause)


@transactional
def abandon(*, character_id: int, quest_id: str) -> None:
    """Give a quest up; its progress is lost."""
    lock_character(character_id)
    quest = content.current().get(QuestDef, quest_id)
    before = status(character_id, quest_id)
    if before.state not in ("active", "ready"):
        raise NotActiveError(quest=quest_id)
    keep(character_id, quest, before, Status(state="abandoned"), "abandon")


@transactional
def fail(*, character_id: int, quest_id: str, cause: str) -> None:
    """Let a quest that is under way have failed; its progress is lost. Nothing else can fail."""
    lock_character(character_id)
    quest = content.current().get(QuestDef, quest_id)
    before = status(character_id, quest_id)
    if before.state in ("active", "ready"):
        keep(character_id, quest, before, Status(state="failed"), cause)


@transactional
def advance(*, character_id: int, quest_id: str, cause: str) -> None:
    """Let the current step of an active quest be done."""
    lock_character(character_id)
    quest = content.current().get(QuestDef, quest_id)
    before = status(character_id, quest_id)
    step = step_of(quest, before)
    if before.state != "active" or step is None:
        raise NotActiveError(quest=quest_id)
    _move(character_id, quest, before, after_step(quest, step), cause)


@transactional
def complete(*, character_id: int, quest_id: str, cause: str) -> None:
    """Finish a quest that is ready, and pay its rewards."""
    lock_character(character_id)
    quest = content.current().get(QuestDef, quest_id)
    before = status(character_id, quest_id)
    if before.state != "ready":
        raise NotActiveError(quest=quest_id)
    _move(character_id, quest, before, Status(state="completed"), cause)


@transaction.atomic(savepoint=False)
def observe(*, character_ids: Sequence[int], events: Sequence[Event], cause: str) -> None:
    """Count what characters did towards their active quests, and open those that each has reached."""
    lock_characters(character_ids)
    known = content.current().all(QuestDef)
    for character_id, standing in sorted(statuses(character_ids).items()):
        for quest_id, before in standing.items():
            if before.state == "active" and quest_id in known:
                after = reduce(partial(observed, known[quest_id]), events, before)
                _move(character_id, known[quest_id], before, after, cause)
        _open(character_id, set(standing), cause)


@transaction.atomic(savepoint=False)
def observe_once(*, character_ids: Sequence[int], events: Sequence[Event], cause: str) -> None:
    """Count what characters did, but not for those in whose quests this cause has counted already."""
    lock_characters(character_ids)
    uncounted = [each for each in character_ids if not has_counted(each, cause)]
    observe(character_ids=uncounted, events=events, cause=cause)


@transaction.atomic(savepoint=False)
def open_quests(*, character_id: int, cause: str) -> None:
    """Make available every locked quest whose condition holds by now."""
    lock_character(character_id)
    _open(character_id, set(statuses([character_id])[character_id]), cause)


def _open(character_id: int, opened: set[str], cause: str) -> None:
    locked = [quest for quest in content.current().all(QuestDef).values() if quest.id not in opened]
    if not locked:
        return
    situation = situation_of(character_id, *(quest.condition for quest in locked))
    for quest in locked:
        if holds(quest.condition, situation):
            keep(character_id, quest, Status(), Status(state="available"), cause)


def _with_what_is_so(character_id: int, quest: QuestDef) -> Status:
    """Return a quest just begun, where what the character wears and has used once for all already counts."""
    after = begun(quest)
    for slot, item in sorted(economy.worn_items(character_id).items()):
        after = observed(quest, after, Event(type="item.equipped", fields={"item": item, "slot": slot}))
    for zone, thing in world.things_used(character_id):
        after = observed(quest, after, Event(type="object.used", fields={"zone": zone, "object": thing}))
    return after


def _move(character_id: int, quest: QuestDef, before: Status, after: Status, cause: str) -> None:
    keep(character_id, quest, before, after, cause)
    if after.state == "completed" and before.state != "completed":
        give_once(character_id, quest.rewards, f"quest:{quest.id}")
        facts.publish(QuestCompleted(character=character_id, quest=quest.id))
