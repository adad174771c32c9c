"""Goods that a character means to give away: they are its own, they are carried, and they may leave it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from aether.protocol.exchange import Goods
from apps.economy import selectors
from apps.economy.buckets import home
from apps.economy.definitions import CURRENCY, ItemDef
from apps.economy.errors import (
    BoundItemError,
    DuplicateGoodsError,
    InsufficientError,
    ItemRetiredError,
    NotHeldError,
    WornItemError,
)
from apps.economy.models import ItemInstance
from apps.economy.selectors import INSTANCE


def assets_of(goods: Goods) -> dict[str, int]:
    """Return goods by asset; refuse what is named twice."""
    items = [f"{INSTANCE}{_instance_id(each)}" for each in goods.items]
    named = [stack.item for stack in goods.stacks] + items
    if len(set(named)) != len(named):
        raise DuplicateGoodsError()
    glim = {CURRENCY: goods.glim} if goods.glim else {}
    return glim | {stack.item: stack.count for stack in goods.stacks} | dict.fromkeys(items, 1)


def require_giveable(character_id: int, assets: Mapping[str, int]) -> None:
    """Refuse what the character does not carry in that number, or may not give away.

    Certain only while holding the character's lock.
    """
    try:
        require_all_giveable({character_id: assets})
    except InsufficientError as refusal:
        asset = str(refusal.details["asset"])
        raise shortage(character_id, asset, assets[asset]) from None


def shortage(character_id: int, asset: str, needed: int) -> InsufficientError:
    """Return the refusal that tells a character how much it lacks of what it has to carry."""
    held = selectors.amounts(character_id, [asset]).get((home(character_id, asset).name, asset), 0)
    return InsufficientError(asset=asset, needed=needed, missing=max(1, needed - held))


def require_all_giveable(offers: Mapping[int, Mapping[str, int]]) -> None:
    """Refuse what any of some characters does not carry, or may not give away; all is read at once.

    How much somebody lacks is not told: it may be another who asks.
    """
    named = {asset for assets in offers.values() for asset in assets}
    instances = selectors.instances_by_asset(named)
    are_unique = any(asset.startswith(INSTANCE) for asset in named)
    held_by = selectors.amounts_of(offers, named) if are_unique else selectors.carried(offers)
    for character_id, assets in offers.items():
        for asset, amount in sorted(assets.items()):
            _require_giveable(character_id, asset, amount, held_by[character_id], instances)


def _require_giveable(
    character_id: int,
    asset: str,
    amount: int,
    held: selectors.Held,
    instances: Mapping[str, ItemInstance],
) -> None:
    place = (home(character_id, asset).name, asset)
    if asset.startswith(INSTANCE):
        if place not in held:
            is_worn = any(each == asset for _, each in held)
            raise WornItemError() if is_worn else NotHeldError()
        _require_free(instances[asset])
    else:
        if asset != CURRENCY:
            _require_stackable(asset)
        if held.get(place, 0) < amount:
            raise InsufficientError(asset=asset)


def require_all_stackable(assets: Iterable[str]) -> None:
    """Refuse what, beside the currency, does not stack or may not change hands."""
    for asset in sorted(set(assets) - {CURRENCY}):
        _require_stackable(asset)


def require_stackable(item: str) -> ItemDef:
    """Return the definition of an item that stacks and may change hands."""
    return _require_stackable(item)


def free_instance(character_id: int, item_id: str) -> ItemInstance:
    """Return an instance in the character's bag that it may give away."""
    asset = f"{INSTANCE}{_instance_id(item_id)}"
    require_giveable(character_id, {asset: 1})
    return selectors.instances_by_asset([asset])[asset]


def _require_free(instance: ItemInstance) -> None:
    definition = selectors.item_definition(instance.definition)
    if definition is None:
        raise ItemRetiredError(item=instance.definition)
    if instance.bound_to is not None or definition.bound:
        raise BoundItemError(item=instance.definition)


def _require_stackable(item: str) -> ItemDef:
    definition = selectors.item_definition(item)
    if definition is None:
        raise ItemRetiredError(item=item)
    if definition.is_unique:
        raise NotHeldError()
    if definition.bound or definition.kind == "quest":
        raise BoundItemError(item=item)
    return definition


def _instance_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotHeldError() from None
