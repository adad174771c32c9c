"""What the economy tells: what a character holds and wears, and what the ledger says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import F

from aether.kernel import clock, content, rng
from aether.protocol.economy import Inventory, Stack, UniqueItem
from apps.accounts import selectors as accounts
from apps.economy.buckets import EQUIPPED, bag, home, wallet
from apps.economy.definitions import CURRENCY, BattleUseDef, ItemDef
from apps.economy.making import ItemSetDef
from apps.economy.models import ItemInstance, LootReceipts, TradeSeat
from apps.economy.rules.worn import WornItem, total_stats

INSTANCE = "item:"
CARRIES_AT_LEAST = 300
CARRIES_MORE_PER_LEVEL = 20

Held = dict[tuple[str, str], int]
"""Amounts by bucket and asset."""


class Outfit(NamedTuple):
    """What somebody goes into a battle with: its stats, and by item what it holds that is used there."""

    stats: dict[str, int]
    held: dict[str, int]


# Written out: they are read at every turn of the game, and Django would compile them anew each time.
# What lies in escrow or in the mail is somebody's, but nobody carries it.
_HELD = """
    SELECT account.owner_id, account.bucket, holding.asset, sum(holding.amount)::bigint
    FROM economy_account AS account JOIN economy_holding AS holding ON holding.account_id = account.id
    WHERE account.owner_type = 'character' AND account.owner_id = ANY(%s)
        AND (account.bucket IN ('wallet', 'bag') OR account.bucket LIKE 'equipped:%%')
    GROUP BY account.id, holding.asset ORDER BY account.id, holding.asset
"""
# Of one character: the plan for one of many would cost so much more that none were ever kept.
_OF_ONE = _HELD.replace("= ANY(%s)", "= %s")
_NAMED = f"""
    SELECT bucket, asset, amount, coalesce((
        SELECT definition FROM economy_iteminstance
        WHERE id = CASE WHEN asset LIKE 'item:%%' THEN substr(asset, 6)::uuid END
    ), asset) FROM ({_OF_ONE}) AS held (owner, bucket, asset, amount)
"""  # noqa: S608 - a query of this module
_AMOUNTS = _HELD.replace(" GROUP BY", " AND holding.asset = ANY(%s) GROUP BY")
# Row by row through the indexes: who has placed thousands of orders has as many accounts.
_CARRIED = """
    SELECT account.owner_id, account.bucket, asset, posted + unfolded
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS wanted (owner, place, asset)
    CROSS JOIN LATERAL (
        SELECT id, owner_id, bucket FROM economy_account
        WHERE owner_type = 'character' AND owner_id = owner AND bucket = place OFFSET 0
    ) AS account
    CROSS JOIN LATERAL (
        SELECT coalesce((
            SELECT posted FROM economy_balance AS balance
            WHERE balance.account_id = account.id AND balance.asset = wanted.asset
        ), 0) AS posted, coalesce((
            SELECT sum(amount)::bigint FROM economy_unfoldedcredit AS credit
            WHERE credit.account_id = account.id AND credit.asset = wanted.asset
        ), 0) AS unfolded OFFSET 0
    ) AS held
    WHERE posted + unfolded > 0
"""
_WORN = """
    SELECT account.owner_id, account.bucket, item.id::text, item.definition, item.stats::text, (
        SELECT (event.facts ->> 'durability')::int FROM economy_itemevent AS event
        WHERE event.instance_id = item.id AND event.facts ? 'durability' ORDER BY event.id DESC LIMIT 1
    )
    FROM economy_account AS account
    JOIN economy_balance AS balance ON balance.account_id = account.id AND balance.posted > 0
    JOIN economy_iteminstance AS item ON item.id = substr(balance.asset, 6)::uuid
    WHERE account.owner_type = 'character' AND account.owner_id = ANY(%s)
        AND account.bucket LIKE 'equipped:%%' AND balance.asset LIKE 'item:%%'
"""
_COUNTING = f"""{_WORN} UNION ALL
    SELECT character_id, 'prepared', '', item, stats::text, NULL FROM economy_prepared
    WHERE character_id = ANY(%s)
