"""Using the things of a zone: what the content lets a character do with one, and what comes of it.

What changes a thing for everybody is an event of its stream, and refused to who has seen an older version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from aether.kernel import clock, content, facts, realtime
from aether.kernel.conditions import names_of, situation_of, why_not
from aether.kernel.content import LocalText
from aether.kernel.effects import perform
from aether.kernel.facts.types import ObjectUsed
from aether.kernel.transactions import transactional
from aether.protocol.world import ObjectChanged, ObjectSeen
from apps.economy import services as economy
from apps.world import claims, ground, selectors
from apps.world.claims import Claim
from apps.world.definitions import MapObject
from apps.world.errors import (
    AlreadyUsedError,
    InBattleError,
    LockedError,
    NothingToDoError,
    StaleObjectError,
    TooFarError,
)
from apps.world.models import CharacterPlace, Cooldown, ObjectTaking, ObjectUse, WorldObject
from apps.world.object_selectors import object_seen, require_seen, standing_for, standing_of
from apps.world.rules.objects import ObjectTaken, Standing, chosen, not_yet
from apps.world.services import object_streams, showing
from apps.world.services.coming import present
from apps.world.services.dungeons import puzzles
from apps.world.services.exits import show_again
from apps.world.services.takings import note_taking
from apps.world.things import ObjectDef, TransitionDef

REACH = 1
ONCE = "once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """How the thing stands after it, what there is to read, and the window that opens."""

    seen: ObjectSeen
    says: tuple[LocalText, ...] = ()
    opens: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """A character at a thing: everything that decides what may be done."""

    place: CharacterPlace
    thing: MapObject
    definition: ObjectDef
    rows: Mapping[str, WorldObject]
    standing: Standing

    @property
    def character_id(self) -> int:
        return self.place.character_id

    def source(self, occasion: str) -> str:
        """Return what names this occasion: the ledger does nothing twice for it."""
        return f"{self.definition.kind}:{self.thing.id}:{self.place.instance}:{occasion}"


@transactional
def interact(
    *, character_id: int, object_id: str, action: str | None = None, version: int | None = None
) -> Interaction:
    """Do something with a thing next to which the character stands."""
    use = _use(character_id, object_id)
    if version not in (None, use.standing.version):
        raise StaleObjectError(state=use.standing.state, version=use.standing.version)
    transition = chosen(use.definition, use.standing.state, action)
    if transition is None:
        raise AlreadyUsedError if _is_used(use) else NothingToDoError
    _require(transition, character_id)
    claim = _claim(use, transition)
    occasion = _begin(use, transition)
    _note(use, transition)
    if transition.loots:
        _pay_loot(use, occasion)
    performed = perform(transition.effects, character_id=character_id, source=use.source(occasion))
    standing = _moved(use, transition, claim)
    standing = puzzles.note(use.place, use.thing.id) or standing
    if transition.cooldown is not None:
        show_again(character_id=character_id, topic="cooldown.changed")
    facts.publish(ObjectUsed(character=character_id, zone=use.place.zone, object=use.thing.id))
    seen = object_seen(use.thing, use.definition, standing)
    if transition.to is None:
        realtime.tell_character(character_id, ObjectChanged(instance=use.place.instance, object=seen))
    return Interaction(seen=seen, says=performed.says, opens=performed.opens)


def _use(character_id: int, object_id: str) -> _Use:
    place = present(character_id)
    if place.battle is not None:
        raise InBattleError
    thing = ground.thing_of(place.zone, object_id)
    definition = ground.definition_of(thing)
    require_seen(definition, character_id)
    if not selectors.is_near(showing.stand_still(place), thing.cell, REACH):
        raise TooFarError
    puzzles.hold(place, thing.id)
    rows = _locked(place, thing, definition)
    used = ObjectUse.objects.filter(character_id=character_id, zone=place.zone, object_id=thing.id).exists()
    standing = standing_for(definition, rows.get(thing.id), used)
    return _Use(place=place, thing=thing, definition=definition, rows=rows, standing=standing)


def _locked(place: CharacterPlace, thing: MapObject, definition: ObjectDef) -> dict[str, WorldObject]:
    """Return the rows of a thing and its targets, if anything that is done to it is for everybody to see."""
    if not definition.is_shared and not thing.is_door:
        return {}
    targets = [ground.thing_of(place.zone, target) for target in thing.targets]
    return object_streams.locked_rows(place.zone, place.instance, [thing, *targets])


def _is_used(use: _Use) -> bool:
    return bool(use.definition.once and use.definition.once.shows == use.standing.state)


def _require(transition: TransitionDef, character_id: int) -> None:
    situation = situation_of(character_id, transition.condition)
    missing = why_not(transition.condition, situation, names_of(content.current()))
    if missing is not None:
        raise LockedError(en=missing.en, fr=missing.fr)


def _claim(use: _Use, transition: TransitionDef) -> Claim | None:
    """Return in whose name the thing stands then; refuse whose guild may not have it now."""
    if not transition.claims:
        return None
    own = claims.claim_of(use.character_id)
    missing = claims.refusal(transition, use.rows.get(use.thing.id), own)
    if missing is not None:
        raise LockedError(en=missing.en, fr=missing.fr)
    return own


def _begin(use: _Use, transition: TransitionDef) -> str:
    """Count the use where it is counted; return what tells this occasion from every other one."""
    if transition.once:
        _, is_first = ObjectUse.objects.get_or_create(
            character_id=use.character_id, zone=use.place.zone, object_id=use.thing.id
        )
        if not is_first:
            raise AlreadyUsedError
        return _only_time(use)
    if transition.cooldown is not None:
        return f"{transition.cooldown.key}:{_cool(use.character_id, transition)}"
    return f"{transition.action}:{use.standing.version}"


def _only_time(use: _Use) -> str:
    """Return what tells this time from those before which staff have given the thing back."""
    had = ObjectTaking.objects.filter(
        character_id=use.character_id, zone=use.place.zone, object_id=use.thing.id
    )
    times = had.values_list("version", flat=True).first()
    return f"{ONCE}:{times}" if times else ONCE


def _note(use: _Use, transition: TransitionDef) -> None:
    """Write down what is between the thing and the character alone; what all see is in the thing's stream."""
    if transition.to is not None or not (transition.once or transition.cooldown):
        return
    until = clock.now() + transition.cooldown.s if transition.cooldown else 0.0
    taken = ObjectTaken(
        object=use.thing.id,
        instance=use.place.instance,
        definition=use.definition.id,
        action=transition.action,
        before=use.standing.state,
        state=transition.shows or use.standing.state,
        until=round(until, 3),
    )
    note_taking(character_id=use.character_id, zone=use.place.zone, object_id=use.thing.id, taken=taken)


