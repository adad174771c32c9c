"""Throwing things away: a part of a stack, or one item, is gone into a sink."""

from __future__ import annotations

from uuid import UUID

from aether.kernel.transactions import transactional
from aether.protocol.economy import Discarded
from apps.economy import selectors
from apps.economy.buckets import bag, sink
from apps.economy.errors import NeededItemError, NotHeldError, WornItemError
from apps.economy.selectors import INSTANCE
from apps.economy.services.freezing import require_free
from apps.economy.services.ledger import Move, Posting, entry_of, lock_holder, post
from apps.economy.services.telling import tell_change


@transactional
def discard(*, character_id: int, item: str, count: int, idempotency_key: str) -> Discarded:
    """Throw away so many of what stacks, or one instance by its id. Bound ones may go."""
    lock_holder(character_id)
    if entry_of(idempotency_key) is not None:
        return Discarded(item=item, count=count)
    require_free(character_id)
    asset, definition_id = _named(character_id, item, count)
    definition = selectors.item_definition(definition_id)
    if definition is not None and definition.kind == "quest":
        raise NeededItemError(item=definition.id)
    moves = (Move(asset=asset, amount=count, source=bag(character_id), target=sink("discard")),)
    cause = f"discard:{character_id}"
    post(
        Posting(
            kind="discard", idempotency_key=idempotency_key, cause=cause, moves=moves, actor_id=character_id
        )
    )
    tell_change(character_id, "discard", moves)
    return Discarded(item=item, count=count)


def _named(character_id: int, item: str, count: int) -> tuple[str, str]:
    """Return the asset that is meant, and the definition that it is of."""
    try:
        asset = f"{INSTANCE}{UUID(item)}"
    except ValueError:
        if item.startswith(INSTANCE):
            raise NotHeldError from None
        return item, item
    held = selectors.amounts(character_id, [asset])
    if not held or count != 1:
        raise NotHeldError
    if (bag(character_id).name, asset) not in held:
        raise WornItemError
    return asset, selectors.instances_by_asset([asset])[asset].definition
