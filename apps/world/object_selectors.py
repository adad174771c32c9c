"""What the world tells of its things: how each stands for a character, what can be done, what was, ever."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

import msgspec
from django.db import connection
from django.db.models import QuerySet

from aether.kernel import clock, content, journal, stored
from aether.kernel.conditions import (
    holds,
    names_of,
    situation_of,
    why_not,
)
from aether.kernel.content import LocalText
from aether.kernel.errors import NotFoundError
from aether.kernel.journal import StreamKind
from aether.protocol.base import Cell, Words
from aether.protocol.objects import ActionSeen, Inspected
from aether.protocol.world import ExitSeen, ObjectSeen
from apps.economy.making import NodeDef
from apps.world import claims, ground
from apps.world.definitions import MapExit, MapObject
from apps.world.models import (
    CharacterPlace,
    Cooldown,
    CopyFlag,
    ObjectSnapshot,
    ObjectUse,
    WorldObject,
)
from apps.world.rules.nodes import charges_left, grown
from apps.world.rules.objects import (
    ObjectEvent,
    ObjectMoved,
    ObjectReset,
    Standing,
    folded,
    not_yet,
    possible,
)
from apps.world.things import ObjectDef, TransitionDef

_USES = "SELECT object_id FROM world_objectuse WHERE character_id = %s AND zone = %s"


def object_seen(thing: MapObject, definition: ObjectDef, standing: Standing) -> ObjectSeen:
    """Return a thing as it stands; one that stays closed for who has emptied it included."""
    state = definition.state(standing.state)
    return ObjectSeen(
        id=thing.id,
        object_type=definition.id,
        cell=thing.cell,
        state=state.id,
        version=standing.version,
        blocks=list(state.blocks),
        is_door=thing.is_door,
        guild=standing.guild_name or None,
    )


def objects_standing(zone: str, instance: str) -> list[ObjectSeen]:
    """Return all things of a zone copy as they are for everybody, those too that not everybody may see."""
    things = [(thing, ground.definition_of(thing)) for thing in ground.map_of(zone).objects]
    stand = _rows_in(instance) if things else {}
    return [
        object_seen(thing, definition, standing_for(definition, stand.get(thing.id), is_used=False))
        for thing, definition in things
    ]


def objects_seen(zone: str, instance: str, character_id: int) -> list[ObjectSeen]:
    """Return the things of a zone copy as they are for a character, without those it may not see."""
    things = [(thing, ground.definition_of(thing)) for thing in ground.map_of(zone).objects]
    if not things:
        return []
    stand = _rows_in(instance)
    with connection.cursor() as cursor:
        cursor.execute(_USES, [character_id, zone])
        used = {object_id for (object_id,) in cursor}
    situation = situation_of(character_id, *(definition.seen_if for _, definition in things))
    return [
        object_seen(thing, definition, standing_for(definition, stand.get(thing.id), thing.id in used))
        for thing, definition in things
        if holds(definition.seen_if, situation)
    ]


def _rows_in(instance: str) -> dict[str, WorldObject]:
    """Return the things of a zone copy that anybody has ever changed, by id."""
    found = stored.find(WorldObject, "WHERE instance = %s AND NOT is_node", [instance])
    stand = {row.object_id: row for row in found}
    _call_guilds_as_now(stand.values())
    return stand


def standing_for(definition: ObjectDef, row: WorldObject | None, is_used: bool) -> Standing:
    """Return how a thing stands for a character: as it does for all, or as who has used it sees it."""
    standing = standing_of(row) if row else Standing(definition.start.id, 0)
    if is_used and definition.once is not None and definition.once.shows:
        return standing._replace(state=definition.once.shows)
    return standing


def standing_of(row: WorldObject) -> Standing:
    """Return how a thing stands for all."""
    whole_at = row.returns_at.timestamp() if row.is_node and row.returns_at else 0.0
    return grown(Standing(row.state, row.version, row.guild_id, row.guild_name, whole_at), clock.now())


def _call_guilds_as_now(rows: Iterable[WorldObject]) -> None:
    """Let things that stand in the name of guilds say what these are called now, if there are any such."""
    claimed = [row for row in rows if row.guild_id]
    names = claims.current_names(row.guild_id for row in claimed)
    for row in claimed:
        row.guild_name = names.get(row.guild_id, row.guild_name)


def require_seen(definition: ObjectDef, character_id: int) -> None:
    """Refuse what a character may not see as if it were not there."""
    if not holds(definition.seen_if, situation_of(character_id, definition.seen_if)):
        raise NotFoundError


def inspected(character_id: int, object_id: str, language: str) -> Inspected:
    """Return what a character sees when it looks at a thing of its zone."""
    place = CharacterPlace.objects.filter(pk=character_id, is_present=True).first()
    if place is None:
        raise NotFoundError
    thing = ground.thing_of(place.zone, object_id)
    definition = ground.definition_of(thing)
    require_seen(definition, character_id)
    known = WorldObject.objects.filter(instance=place.instance, object_id=thing.id, is_node=False)
    row = known.first()
    used = ObjectUse.objects.filter(character_id=character_id, zone=place.zone, object_id=thing.id).exists()
    _call_guilds_as_now([row] if row else [])
    standing = standing_for(definition, row, used)
    return Inspected(
        object=object_seen(thing, definition, standing),
        name=named(definition.state(standing.state).name.in_language(language), standing.guild_name),
        text=definition.text.in_language(language),
        actions=list(_actions(definition, standing.state, row, character_id, language)),
    )


def named(name: str, guild: str) -> str:
    """Return what a thing is called; one that stands in the name of a guild may say which."""
    return name.replace("{guild}", guild)


def _actions(
    definition: ObjectDef, state: str, row: WorldObject | None, character_id: int, language: str
) -> Iterator[ActionSeen]:
    names = names_of(content.current())
    for each in possible(definition, state):
        missing = why_not(each.condition, situation_of(character_id, each.condition), names)
        missing = missing or _waits(each, character_id)
        if each.claims and missing is None:
            missing = claims.refusal(each, row, claims.claim_of(character_id))
        yield ActionSeen(
            action=each.action,
            label=each.label.in_language(language),
            locked=missing.in_language(language) if missing else None,
        )


def _waits(each: TransitionDef, character_id: int) -> LocalText | None:
    """Return how long a character has to wait for what has a cooldown; nothing where it has not."""
    if each.cooldown is None:
        return None
    row = Cooldown.objects.filter(character_id=character_id, key=each.cooldown.key).first()
    left = (row.until - clock.utc_now()).total_seconds() if row else 0
    return not_yet(left) if left > 0 else None


def blocked_cells(zone: str, instance: str) -> dict[Cell, frozenset[str]]:
    """Return what stands in the way of feet or eyes in a zone copy now, beside the map itself."""
    things = [(thing, ground.definition_of(thing)) for thing in ground.map_of(zone).objects]
    blocking = {thing.id: (thing, definition) for thing, definition in things if definition.may_block}
    if not blocking:
        return {}
    rows = WorldObject.objects.filter(instance=instance, object_id__in=list(blocking), is_node=False)
    states = dict(rows.values_list("object_id", "state"))
    return {
        thing.cell: frozenset(definition.state(states.get(name, definition.start.id)).blocks)
        for name, (thing, definition) in blocking.items()
    }


def copy_flags(character_id: int) -> dict[str, int]:
    """Return the flags of the zone copy that a character is in."""
    here = CharacterPlace.objects.filter(pk=character_id).values("instance")
    return dict(CopyFlag.objects.filter(instance__in=here).values_list("key", "value"))


def cooling(character_id: int) -> frozenset[str]:
    """Return what a character has to wait for."""
    rows = Cooldown.objects.filter(character_id=character_id, until__gt=clock.utc_now())
    return frozenset(rows.values_list("key", flat=True))


def unlocked_exits(character_id: int) -> frozenset[tuple[str, str]]:
    """Return the exits that were unlocked for a character, as zone and id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT zone, exit_id FROM world_exitunlock WHERE character_id = %s", [character_id])
        return frozenset(cursor.fetchall())


