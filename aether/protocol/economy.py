"""Wire types of the economy: what a character holds, wears, buys and sells."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from aether.protocol.base import Command, Update, Wire

Slot = Literal["weapon", "head", "chest", "boots", "charm"]
ItemId = Annotated[str, msgspec.Meta(min_length=36, max_length=36)]
Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
ContentId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Price = Annotated[int, msgspec.Meta(ge=0, le=10**9)]


class Stack(Wire, frozen=True, kw_only=True):
    """A number of one fungible item; `count` 0 in an update means that none is left."""

    item: str
    count: int


class UniqueItem(Wire, frozen=True, kw_only=True):
    """One instance; `slot` is where it is worn, None in the bag; `stats` are its own rolls.

    `durability` is what is left of it, None where nothing wears it out; at 0 it gives nothing.
    """

    id: str
    item: str
    stats: dict[str, int]
    slot: str | None = None
    is_bound: bool = False
    durability: int | None = None
    is_fine: bool = False


class Inventory(Wire, frozen=True, kw_only=True):
    """`carries_most` is the weight that the character may load itself with; `prepared` what it has taken."""

    glim: int
    stacks: list[Stack]
    items: list[UniqueItem]
    carries_most: int = 0
    prepared: list[str] = []


class ReadInventory(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "economy.inventory"
    reply_type: ClassVar[type[Wire]] = Inventory
    is_durable: ClassVar[bool] = False


class Equipped(Wire, frozen=True, kw_only=True):
    """What is worn after the change, by slot."""

    equipped: dict[str, str]


class EquipItem(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Wear an item from the bag; what its slot held goes into the bag."""

    type_name: ClassVar[str] = "economy.equip"
    reply_type: ClassVar[type[Wire]] = Equipped

    item: ItemId


class UnequipItem(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "economy.unequip"
    reply_type: ClassVar[type[Wire]] = Equipped

    slot: Slot


class Offer(Wire, frozen=True, kw_only=True):
    """`buy` is what the shop asks for one, `sell` what it pays; None: it does not trade that way."""

    item: str
    buy: int | None
    sell: int | None


class ShopOffers(Wire, frozen=True, kw_only=True):
    shop: str
    offers: list[Offer]


class ReadShop(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "economy.shop"
    reply_type: ClassVar[type[Wire]] = ShopOffers
    is_durable: ClassVar[bool] = False

    shop: ContentId


class ShopReceipt(Wire, frozen=True, kw_only=True):
    """`total` is the glim that changed hands, `glim` what the character has now."""

    item: str
    count: int
    total: int
    glim: int


class BuyFromShop(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Buy at the shop's price; refused when that is no longer `expected_price` (for one)."""

    type_name: ClassVar[str] = "economy.shop_buy"
    reply_type: ClassVar[type[Wire]] = ShopReceipt

    shop: ContentId
    item: ContentId
    count: Count
    expected_price: Price


class SellToShop(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sell fungible items (`item` a definition) or one instance (`item` its id, `count` 1)."""

    type_name: ClassVar[str] = "economy.shop_sell"
    reply_type: ClassVar[type[Wire]] = ShopReceipt

    shop: ContentId
    item: ContentId
    count: Count
    expected_price: Price


class Discarded(Wire, frozen=True, kw_only=True):
    """What is gone for good."""

    item: str
    count: int


class Discard(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Throw away fungible items (`item` a definition) or one instance (`item` its id, `count` 1)."""

    type_name: ClassVar[str] = "economy.discard"
    reply_type: ClassVar[type[Wire]] = Discarded

    item: ContentId
    count: Count


class InventoryChanged(Update, frozen=True, kw_only=True):
    """On `me`: the new values of what changed (never differences), and why."""

    type_name: ClassVar[str] = "economy.inventory_changed"

    cause: str
    glim: int | None = None
    stacks: list[Stack] = []
    items: list[UniqueItem] = []
    gone: list[str] = []
    prepared: list[str] | None = None


class LootReceived(Update, frozen=True, kw_only=True):
    """On `me`: what a source (a battle, a chest, a quest) has given, for people to see.

    `mailed` is what of it found no room and waits in the mail; glim is named as an item there.
    """

    type_name: ClassVar[str] = "economy.loot_received"

    source: Literal["battle", "chest", "quest"]
    reference: str
    glim: int
    stacks: list[Stack]
    items: list[UniqueItem]
    mailed: list[Stack] = []


class ItemStation(Wire, frozen=True, kw_only=True):
    """Somebody's time with an item: since when, how it came there, and by name who had it.

    Without a name it was with the house (`is_house`), or with somebody who is no longer here.
    """

    at: str
    kind: str
    source: str
    holder: str | None
    is_house: bool = False


class ItemHistory(Wire, frozen=True, kw_only=True):
    """Where a unique item was, from its making to its present holder, and what is true of it now.

    `made_of` is what went into it where it was crafted: items and how many of each.
    `left_out` is how many stations after the first are not told, where there are very many.
    """

    id: str
    item: str
    stations: list[ItemStation]
    facts: dict[str, str] = {}
    left_out: int = 0
    made_of: list[Stack] = []


class ReadItemHistory(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a unique item was, ever; only of what one holds or is offered."""

    type_name: ClassVar[str] = "economy.item_history"
    reply_type: ClassVar[type[Wire]] = ItemHistory
    is_durable: ClassVar[bool] = False

    item: ItemId
