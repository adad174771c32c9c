"""Commands about what a character holds, wears, and buys of shops."""

from __future__ import annotations

from uuid import UUID

from aether.kernel import realtime
from aether.kernel.dispatch import Caller, handles
from aether.kernel.errors import NotFoundError
from aether.protocol.economy import (
    BuyFromShop,
    Discard,
    Discarded,
    EquipItem,
    Equipped,
    Inventory,
    ItemHistory,
    ReadInventory,
    ReadItemHistory,
    ReadShop,
    SellToShop,
    ShopOffers,
    ShopReceipt,
    UnequipItem,
)
from apps.economy import provenance, selectors, services, shelves
from apps.economy.handlers.keys import key


@handles(ReadInventory)
def read_inventory(caller: Caller, command: ReadInventory) -> Inventory:
    return selectors.inventory(caller.character_id)


@handles(ReadItemHistory)
def read_item_history(caller: Caller, command: ReadItemHistory) -> ItemHistory:
    return provenance.history_for_reader(_instance_id(command.item), [caller.character_id])


@handles(EquipItem)
def equip(caller: Caller, command: EquipItem) -> Equipped:
    worn = services.equip(
        character_id=caller.character_id, item_id=command.item, idempotency_key=key("equip", caller)
    )
    return Equipped(equipped=worn)


@handles(UnequipItem)
def unequip(caller: Caller, command: UnequipItem) -> Equipped:
    worn = services.unequip(
        character_id=caller.character_id, slot=command.slot, idempotency_key=key("unequip", caller)
    )
    return Equipped(equipped=worn)


@handles(ReadShop)
def read_shop(caller: Caller, command: ReadShop) -> ShopOffers:
    return shelves.shop_offers(command.shop)


@handles(BuyFromShop)
def buy(caller: Caller, command: BuyFromShop) -> ShopReceipt:
    return services.buy(_deal(caller, command, "buy"))


@handles(SellToShop)
def sell(caller: Caller, command: SellToShop) -> ShopReceipt:
    return services.sell(_deal(caller, command, "sell"))


@handles(Discard)
def discard(caller: Caller, command: Discard) -> Discarded:
    return services.discard(
        character_id=caller.character_id,
        item=command.item,
        count=command.count,
        idempotency_key=key("discard", caller),
    )


def _deal(caller: Caller, command: BuyFromShop | SellToShop, kind: str) -> services.Deal:
    return services.Deal(
        character_id=caller.character_id,
        shop=command.shop,
        item=command.item,
        count=command.count,
        expected_price=command.expected_price,
        idempotency_key=key(kind, caller),
    )


def _instance_id(text: str) -> UUID:
    """Return the id of an item; what is none names an item that there is not."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundError from None


realtime.register_part("inventory", selectors.inventory)
