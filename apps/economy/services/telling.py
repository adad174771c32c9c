"""What a character is told after its holdings changed: new values, never differences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from aether.kernel import facts, realtime
from aether.kernel.facts.types import HoldingsChanged
from aether.protocol.base import Update
from aether.protocol.economy import InventoryChanged, Stack
from apps.economy import selectors
from apps.economy.buckets import bag, wallet
from apps.economy.definitions import CURRENCY
from apps.economy.models import ItemInstance
from apps.economy.selectors import INSTANCE
from apps.economy.services.ledger import Move

Told = tuple[int, Update]
"""An update, and the character that it is for."""


def tell_change(character_id: int, cause: str, moves: Iterable[Move]) -> None:
    """Tell the new values of every asset that moved. Call after `post`, in its transaction."""
    realtime.tell_characters(changes_told([character_id], cause, moves))


def changes_told(character_ids: Iterable[int], cause: str, moves: Iterable[Move]) -> list[Told]:
    """Return what tells each of some characters the new values of the assets that moved from or to it."""
    people = set(character_ids)
    moved = [(cause, list(moves))]
    return _told({whose: assets for whose, assets in _moved(moved).items() if whose[0] in people})


def tell_each_change(moved: Iterable[tuple[str, Iterable[Move]]]) -> None:
    """Tell everybody the new values of what moved from or to it, by cause."""
    realtime.tell_characters(_told(_moved(moved)))


def _moved(moved: Iterable[tuple[str, Iterable[Move]]]) -> dict[tuple[int, str], set[str]]:
    """Return the assets that moved, by character and cause."""
    found: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    for cause, moves in moved:
        for move in moves:
            for bucket in (move.source, move.target):
                if not bucket.is_system:
                    found[bucket.owner_id, cause].add(move.asset)
    return found


def _told(changes: Mapping[tuple[int, str], set[str]]) -> list[Told]:
    assets = set[str]().union(*changes.values())
    instances = selectors.instances_by_asset(assets)
    own_of: defaultdict[int, set[str]] = defaultdict(set)
    for (character_id, _), own in changes.items():
        own_of[character_id] |= own
    facts.publish_heard(*(_holdings_changed(who, own, instances) for who, own in own_of.items()))
    amounts = selectors.amounts_of(own_of, assets) if instances else selectors.carried(own_of)
    return [
        (character_id, _changed(character_id, cause, own, amounts[character_id], instances))
        for (character_id, cause), own in changes.items()
    ]


def _holdings_changed(
    character_id: int, assets: set[str], instances: Mapping[str, ItemInstance]
) -> HoldingsChanged:
    items = {instances[asset].definition if asset in instances else asset for asset in assets}
    return HoldingsChanged(character=character_id, items=tuple(sorted(items)))


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
