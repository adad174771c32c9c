"""The command about one's own ledger."""

from __future__ import annotations

from aether.kernel.dispatch import Caller, handles
from aether.protocol.movements import Movements, ReadMovements
from apps.economy import movements


@handles(ReadMovements)
def read_movements(caller: Caller, command: ReadMovements) -> Movements:
    return movements.movements(
        caller.character_id, topic=command.topic, item=command.item, before=command.before
    )
