"""What a character is told after its holdings changed: new values, never differences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aether.kernel import realtime
from aether.protocol.economy import InventoryChanged, Stack
from apps.economy import selectors
from apps.economy.buckets import bag, wallet
from apps.economy.definitions import CURRENCY
from apps.economy.models import ItemInstance
from apps.economy.selectors import INSTANCE
from apps.economy.services.ledger import Move


def tell_change(character_id: int, cause: str, moves: Iterable[Move]) -> None:
    """Tell the new values of every asset that moved. Call after `post`, in its transaction."""
    tell_changes([character_id], cause, moves)


def tell_changes(character_ids: Iterable[int], cause: str, moves: Iterable[Move]) -> None:
    """Tell each of several characters the new values of the assets that moved from or to it."""
    moved = list(moves)
    assets = {move.asset for move in moved}
    instances = selectors.instances_by_asset(assets)
    for character_id, held in selectors.amounts_of(character_ids, assets).items():
        own = {each.asset for each in moved if character_id in (each.source.owner_id, each.target.owner_id)}
        if own:
            update = _changed(character_id, cause, own, held, instances)
            realtime.tell_character(character_id, update)


def _changed(
    character_id: int,
    cause: str,
    assets: set[str],
    held: selectors.Held,
    instances: Mapping[str, ItemInstance],
) -> InventoryChanged:
    where = {asset: bucket for bucket, asset in held if asset in instances and asset in assets}
    stacks = sorted(asset for asset in assets if asset != CURRENCY and not asset.startswith(INSTANCE))
    in_wallet, in_bag = wallet(character_id).name, bag(character_id).name
    unique = {asset for asset in assets if asset in instances}
    return InventoryChanged(
        cause=cause,
        glim=held.get((in_wallet, CURRENCY), 0) if CURRENCY in assets else None,
        stacks=[Stack(item=asset, count=held.get((in_bag, asset), 0)) for asset in stacks],
        items=selectors.unique_items(where),
        gone=sorted(asset.removeprefix(INSTANCE) for asset in unique - set(where)),
    )
