"""Gathering: work on a node that takes its time, and gives to whoever finishes while a charge is left.

The server ends it. Who has walked, travelled or begun a battle meanwhile has nothing.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random, SystemRandom
from typing import Literal

from django.db import transaction

from aether.kernel import clock, content, realtime
from aether.kernel.errors import GameError, NotFoundError
from aether.kernel.transactions import transactional
from aether.protocol import world as wire
from apps.economy import services as economy
from apps.economy.making import NodeDef
from apps.world import ground, node_selectors, positions, selectors, sky
from apps.world.definitions import MapNode
from apps.world.errors import AlreadyGatheringError, InBattleError, NodeSpentError, TooFarError
from apps.world.models import CharacterPlace, Gathering
from apps.world.services import node_streams, showing
from apps.world.services.coming import present

REACH = 1
ENDED_AT_ONCE = 50


@transactional
def begin_gathering(*, character_id: int, node_id: str) -> wire.Gathering:
    """Begin to work on a node next to which the character stands still."""
    place = present(character_id)
    if place.battle is not None:
        raise InBattleError
    node = ground.node_of(place.zone, node_id)
    if not selectors.is_near(showing.stand_still(place), node.cell, REACH) or _is_walking(character_id):
        raise TooFarError
    definition = content.current().get(NodeDef, node.node)
    economy.require_gatherer(character_id, definition)
    if node_selectors.is_spent(place.instance, node):
        raise NodeSpentError
    if Gathering.objects.filter(character_id=character_id).exists():
        raise AlreadyGatheringError
    now = clock.utc_now()
    ends_at = now + timedelta(seconds=definition.time_s)
    Gathering.objects.create(
        character_id=character_id, instance=place.instance, node_id=node.id, began_at=now, ends_at=ends_at
    )
    began = wire.GatherBegan(id=character_id, node=node.id, ends_at=ends_at.timestamp())
    transaction.on_commit(lambda: positions.announce_later(place.instance, began), robust=True)
    return wire.Gathering(node=node.id, began_at=now.timestamp(), ends_at=ends_at.timestamp())


@transactional
def stop_gathering(*, character_id: int) -> None:
    """Leave a node be."""
    row = Gathering.objects.select_for_update().filter(character_id=character_id).first()
    if row is not None:
        _end(row, "stopped")


def finish_gatherings(instance: str, rng: Random | None = None) -> int:
    """End what is due in a zone copy, in the order in which it is; return how much that was."""
    due = Gathering.objects.filter(instance=instance, ends_at__lte=clock.utc_now()).order_by("ends_at", "pk")
    ended = list(due.values_list("pk", flat=True)[:ENDED_AT_ONCE])
    return sum(finish_gathering(pk, rng or SystemRandom()) for pk in ended)


@transactional
def finish_gathering(gathering_id: int, rng: Random) -> bool:
    """End one gathering whose time is over: the first to come takes the charge. Once, whoever else asks."""
    row = Gathering.objects.select_for_update(skip_locked=True).filter(pk=gathering_id).first()
    if row is None or row.ends_at > clock.utc_now():
        return False
    zone = ground.zone_of_instance(row.instance)
    try:
        node = ground.node_of(zone, row.node_id)
        definition = content.current().get(NodeDef, node.node)
    except NotFoundError:
        _end(row, "spent")
        return True
    if not _is_at_work(row, node):
        _end(row, "stopped")
        return True
    try:
        economy.require_gatherer(row.character_id, definition)
    except GameError:
        _end(row, "stopped")
        return True
    standing = node_streams.locked_node(zone, row.instance, node)
    if not node_streams.take_charge(standing, definition, character_id=row.character_id, rng=rng):
        _end(row, "spent")
        return True
    granted = economy.gather(
        character_id=row.character_id,
        node=definition,
        zone=zone,
        idempotency_key=f"gather:{row.pk}",
        yield_pct=sky.weather_effects(zone).yield_pct,
    )
    _end(row, "done", {stack.item: stack.count for stack in granted.stacks})
    return True


def _is_at_work(row: Gathering, node: MapNode) -> bool:
    """Tell if a character still stands where it began, beside the node and in no battle."""
    place = CharacterPlace.objects.select_for_update().filter(pk=row.character_id, is_present=True).first()
    if place is None or place.battle is not None or place.instance != row.instance:
        return False
    position = positions.find(row.character_id)
    if position is None:
        return selectors.is_near(place.cell, node.cell, REACH)
    has_walked = position.seen.started_at > row.began_at.timestamp()
    is_here = position.instance == row.instance and not position.seen.is_in_battle
    return is_here and not has_walked and selectors.is_near(selectors.cell_of(position), node.cell, REACH)


def _is_walking(character_id: int) -> bool:
    position = positions.find(character_id)
    return (
        position is not None
        and bool(position.seen.path)
        and (selectors.cell_of(position) != tuple(position.seen.path[-1]))
    )


def _end(
    row: Gathering, outcome: Literal["done", "stopped", "spent"], items: dict[str, int] | None = None
) -> None:
    update = wire.GatheringEnded(node=row.node_id, outcome=outcome, items=items or {})
    realtime.tell_character(row.character_id, update)
    row.delete()