"""  # noqa: S608 - a query of this module
# Read with what is worn: every battle asks for both when it begins.
_OUTFIT = f"""{_COUNTING} UNION ALL
    SELECT account.owner_id, account.bucket, '', holding.asset, NULL, holding.amount
    FROM economy_account AS account JOIN economy_holding AS holding ON holding.account_id = account.id
    WHERE account.owner_type = 'character' AND account.owner_id = ANY(%s) AND account.bucket = 'bag'
        AND holding.asset = ANY(%s) AND holding.amount > 0
"""  # noqa: S608 - a query of this module
_PREPARED = "SELECT character_id, item FROM economy_prepared WHERE character_id = ANY(%s) ORDER BY item"
_UNIQUE_COUNTS = """
    SELECT account.owner_id, count(*) FROM economy_account AS account
    JOIN economy_balance AS balance ON balance.account_id = account.id AND balance.posted > 0
    WHERE account.owner_type = 'character' AND account.owner_id = ANY(%s) AND balance.asset LIKE 'item:%%'
        AND (account.bucket IN ('wallet', 'bag') OR account.bucket LIKE 'equipped:%%')
    GROUP BY account.owner_id
"""
_DURABILITY = """
    SELECT DISTINCT ON (instance_id) instance_id, (facts ->> 'durability')::int FROM economy_itemevent
    WHERE instance_id = ANY(%s::uuid[]) AND facts ? 'durability' ORDER BY instance_id, id DESC
"""
_OWNED = """
    SELECT DISTINCT account.owner_id, coalesce(item.definition, holding.asset)
    FROM economy_account AS account JOIN economy_holding AS holding ON holding.account_id = account.id
    LEFT JOIN economy_iteminstance AS item ON holding.asset = 'item:' || item.id::text
    WHERE account.owner_type = 'character' AND account.owner_id = ANY(%s) AND holding.amount > 0
        AND coalesce(item.definition, holding.asset) = ANY(%s)
"""
_PITY = 'SELECT character_id, "table", item, misses FROM economy_pitycounter WHERE character_id = ANY(%s)'


def inventory(character_id: int) -> Inventory:
    """Return everything that a character holds."""
    held = _held(character_id)
    return Inventory(
        glim=held.get((wallet(character_id).name, CURRENCY), 0),
        stacks=[
            Stack(item=asset, count=amount)
            for (bucket, asset), amount in held.items()
            if bucket == bag(character_id).name and not asset.startswith(INSTANCE)
        ],
        items=unique_items({asset: bucket for bucket, asset in held if asset.startswith(INSTANCE)}),
        carries_most=carries_most(character_id),
        prepared=prepared(character_id),
    )


def carries_most(character_id: int) -> int:
    """Return the weight that a character may load itself with: by its level, and by what it wears."""
    found = accounts.characters([character_id]).get(character_id)
    own = CARRIES_AT_LEAST + CARRIES_MORE_PER_LEVEL * (found.level if found else 1)
    return max(0, own + equipment_stats(character_id).get("weight_max", 0))


def carries_at_least() -> int:
    """Return the weight that everybody may load itself with, whatever its level is and whatever it wears."""
    pack = content.current()
    worn = [each.stats for each in pack.all(ItemDef).values()]
    worn += [bonus.stats for each in pack.all(ItemSetDef).values() for bonus in each.bonuses]
    # Rolls are within ten percent; twice as much is beyond any of them.
    lowered = sum(min(0, stats.get("weight_max", 0)) for stats in worn)
    return CARRIES_AT_LEAST + CARRIES_MORE_PER_LEVEL + 2 * lowered


def prepared(character_id: int) -> list[str]:
    """Return what a character has taken for its next battle."""
    return [item for _, item in _rows(_PREPARED, [character_id])]


def stacks(amounts: Mapping[str, int]) -> list[Stack]:
    """Return amounts by item as they are shown."""
    return [Stack(item=item, count=count) for item, count in sorted(amounts.items())]


def unique_items(where: Mapping[str, str]) -> list[UniqueItem]:
    """Return instances as their holder sees them, each lying or worn in a bucket."""
    instances = _instances(where)
    left = durability_of(instances.values())
    return [unique_item(each, where[asset], left.get(each.id)) for asset, each in sorted(instances.items())]


def durability_of(instances: Iterable[ItemInstance]) -> dict[UUID, int]:
    """Return what is left of instances that wear out: as their last event says, else all of it."""
    left = {}
    for instance in instances:
        definition = item_definition(instance.definition)
        if definition is not None and definition.durability is not None:
            left[instance.id] = definition.durability
    events = _rows(_DURABILITY, [str(each) for each in left]) if left else []
    return left | {instance_id: min(kept, left[instance_id]) for instance_id, kept in events}


def unique_item(instance: ItemInstance, bucket: str, durability: int | None = None) -> UniqueItem:
    """Return an instance as its holder sees it, lying or worn in a bucket; new if nothing else is known."""
    if durability is None:
        definition = item_definition(instance.definition)
        durability = definition.durability if definition is not None else None
    return UniqueItem(
        id=str(instance.id),
        item=instance.definition,
        stats=instance.stats,
        slot=bucket.removeprefix(EQUIPPED) if bucket.startswith(EQUIPPED) else None,
        is_bound=instance.bound_to is not None,
        durability=durability,
        is_fine=instance.is_fine,
    )


def equipped(character_id: int) -> dict[str, str]:
    """Return the instance worn in each slot."""
    return {slot: instance for _, slot, instance, *_ in _worn([character_id])}


def worn_items(character_id: int) -> dict[str, str]:
    """Return the definition of what is worn in each slot."""
    return {slot: definition for _, slot, _, definition, *_ in _worn([character_id])}


def equipment_stats(character_id: int) -> dict[str, int]:
    """Return the sum of the stats of everything that a character wears."""
    return equipment_stats_of([character_id])[character_id]


def equipment_stats_of(character_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return the stats that characters have of what they wear whole, of sets, and of what they took."""
    worn: dict[int, list[WornItem]] = {character_id: [] for character_id in character_ids}
    for owner, _, _, definition, stats, left in _rows(_COUNTING, list(worn), list(worn)):
        worn[owner].append(WornItem(definition, msgspec.json.decode(stats), left))
    return _total_stats(worn)


