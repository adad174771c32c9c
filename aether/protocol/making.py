"""Wire types of making: professions, crafts, the bank, what is used and what is repaired."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from aether.protocol.base import Command, Update, Wire
from aether.protocol.economy import ContentId, Count, ItemId, Stack, UniqueItem

CRAFTS_MAX = 20
PIECES_MAX = 8


class ProfessionSeen(Wire, frozen=True, kw_only=True):
    """How far a character has come: `xp` since the level began, `xp_next` what the level takes (0: none)."""

    profession: str
    level: int
    xp: int
    xp_next: int


class CraftSeen(Wire, frozen=True, kw_only=True):
    """What is being made; times are seconds of the server."""

    id: int
    recipe: str
    count: int
    started_at: float
    finishes_at: float


class Crafting(Wire, frozen=True, kw_only=True):
    """What a character has learnt, and what it is making. Who never practised is of level 1.

    `recipes` are those that it was taught, of those whose `unlock` asks for it (`taught`).
    """

    professions: list[ProfessionSeen]
    recipes: list[str]
    craft: CraftSeen | None
    gathered_today: int
    soft_cap: int


class ReadCrafting(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Read it; a craft whose time is over is finished first."""

    type_name: ClassVar[str] = "economy.crafting"
    reply_type: ClassVar[type[Wire]] = Crafting


class Craft(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Begin to make something: what goes into it is set aside until it is done or cancelled.

    `pieces` are the instances that it is made of, as many of each kind as the recipe asks for; such a recipe
    is made one at a time.
    """

    type_name: ClassVar[str] = "economy.craft"
    reply_type: ClassVar[type[Wire]] = CraftSeen

    recipe: ContentId
    count: Annotated[int, msgspec.Meta(ge=1, le=CRAFTS_MAX)] = 1
    pieces: Annotated[list[ItemId], msgspec.Meta(max_length=PIECES_MAX)] = []


class CancelCraft(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Stop making: everything that was set aside comes back. Refused when it is done."""

    type_name: ClassVar[str] = "economy.craft_cancel"
    reply_type: ClassVar[type[Wire]] = Crafting

    craft: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]


class CraftChanged(Update, frozen=True, kw_only=True):
    """On `me`: what is being made now, and how the last craft ended (nothing: it has begun).

    `stacks` and `items` are what came of it into the bag, `mailed` what it had no room for: that is a letter.
    """

    type_name: ClassVar[str] = "economy.craft_changed"

    craft: CraftSeen | None
    ended: Literal["done", "cancelled"] | None = None
    recipe: str
    stacks: list[Stack] = []
    items: list[UniqueItem] = []
    mailed: list[Stack] = []


class ProfessionChanged(Update, frozen=True, kw_only=True):
    """On `me`: a profession after something was learnt in it."""

    type_name: ClassVar[str] = "economy.profession_changed"

    profession: ProfessionSeen
    gained_levels: int = 0


class RecipeLearnt(Update, frozen=True, kw_only=True):
    """On `me`: an item has taught how to make something."""

    type_name: ClassVar[str] = "economy.recipe_learnt"

    recipe: str


class Bank(Wire, frozen=True, kw_only=True):
    """What lies in a character's bank."""

    glim: int
    stacks: list[Stack]
    items: list[UniqueItem]


class ReadBank(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Read it; only from beside a bank."""

    type_name: ClassVar[str] = "economy.bank"
    reply_type: ClassVar[type[Wire]] = Bank
    is_durable: ClassVar[bool] = False


class Deposit(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Put into the bank: glim, a number of what stacks, or one instance (`item` its id, `count` 1)."""

    type_name: ClassVar[str] = "economy.bank_deposit"
    reply_type: ClassVar[type[Wire]] = Bank

    item: ContentId
    count: Annotated[int, msgspec.Meta(ge=1, le=10**12)] = 1


class Withdraw(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take out of the bank what `economy.bank_deposit` has put in."""

    type_name: ClassVar[str] = "economy.bank_withdraw"
    reply_type: ClassVar[type[Wire]] = Bank

    item: ContentId
    count: Annotated[int, msgspec.Meta(ge=1, le=10**12)] = 1


class Used(Wire, frozen=True, kw_only=True):
    """What has been used, how many are left, and for what the character is prepared."""

    item: str
    left: int
    prepared: list[str]


class UseItem(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Use up one consumable of the bag."""

    type_name: ClassVar[str] = "economy.use"
    reply_type: ClassVar[type[Wire]] = Used

    item: ContentId


class Repaired(Wire, frozen=True, kw_only=True):
    item: UniqueItem
    paid: int


class RepairItem(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Have an instance repaired at a station that does so, for `expected_price` or not at all."""

    type_name: ClassVar[str] = "economy.repair"
    reply_type: ClassVar[type[Wire]] = Repaired

    item: ItemId
    expected_price: Count
