"""What the economy tells: what a character holds and wears, what shops offer, and what the ledger says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Q

from aether.kernel import content
from aether.protocol.economy import Inventory, Offer, ShopOffers, Stack, UniqueItem
from apps.economy.buckets import EQUIPPED, bag, wallet
from apps.economy.definitions import CURRENCY, ItemDef, ShopDef
from apps.economy.models import CHARACTER, Balance, ItemInstance, PityCounter

INSTANCE = "item:"


def inventory(character_id: int) -> Inventory:
    """Return everything that a character holds."""
    held = _held(character_id)
    instances = _instances(asset for _, asset in held)
    return Inventory(
        glim=held.get((wallet(character_id).name, CURRENCY), 0),
        stacks=[
            Stack(item=asset, count=amount)
            for (bucket, asset), amount in held.items()
            if bucket == bag(character_id).name and not asset.startswith(INSTANCE)
        ],
        items=[unique_item(instances[asset], bucket) for bucket, asset in held if asset.startswith(INSTANCE)],
    )


def unique_item(instance: ItemInstance, bucket: str) -> UniqueItem:
    """Return an instance as its holder sees it, lying or worn in a bucket."""
    return UniqueItem(
        id=str(instance.id),
        item=instance.definition,
        stats=instance.stats,
        slot=bucket.removeprefix(EQUIPPED) if bucket.startswith(EQUIPPED) else None,
        is_bound=instance.bound_to is not None,
    )


def equipped(character_id: int) -> dict[str, str]:
    """Return the instance worn in each slot."""
    worn = Balance.objects.filter(_worn_by(character_id)).values_list("account__bucket", "asset")
    return {bucket.removeprefix(EQUIPPED): asset.removeprefix(INSTANCE) for bucket, asset in worn}


def worn_items(character_id: int) -> dict[str, str]:
    """Return the definition of what is worn in each slot."""
    worn = equipped(character_id)
    found = _instances(INSTANCE + each for each in worn.values())
    return {slot: found[INSTANCE + each].definition for slot, each in worn.items()}


def equipment_stats(character_id: int) -> dict[str, int]:
    """Return the sum of the stats of everything that a character wears."""
    return equipment_stats_of([character_id])[character_id]


def equipment_stats_of(character_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return the sum of the stats of everything that each of some characters wears."""
    totals: dict[int, dict[str, int]] = {character_id: {} for character_id in character_ids}
    worn = list(Balance.objects.filter(_worn_by(*totals)).values_list("account__owner_id", "asset"))
    instances = _instances(asset for _, asset in worn)
    for owner, asset in worn:
        if asset in instances:
            for stat, value in instances[asset].stats.items():
                totals[owner][stat] = totals[owner].get(stat, 0) + value
    return {character_id: dict(sorted(total.items())) for character_id, total in totals.items()}


def glim(character_id: int) -> int:
    """Return what is in a character's wallet."""
    return _held(character_id).get((wallet(character_id).name, CURRENCY), 0)


def count_of(character_id: int, item: str) -> int:
    """Return how many of an item a character has in its bag, worn ones included."""
    return sum(
        1 if asset.startswith(INSTANCE) else amount
        for _, asset, amount, definition in _with_definitions(character_id)
        if definition == item
    )


def holdings(character_id: int) -> dict[str, int]:
    """Return how many a character has of each item, worn ones included, and of the currency."""
    total: dict[str, int] = {}
    for _, _, amount, definition in _with_definitions(character_id):
        total[definition] = total.get(definition, 0) + amount
    return total


def shop_offers(shop_id: str) -> ShopOffers:
    """Return what a shop buys and sells, and for how much."""
    shop = content.current().get(ShopDef, shop_id)
    offers = [Offer(item=offer.item, buy=offer.buy, sell=offer.sell) for offer in shop.offers]
    return ShopOffers(shop=shop.id, offers=offers)


def item_definition(item: str) -> ItemDef | None:
    """Return the definition of an item, None when it is retired."""
    return content.current().all(ItemDef).get(item)


def pity(character_id: int) -> dict[tuple[str, str], int]:
    """Return a character's counters of pity, by table and item."""
    rows = PityCounter.objects.filter(character_id=character_id).values_list("table", "item", "misses")
    return {(table, item): misses for table, item, misses in rows}


def amounts(character_id: int, assets: Iterable[str]) -> dict[tuple[str, str], int]:
    """Return what a character holds of some assets, by bucket and asset."""
    rows = Balance.objects.filter(
        account__owner_type=CHARACTER, account__owner_id=character_id, asset__in=list(assets), posted__gt=0
    ).values_list("account__bucket", "asset", "posted")
    return {(bucket, asset): posted for bucket, asset, posted in rows}


def instances_by_asset(assets: Iterable[str]) -> Mapping[str, ItemInstance]:
    """Return the instances among some assets."""
    return _instances(assets)


def _held(character_id: int) -> dict[tuple[str, str], int]:
    rows = (
        Balance.objects.filter(account__owner_type=CHARACTER, account__owner_id=character_id, posted__gt=0)
        .order_by("account_id", "asset")
        .values_list("account__bucket", "asset", "posted")
    )
    return {(bucket, asset): posted for bucket, asset, posted in rows}


def _with_definitions(character_id: int) -> list[tuple[str, str, int, str]]:
    held = _held(character_id)
    instances = _instances(asset for _, asset in held)
    return [
        (bucket, asset, amount, instances[asset].definition if asset in instances else asset)
        for (bucket, asset), amount in held.items()
    ]


def _worn_by(*character_ids: int) -> Q:
    return Q(
        account__owner_type=CHARACTER,
        account__owner_id__in=character_ids,
        account__bucket__startswith=EQUIPPED,
        posted__gt=0,
    )


def _instances(assets: Iterable[str]) -> dict[str, ItemInstance]:
    ids = [UUID(asset.removeprefix(INSTANCE)) for asset in assets if asset.startswith(INSTANCE)]
    if not ids:
        return {}
    return {instance.asset: instance for instance in ItemInstance.objects.filter(id__in=ids)}