def outfits(character_ids: Iterable[int]) -> dict[int, Outfit]:
    """Return what characters go into a battle with: stats, and the items in the bag that are used there."""
    worn: dict[int, list[WornItem]] = {character_id: [] for character_id in character_ids}
    held: dict[int, dict[str, int]] = {character_id: {} for character_id in worn}
    wanted = list(battle_uses(content.current()))
    for owner, bucket, _, definition, stats, number in _rows(_OUTFIT, *(list(worn),) * 3, wanted):
        if bucket == "bag":
            held[owner][definition] = held[owner].get(definition, 0) + number
        else:
            worn[owner].append(WornItem(definition, msgspec.json.decode(stats), number))
    return {who: Outfit(stats, held[who]) for who, stats in _total_stats(worn).items()}


def battle_uses(pack: content.Pack) -> dict[str, BattleUseDef]:
    """Return the items of a pack that are used in battle."""
    return {item.id: item.battle for item in pack.all(ItemDef).values() if item.battle is not None}


def glim(character_id: int) -> int:
    """Return what is in a character's wallet."""
    return amounts(character_id, [CURRENCY]).get((wallet(character_id).name, CURRENCY), 0)


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


def is_trading(character_id: int) -> bool:
    """Tell if a character is in a trade, or has asked for one."""
    return TradeSeat.objects.filter(pk=character_id, trade__expires_at__gt=clock.utc_now()).exists()


def item_definition(item: str) -> ItemDef | None:
    """Return the definition of an item, None when it is retired."""
    return content.current().all(ItemDef).get(item)


def pity_of(character_ids: Iterable[int]) -> dict[int, dict[tuple[str, str], int]]:
    """Return the counters of pity of some characters, by table and item."""
    counters: dict[int, dict[tuple[str, str], int]] = {each: {} for each in character_ids}
    for character_id, table, item, misses in _rows(_PITY, list(counters)):
        counters[character_id][table, item] = misses
    return counters


