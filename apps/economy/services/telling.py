"""What a character is told after its holdings changed: new values, never differences."""

from __future__ import annotations

from collections.abc import Iterable

from aether.kernel import realtime
from aether.protocol.economy import InventoryChanged, Stack
from apps.economy import selectors
from apps.economy.buckets import bag, wallet
from apps.economy.definitions import CURRENCY
from apps.economy.selectors import INSTANCE
from apps.economy.services.ledger import Move


def tell_change(character_id: int, cause: str, moves: Iterable[Move]) -> None:
    """Tell the new values of every asset that moved. Call after `post`, in its transaction."""
    assets = {move.asset for move in moves}
    held = selectors.amounts(character_id, assets)
    instances = selectors.instances_by_asset(assets)
    where = {asset: bucket for bucket, asset in held if asset in instances}
    stacks = sorted(asset for asset in assets if asset != CURRENCY and not asset.startswith(INSTANCE))
    in_wallet, in_bag = wallet(character_id).name, bag(character_id).name
    update = InventoryChanged(
        cause=cause,
        glim=held.get((in_wallet, CURRENCY), 0) if CURRENCY in assets else None,
        stacks=[Stack(item=asset, count=held.get((in_bag, asset), 0)) for asset in stacks],
        items=[selectors.unique_item(instances[asset], where[asset]) for asset in sorted(where)],
        gone=sorted(asset.removeprefix(INSTANCE) for asset in set(instances) - set(where)),
    )
    realtime.tell_character(character_id, update)
