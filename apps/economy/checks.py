"""Checks of economy content as a whole: references resolve, tables do not loop, no shop makes money."""

from __future__ import annotations

from collections.abc import Iterator

from aether.kernel.content import Pack, Problem
from apps.economy.definitions import (
    NESTING_MAX,
    ItemDef,
    LootEntry,
    LootTable,
    ShopDef,
    ShopOffer,
    StarterDef,
)


def check_economy(pack: Pack) -> Iterator[Problem]:
    """Yield every problem of items, loot, shops and starters."""
    yield from _check_items(pack)
    yield from _check_loot(pack)
    yield from _check_shops(pack)
    yield from _check_money_loops(pack)
    yield from _check_starters(pack)


def _check_items(pack: Pack) -> Iterator[Problem]:
    for item in pack.all(ItemDef).values():
        for class_id in item.classes:
            if class_id not in pack.raw("classes"):
                yield Problem(pack.where("items", item.id, "classes"), f"there is no class `{class_id}`")


def _check_loot(pack: Pack) -> Iterator[Problem]:
    items, tables = pack.all(ItemDef), pack.all(LootTable)
    for table in tables.values():
        for index, entry in enumerate(table.entries):
            where = pack.where("loot", table.id, "entries", index)
            if entry.item and entry.item not in items:
                yield Problem(where, f"there is no item `{entry.item}`")
            if entry.table:
                yield from _check_nested(entry.table, pack, where)
            yield from _check_condition(entry, pack, where)
        if _depth(table.id, pack, ()) > NESTING_MAX:
            where = pack.where("loot", table.id)
            yield Problem(where, f"loot tables may nest {NESTING_MAX} deep and may not name themselves")
    for monster_id, monster in pack.raw("monsters").items():
        if isinstance(monster, dict) and monster.get("loot") not in (None, *tables):
            yield Problem(
                pack.where("monsters", monster_id, "loot"), f"there is no loot table `{monster.get('loot')}`"
            )


def _check_nested(name: str, pack: Pack, where: str) -> Iterator[Problem]:
    nested = pack.all(LootTable).get(name)
    if nested is None:
        yield Problem(where, f"there is no loot table `{name}`")
    elif any(entry.per == "battle" for entry in nested.entries):
        yield Problem(where, f"`{name}` has what falls once per battle: it cannot be nested")


def _check_condition(entry: LootEntry, pack: Pack, where: str) -> Iterator[Problem]:
    if entry.condition is None:
        return
    class_id, quest = entry.condition.class_, entry.condition.quest
    if class_id is not None and class_id not in pack.raw("classes"):
        yield Problem(where, f"there is no class `{class_id}`")
    if quest is not None and quest.id not in pack.raw("quests"):
        yield Problem(where, f"there is no quest `{quest.id}`")


def _depth(table_id: str, pack: Pack, above: tuple[str, ...]) -> int:
    """Return how many tables deep it goes; a loop counts as too deep."""
    table = pack.all(LootTable).get(table_id)
    if table is None:
        return 0
    if table_id in above:
        return NESTING_MAX + 1
    nested = {entry.table for entry in table.entries if entry.table}
    return 1 + max((_depth(inner, pack, (*above, table_id)) for inner in nested), default=0)


def _check_shops(pack: Pack) -> Iterator[Problem]:
    items, npcs = pack.all(ItemDef), pack.raw("npcs")
    for shop in pack.all(ShopDef).values():
        if shop.keeper not in npcs:
            yield Problem(pack.where("shops", shop.id, "keeper"), f"there is no NPC `{shop.keeper}`")
        seen: set[str] = set()
        for index, offer in enumerate(shop.offers):
            where = pack.where("shops", shop.id, "offers", index)
            if offer.item in seen:
                yield Problem(where, f"`{offer.item}` is offered twice")
            seen.add(offer.item)
            yield from _check_offer(offer, items.get(offer.item), where)


def _check_offer(offer: ShopOffer, item: ItemDef | None, where: str) -> Iterator[Problem]:
    if item is None:
        yield Problem(where, f"there is no item `{offer.item}`")
        return
    if offer.buy is None and offer.sell is None:
        yield Problem(where, "an offer has a price at least one way")
    if item.bound and offer.sell is not None:
        yield Problem(where, f"`{item.id}` is bound and cannot be sold")


def _check_money_loops(pack: Pack) -> Iterator[Problem]:
    """Buying anywhere and selling anywhere must lose money."""
    cheapest: dict[str, int] = {}
    for shop in pack.all(ShopDef).values():
        for offer in shop.offers:
            if offer.buy is not None:
                cheapest[offer.item] = min(offer.buy, cheapest.get(offer.item, offer.buy))
    for shop in pack.all(ShopDef).values():
        for index, offer in enumerate(shop.offers):
            if offer.sell is not None and offer.sell >= cheapest.get(offer.item, offer.sell + 1):
                yield Problem(
                    pack.where("shops", shop.id, "offers", index),
                    f"`{offer.item}` sells for {offer.sell} and can be bought for {cheapest[offer.item]}: "
                    "that makes money from nothing",
                )


def _check_starters(pack: Pack) -> Iterator[Problem]:
    for starter in pack.all(StarterDef).values():
        for item in starter.items:
            if item not in pack.all(ItemDef):
                yield Problem(pack.where("starters", starter.id, "items", item), f"there is no item `{item}`")