def owned_of(character_ids: Iterable[int], items: Iterable[str]) -> dict[int, frozenset[str]]:
    """Return which of some items characters own, wherever they lie: also in banks, escrow and mail."""
    found: dict[int, set[str]] = {}
    for owner, item in _rows(_OWNED, list(character_ids), list(items)):
        found.setdefault(owner, set()).add(item)
    return {owner: frozenset(owned) for owner, owned in found.items()}


def unique_counts(character_ids: Iterable[int]) -> dict[int, int]:
    """Return how many unique items some characters have, worn ones included."""
    ids = list(character_ids)
    return dict.fromkeys(ids, 0) | dict(_rows(_UNIQUE_COUNTS, ids))


def amounts(character_id: int, assets: Iterable[str]) -> Held:
    """Return what a character holds of some assets, by bucket and asset."""
    return amounts_of([character_id], assets)[character_id]


def amounts_of(character_ids: Iterable[int], assets: Iterable[str]) -> dict[int, Held]:
    """Return what each of some characters holds of some assets, by bucket and asset."""
    found: dict[int, Held] = {each: {} for each in character_ids}
    for owner, bucket, asset, amount in _rows(_AMOUNTS, list(found), list(assets)):
        found[owner][bucket, asset] = amount
    return found


def carried(wanted: Mapping[int, Iterable[str]]) -> dict[int, Held]:
    """Return what some characters carry in purse and bag, each of its own assets, by bucket and asset."""
    cells = [(home(owner, asset), asset) for owner, own in wanted.items() for asset in set(own)]
    found: dict[int, Held] = {owner: {} for owner in wanted}
    owners, places = [place.owner_id for place, _ in cells], [place.name for place, _ in cells]
    for owner, bucket, asset, amount in _rows(_CARRIED, owners, places, [asset for _, asset in cells]):
        found[owner][bucket, asset] = amount
    return found


def items_seen(instances: Mapping[str, ItemInstance]) -> dict[str, UniqueItem]:
    """Return instances as people look at them before they take them, as worn as they are."""
    left = durability_of(instances.values())
    return {asset: unique_item(each, "", left.get(each.id)) for asset, each in instances.items()}


def instances_by_asset(assets: Iterable[str]) -> Mapping[str, ItemInstance]:
    """Return the instances among some assets."""
    return _instances(assets)


def _total_stats(worn: Mapping[int, list[WornItem]]) -> dict[int, dict[str, int]]:
    sets = content.current().all(ItemSetDef).values()
    return {character_id: total_stats(items, sets) for character_id, items in worn.items()}


def _held(character_id: int) -> Held:
    return {(bucket, asset): amount for _, bucket, asset, amount in _rows(_OF_ONE, character_id)}


def _with_definitions(character_id: int) -> list[tuple[str, str, int, str]]:
    return _rows(_NAMED, character_id)


def _worn(character_ids: Iterable[int]) -> list[tuple[int, str, str, str, dict[str, int], int | None]]:
    """Return what characters wear, as (character, slot, instance, definition, stats, durability)."""
    return [
        (owner, bucket.removeprefix(EQUIPPED), instance, definition, msgspec.json.decode(stats), left)
        for owner, bucket, instance, definition, stats, left in _rows(_WORN, list(character_ids))
    ]


def _rows(query: str, *parameters: int | list[int] | list[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def _instance_id(asset: str) -> UUID | None:
    """Return the id of an instance that an asset names; clients may name what is none."""
    if not asset.startswith(INSTANCE):
        return None
    try:
        return UUID(asset.removeprefix(INSTANCE))
    except ValueError:
        return None


def _instances(assets: Iterable[str]) -> dict[str, ItemInstance]:
    ids = [found for asset in assets if (found := _instance_id(asset)) is not None]
    if not ids:
        return {}
    return {instance.asset: instance for instance in ItemInstance.objects.filter(id__in=ids)}


def loot_rolls(battle_id: int) -> list[rng.Roll]:
    """Return the dice of a battle's loot, if it is paid: of the whole battle, then by character."""
    kept = LootReceipts.objects.filter(battle_id=battle_id).order_by(F("character_id").asc(nulls_first=True))
    return [
        rng.Roll(f"loot:{character_id or 'battle'}", *roll)
        for character_id, rolls in kept.values_list("character_id", "rolls")
        for roll in rolls
    ]