# Exits


def exits_drawn(zone: str) -> list[ExitSeen]:
    """Return the exits of a zone as nobody in particular sees them: nothing is locked."""
    return [_exit_seen(zone, way, None) for way in ground.map_of(zone).exits]


def exits_seen(zone: str, character_id: int) -> list[ExitSeen]:
    """Return the exits of a zone, each with what a character lacks to take it."""
    ways, rules = ground.map_of(zone).exits, ground.zone_of(zone)
    conditions = [rules.rule_of(way.id).condition for way in ways]
    situation = situation_of(character_id, *conditions)
    names = names_of(content.current())
    return [
        _exit_seen(zone, way, why_not(condition, situation, names))
        for way, condition in zip(ways, conditions, strict=True)
    ]


def _exit_seen(zone: str, way: MapExit, missing: LocalText | None) -> ExitSeen:
    rule = ground.zone_of(zone).rule_of(way.id)
    return ExitSeen(
        id=way.id,
        cells=list(way.cells),
        to_zone=way.to_zone,
        way=rule.kind,
        fare=rule.fare,
        locked=Words(en=missing.en, fr=missing.fr) if missing else None,
    )


# History


class Chapter(NamedTuple):
    """One entry of a thing's stream, as people read it."""

    version: int
    at: datetime
    actor_id: int
    event: ObjectEvent


