"""Changing nodes: a charge taken is an event of the node's stream, as is that it has grown again."""

from __future__ import annotations

from random import Random

from aether.kernel import clock
from apps.economy.making import NodeDef
from apps.world.definitions import MapNode
from apps.world.models import WorldObject
from apps.world.rules.nodes import GATHERED, REPLACED, WHOLE, after_taking
from apps.world.rules.objects import ObjectMoved
from apps.world.services import object_streams


def locked_node(zone: str, instance: str, node: MapNode) -> WorldObject:
    """Return how a node stands, its row locked.

    What was due to be whole is so, and what the content has made another kind of node begins anew.
    """
    here = WorldObject.objects.filter(instance=instance, object_id=node.id, is_node=True)
    row = here.select_for_update().first()
    if row is None:
        untouched = WorldObject(
            zone=zone,
            instance=instance,
            object_id=node.id,
            definition=node.node,
            is_node=True,
            state=WHOLE,
        )
        WorldObject.objects.bulk_create([untouched], ignore_conflicts=True)
        row = here.select_for_update().get()
    if row.definition != node.node:
        row.definition = node.node
        object_streams.move(row, WHOLE, cause=REPLACED)
    elif row.returns_at is not None and row.returns_at <= clock.utc_now():
        object_streams.go_back(row)
    return row


def take_charge(row: WorldObject, kind: NodeDef, *, character_id: int, rng: Random) -> bool:
    """Take one charge, if there is one; the last one lets the node begin to grow again.

    Call while holding its row's lock.
    """
    state = after_taking(row.state, kind.charges)
    if state is None:
        return False
    is_last = after_taking(state, kind.charges) is None
    event = ObjectMoved(
        object=str(row),
        definition=row.definition,
        before=row.state,
        state=state,
        by="character",
        cause=GATHERED,
        whole_at=round(clock.now() + rng.uniform(*kind.respawn_s), 3) if is_last else 0.0,
    )
    object_streams.append(row, event, actor_id=character_id)
    return True
