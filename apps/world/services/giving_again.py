"""What staff give back to one character: a chest that it has emptied, a wait that has not ended."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.contrib.auth.models import AbstractBaseUser

from aether.kernel import audit, clock, realtime
from aether.kernel.conditions import holds, situation_of
from aether.kernel.errors import NotFoundError
from aether.kernel.transactions import transactional
from aether.protocol.world import ObjectChanged
from apps.world import ground, selectors, taking_selectors
from apps.world.errors import NothingHadError
from apps.world.models import Cooldown, ObjectTaking, ObjectUse, WorldObject
from apps.world.object_selectors import object_seen, standing_for
from apps.world.rules.objects import ObjectTaken
from apps.world.services.coming import locked
from apps.world.services.exits import show_again
from apps.world.services.takings import note_taking
from apps.world.things import ObjectDef

LOOKED_BACK = 1_000
"""So many of the latest acts with a thing are looked at for who gave it back before."""


@transactional
def give_again(*, actor: AbstractBaseUser, taking_id: int, reason: str) -> None:
    """Let a character have once more what a thing gives, as if it had not had it nor had to wait (staff).

    Nobody does so twice with the same thing and character: that takes a second person.
    """
    row = ObjectTaking.objects.filter(pk=taking_id).first()
    if row is None:
        raise NotFoundError
    locked(row.character_id)
    definition = ground.definition_of(ground.thing_of(row.zone, row.object_id))
    uses = ObjectUse.objects.filter(character_id=row.character_id, zone=row.zone, object_id=row.object_id)
    used, _ = uses.delete()
    ended = _end_waits(row.character_id, _cooldowns_of(definition))
    if not used and not ended:
        raise NothingHadError
    if _has_given(actor, row):
        raise audit.SecondPersonError
    details: dict[str, object] = {"zone": row.zone, "object": row.object_id, "times": row.version}
    audit.record(actor, "give_again", f"character:{row.character_id}", reason, details)
    others = _takings_waiting_for(row.character_id, ended)
    for each in {row.pk: row, **{other.pk: other for other in others}}.values():
        _note(each, actor, reason)
    _show(row)
    show_again(character_id=row.character_id, topic="cooldown.changed")


@transactional
def end_wait(*, actor: AbstractBaseUser, cooldown_id: int, reason: str) -> None:
    """Let a character wait no longer for whatever has this cooldown (staff)."""
    wait = Cooldown.objects.filter(pk=cooldown_id).first()
    if wait is None:
        raise NotFoundError
    locked(wait.character_id)
    if not _end_waits(wait.character_id, [wait.key]):
        raise NothingHadError
    details: dict[str, object] = {"cooldown": wait.key, "until": wait.until.isoformat()}
    audit.record(actor, "end_wait", f"character:{wait.character_id}", reason, details)
    for row in _takings_waiting_for(wait.character_id, [wait.key]):
        _note(row, actor, reason)
        _show(row)
    show_again(character_id=wait.character_id, topic="cooldown.changed")


def _has_given(actor: AbstractBaseUser, row: ObjectTaking) -> bool:
    earlier = taking_selectors.history([row], most=LOOKED_BACK)
    return any(each.event.staff == actor.get_username() for each in earlier)


def _end_waits(character_id: int, keys: Collection[str]) -> list[str]:
    """End what a character waits for, of some cooldowns; return which. How often it waited stays counted."""
    now = clock.utc_now()
    waits = Cooldown.objects.select_for_update().filter(
        character_id=character_id, key__in=keys, until__gt=now
    )
    ended = sorted(wait.key for wait in waits)
    Cooldown.objects.filter(character_id=character_id, key__in=ended).update(until=now)
    return ended


def _cooldowns_of(definition: ObjectDef) -> set[str]:
    return {each.cooldown.key for each in definition.transitions if each.cooldown is not None}


def _takings_waiting_for(character_id: int, keys: Collection[str]) -> Iterator[ObjectTaking]:
    """Yield what a character has had of the things that have one of some cooldowns."""
    if not keys:
        return
    for row in ObjectTaking.objects.filter(character_id=character_id).order_by("pk"):
        try:
            definition = ground.definition_of(ground.thing_of(row.zone, row.object_id))
        except NotFoundError:
            continue
        if not _cooldowns_of(definition).isdisjoint(keys):
            yield row


def _note(row: ObjectTaking, actor: AbstractBaseUser, reason: str) -> None:
    definition = ground.definition_of(ground.thing_of(row.zone, row.object_id))
    given = ObjectTaken(
        object=row.object_id,
        instance="",
        definition=definition.id,
        action="give_again",
        before=row.state,
        state=definition.start.id,
        staff=actor.get_username(),
        reason=reason.strip(),
    )
    note_taking(character_id=row.character_id, zone=row.zone, object_id=row.object_id, taken=given)


def _show(row: ObjectTaking) -> None:
    """Show the character how the thing stands for it now, if it is there and may see it."""
    place = selectors.places_of([row.character_id]).get(row.character_id)
    if place is None or place.zone != row.zone:
        return
    thing = ground.thing_of(row.zone, row.object_id)
    definition = ground.definition_of(thing)
    if not holds(definition.seen_if, situation_of(row.character_id, definition.seen_if)):
        return
    stands = WorldObject.objects.filter(instance=place.instance, object_id=thing.id, is_node=False).first()
    seen = object_seen(thing, definition, standing_for(definition, stands, is_used=False))
    realtime.tell_character(row.character_id, ObjectChanged(instance=place.instance, object=seen))