def history(object_pk: int, *, after: int = 0) -> Iterator[Chapter]:
    """Walk through everything that happened to a thing, in order."""
    for entry in journal.entries(StreamKind.OBJECT, object_pk, after=after):
        event = msgspec.json.decode(entry.payload, type=ObjectMoved | ObjectReset)
        yield Chapter(entry.version, entry.at, entry.actor_id, event)


def standings(row: WorldObject, chapters: Sequence[Chapter]) -> Iterator[tuple[Chapter, Standing, Standing]]:
    """Return with each of some chapters, one after the other, how the thing stood before and after it."""
    if not chapters:
        return
    standing = at_version(row, chapters[0].version - 1)
    for chapter in chapters:
        before, standing = standing, folded(standing, [chapter.event])
        yield chapter, before, standing


def state_name(row: WorldObject, state: str, language: str) -> str:
    """Return what a thing is called in a state; the state's id where the content has it no more."""
    if row.is_node:
        return _node_name(row, state, language)
    found = content.current().all(ObjectDef).get(row.definition)
    known = {each.id: each.name for each in found.states} if found else {}
    return known[state].in_language(language) if state in known else state


def _node_name(row: WorldObject, state: str, language: str) -> str:
    kind = content.current().all(NodeDef).get(row.definition)
    if kind is None:
        return state
    return f"{kind.name.in_language(language)} {charges_left(state, kind.charges)}/{kind.charges}"


def as_of(row: WorldObject, moment: datetime) -> Standing:
    """Return how a thing stood at a moment: the last snapshot before it, and what followed."""
    begin = _last_known(row, row.snapshots.filter(at__lte=moment))
    standing = folded(begin, _until(moment, history(row.pk, after=begin.version)))
    return grown(standing, moment.timestamp())


def at_version(row: WorldObject, version: int) -> Standing:
    """Return how a thing stood after so many entries."""
    begin = _last_known(row, row.snapshots.filter(version__lte=version))
    since = islice(history(row.pk, after=begin.version), version - begin.version)
    return folded(begin, (chapter.event for chapter in since))


def _last_known(row: WorldObject, snapshots: QuerySet[ObjectSnapshot]) -> Standing:
    known = snapshots.order_by("-version").first()
    if known is None:
        return Standing(_first_state(row), 0)
    return Standing(known.state, known.version, known.guild_id, known.guild_name, known.whole_at)


def _until(moment: datetime, chapters: Iterable[Chapter]) -> Iterator[ObjectEvent]:
    for chapter in chapters:
        if chapter.at > moment:
            return
        yield chapter.event


def _first_state(row: WorldObject) -> str:
    """Return the state that a thing began in: what its first entry says was before."""
    first = next(history(row.pk), None)
    return first.event.before if first else row.state