def _cool(character_id: int, transition: TransitionDef) -> int:
    """Begin the cooldown of what is done, and return how often it has been; refuse while one lasts."""
    assert transition.cooldown is not None
    now = clock.utc_now()
    key = {"character_id": character_id, "key": transition.cooldown.key}
    row, is_new = Cooldown.objects.select_for_update().get_or_create(**key, defaults={"until": now})
    if not is_new and row.until > now:
        left = not_yet((row.until - now).total_seconds())
        raise LockedError(en=left.en, fr=left.fr)
    row.until, row.times = now + timedelta(seconds=transition.cooldown.s), row.times + 1
    row.save(update_fields=["until", "times"])
    return row.times


def _pay_loot(use: _Use, occasion: str) -> None:
    """A chest's key is older than occasions: what it paid before is not paid again."""
    key = f"object:{use.place.zone}:{use.thing.id}:{use.character_id}"
    economy.grant(
        character_id=use.character_id,
        loot=use.thing.loot,
        cause=f"{use.definition.kind}:{use.thing.id}",
        idempotency_key=key if occasion == ONCE else f"{key}:{occasion}",
    )


def _moved(use: _Use, transition: TransitionDef, claim: Claim | None) -> Standing:
    """Let the thing and its targets go where the transition leads; return how the thing stands then."""
    if transition.to is None:
        return Standing(transition.shows or use.standing.state, use.standing.version)
    own = use.rows[use.thing.id]
    changes = {own.pk: (own, transition.to)}
    for target in use.thing.targets:
        row = use.rows[target]
        if transition.moves and row.state != transition.moves:
            changes[row.pk] = row, transition.moves
    for _, (row, state) in sorted(changes.items()):
        object_streams.move(
            row,
            state,
            cause=transition.action if row is own else f"object:{use.thing.id}",
            actor_id=use.character_id,
            closes_after_s=transition.closes_after_s,
            claim=claim if row is own else None,
        )
    return standing_of(own)
