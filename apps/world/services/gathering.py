"""Gathering: work on a node that takes its time, and gives to whoever finishes while a charge is left.

The server ends it. Who has walked, travelled or begun a battle meanwhile has nothing.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random, SystemRandom
from typing import Literal

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from aether.kernel import audit, clock, content, realtime
from aether.kernel.errors import GameError, NotFoundError
from aether.kernel.transactions import transactional
from aether.protocol import world as wire
from apps.economy import services as economy
from apps.economy.making import NodeDef
from apps.world import ground, positions, selectors, sky
from apps.world.definitions import MapNode
from apps.world.errors import AlreadyGatheringError, InBattleError, NodeSpentError, TooFarError
from apps.world.models import CharacterPlace, Gathering, ResourceNode
from apps.world.services import showing
from apps.world.services.coming import present

REACH = 1
ENDED_AT_ONCE = 50


@transactional
def begin_gathering(*, character_id: int, node_id: str) -> wire.Gathering:
    """Begin to work on a node next to which the character stands still."""
    place = present(character_id)
    if place.battle is not None:
        raise InBattleError
    node = _node(place.zone, node_id)
    if not selectors.is_near(showing.stand_still(place), node.cell, REACH) or _is_walking(character_id):
        raise TooFarError
    definition = content.current().get(NodeDef, node.node)
    economy.require_gatherer(character_id, definition)
    if not _charges(place.instance, node, definition):
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
        node = _node(zone, row.node_id)
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
    if not _take_charge(row.instance, node, definition, rng):
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


@transaction.atomic
def keep_nodes(instance: str) -> None:
    """Make the nodes whole that are due again."""
    due = ResourceNode.objects.select_for_update(skip_locked=True).filter(
        instance=instance, respawn_at__lte=clock.utc_now()
    )
    nodes = {node.id: node for node in ground.map_of(ground.zone_of_instance(instance)).nodes}
    for row in due:
        node = nodes.get(row.node_id)
        _whole_again(row)
        if node is not None:
            _announce(instance, node, None)


@transaction.atomic
def restore_node(*, actor: AbstractBaseUser, row_id: int, reason: str) -> None:
    """Make a node whole again at once (staff)."""
    row = ResourceNode.objects.select_for_update().filter(pk=row_id).first()
    if row is None:
        raise NotFoundError
    audit.record(actor, "restore_node", f"node:{row.instance}:{row.node_id}", reason)
    nodes = {node.id: node for node in ground.map_of(ground.zone_of_instance(row.instance)).nodes}
    instance, node = row.instance, nodes.get(row.node_id)
    _whole_again(row)
    if node is not None:
        _announce(instance, node, None)


def _whole_again(row: ResourceNode) -> None:
    known = content.current().all(NodeDef).get(row.definition)
    if known is None:
        row.delete()
        return
    row.charges, row.respawn_at = known.charges, None
    row.save(update_fields=["charges", "respawn_at"])


def _take_charge(instance: str, node: MapNode, definition: NodeDef, rng: Random) -> bool:
    """Take one charge of a node, if there is one; the last one lets it begin to grow again."""
    ResourceNode.objects.bulk_create(
        [
            ResourceNode(
                instance=instance, node_id=node.id, definition=definition.id, charges=definition.charges
            )
        ],
        ignore_conflicts=True,
    )
    row = ResourceNode.objects.select_for_update().get(instance=instance, node_id=node.id)
    if row.definition != definition.id:
        row.definition, row.charges, row.respawn_at = definition.id, definition.charges, None
    if row.charges < 1:
        return False
    row.charges -= 1
    if row.charges == 0:
        row.respawn_at = clock.utc_now() + timedelta(seconds=rng.uniform(*definition.respawn_s))
    row.save()
    _announce(instance, node, row.charges)
    return True


def _charges(instance: str, node: MapNode, definition: NodeDef) -> int:
    row = ResourceNode.objects.filter(instance=instance, node_id=node.id, definition=definition.id).first()
    return definition.charges if row is None else row.charges


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


def _announce(instance: str, node: MapNode, charges: int | None) -> None:
    change = wire.NodeChanged(node=selectors.node_seen(node, charges))
    transaction.on_commit(lambda: positions.announce_later(instance, change), robust=True)


def _node(zone: str, node_id: str) -> MapNode:
    for node in ground.map_of(zone).nodes:
        if node.id == node_id:
            return node
    raise NotFoundError
