"""What the world tells of its nodes: what is left of each now."""

from __future__ import annotations

from aether.kernel import clock, content
from aether.protocol.world import NodeSeen
from apps.economy.making import NodeDef
from apps.world import ground
from apps.world.definitions import MapNode
from apps.world.models import WorldObject
from apps.world.rules.nodes import WHOLE, charges_left


def nodes_seen(instance: str) -> list[NodeSeen]:
    """Return the nodes of a zone copy; one that nobody has touched is whole."""
    nodes = ground.map_of(ground.zone_of_instance(instance)).nodes
    if not nodes:
        return []
    states = _states(instance)
    return [node_seen(node, states.get((node.id, node.node), WHOLE)) for node in nodes]


def node_seen(node: MapNode, state: str) -> NodeSeen:
    """Return a node in a state, as everybody sees it."""
    whole = content.current().get(NodeDef, node.node).charges
    return NodeSeen(id=node.id, node=node.node, cell=node.cell, charges=charges_left(state, whole))


def is_spent(instance: str, node: MapNode) -> bool:
    """Tell if a node has no charge left now."""
    return not node_seen(node, _states(instance, node.id).get((node.id, node.node), WHOLE)).charges


def _states(instance: str, *node_ids: str) -> dict[tuple[str, str], str]:
    """Return the states of the nodes that anybody has touched, by their id and kind.

    What is due to be whole is so, also where nobody has written it down yet.
    """
    rows = WorldObject.objects.filter(instance=instance, is_node=True)
    if node_ids:
        rows = rows.filter(object_id__in=node_ids)
    now = clock.utc_now()
    return {
        (node_id, kind): WHOLE if due_at is not None and due_at <= now else state
        for node_id, kind, state, due_at in rows.values_list("object_id", "definition", "state", "returns_at")
    }
