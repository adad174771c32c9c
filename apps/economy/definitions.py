"""Economy content as types: what the folders `items`, `loot` and `shops` of a pack decode into."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from aether.kernel.content.pack import LocalText

CURRENCY = "glim"
LEVEL_MAX = 30
NESTING_MAX = 5
"""How deep loot tables may name one another."""

ELEMENTS = ("stone", "ember", "gale", "tide")
STATS = frozenset(
    [
        *("vigor", "focus", *ELEMENTS),
        *(
            f"{prefix}_{element}"
            for prefix in ("power", "flat", "res_flat", "res_pct")
            for element in ELEMENTS
        ),
        *("power_all", "flat_all", "res_pct_all", "out_pct", "in_pct", "heal_out_pct", "heal_in_pct"),
        *("crit_bp", "dodge_bp", "accuracy_bp", "pierce_pct", "range", "grip", "evade", "focus_atk"),
        *("resolve", "initiative", "ap_max", "mp_max", "summon_max", "luck_pct", "weight_max", "hp_max"),
    ]
)
"""The stats that equipment may change."""

Id = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,47}$")]
Slot = Literal["weapon", "head", "chest", "boots", "charm"]
Level = Annotated[int, msgspec.Meta(ge=1, le=LEVEL_MAX)]
Price = Annotated[int, msgspec.Meta(ge=1, le=10**9)]
Amount = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
BasisPoints = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
StatValue = Annotated[int, msgspec.Meta(ge=-1_000, le=1_000)]


class Definition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that economy content may say."""


class Preparation(Definition, frozen=True, kw_only=True):
    """Stats that somebody who has used a consumable has until its next battle is over."""

    stats: Annotated[dict[Id, StatValue], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        if unknown := set(self.stats) - STATS:
            raise ValueError(f"there is no stat `{min(unknown)}`")


class UseDef(Definition, frozen=True, kw_only=True):
    """What using a consumable does: it prepares for a battle, heals out of one, teaches, or has an effect."""

    prepare: Preparation | None = None
    heal: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None
    teach: Id | None = None
    effect: Literal["recall", "respec"] | None = None

    def __post_init__(self) -> None:
        if sum(each is not None for each in (self.prepare, self.heal, self.teach, self.effect)) != 1:
            raise ValueError("using something is one of `prepare`, `heal`, `teach` and `effect`")


class BattleUseDef(Definition, frozen=True, kw_only=True):
    """What using an item up in battle is: a skill that only the item has. Of each item so many come along."""

    skill: Id
    carried_max: Annotated[int, msgspec.Meta(ge=1, le=20)]


class ItemDef(Definition, frozen=True, kw_only=True):
    """An item. Equipment has a slot and becomes instances with rolled stats; everything else stacks.

    `classes` is who may wear it (empty: everybody). A bound item never leaves its first holder.
    `durability` is how much an instance stands before it breaks; a repair of a point costs `repair`.
    """

    id: Id
    name: LocalText
    description: LocalText
    icon: str
    kind: Literal["resource", "consumable", "equipment", "quest"]
    level: Level = 1
    slot: Slot | None = None
    classes: tuple[Id, ...] = ()
    stats: dict[Id, StatValue] = {}
    bound: bool = False
    weight: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 1
    durability: Annotated[int, msgspec.Meta(ge=1, le=1_000)] | None = None
    repair: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    use: UseDef | None = None
    battle: BattleUseDef | None = None

    def __post_init__(self) -> None:
        if (self.use is not None) > (self.kind == "consumable"):
            raise ValueError("only a consumable has a `use`")
        if (self.battle is not None) > (self.kind == "consumable"):
            raise ValueError("only a consumable has a `battle`")
        if (self.kind == "equipment") != (self.slot is not None):
            raise ValueError("equipment, and only equipment, has a `slot`")
        if self.durability is not None and self.slot is None:
            raise ValueError("only equipment has a `durability`")
        if self.stats and self.slot is None:
            raise ValueError("only equipment has `stats`")
        if unknown := set(self.stats) - STATS:
            raise ValueError(f"there is no stat `{min(unknown)}`")
        if self.id == CURRENCY:
            raise ValueError(f"`{CURRENCY}` is the name of the currency")

    @property
    def is_unique(self) -> bool:
        """Whether each one is an instance with its own rolls."""
        return self.slot is not None


class LevelCondition(Definition, frozen=True, kw_only=True):
    """True when the character's level is within both bounds."""

    at_least: Level = msgspec.field(name=">=", default=1)
    at_most: Level = msgspec.field(name="<=", default=LEVEL_MAX)


class QuestCondition(Definition, frozen=True, kw_only=True):
    """True when the quest is in a state for the character."""

    id: Id
    state: Literal["available", "active", "ready", "completed"] = msgspec.field(name="is")


class LootCondition(Definition, frozen=True, kw_only=True):
    """Everything that is said has to be true."""

    level: LevelCondition | None = None
    class_: Id | None = msgspec.field(name="class", default=None)
    quest: QuestCondition | None = None

    def __post_init__(self) -> None:
        if self.level is None and self.class_ is None and self.quest is None:
            raise ValueError("a condition says at least one thing")


class Pity(Definition, frozen=True, kw_only=True):
    """After n − 1 tries without it, the nth is certain."""

    n: Annotated[int, msgspec.Meta(ge=2, le=10_000)]


class LootEntry(Definition, frozen=True, kw_only=True):
    """One thing a table may give: an item, currency, another table, or `nothing`.

    `bp` is its chance in a table of mode `all`, `weight` its share in one of mode `one`. `per` battle falls
    once for all winners; `unique_per_player` never to who has one; `quest_only` to whose quest asks for it.
    """

    item: Id | None = None
    currency: Literal["glim"] | None = None
    table: Id | None = None
    nothing: bool = False
    bp: BasisPoints | None = None
    weight: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None
    count: tuple[Amount, Amount] = (1, 1)
    lucky: bool = False
    pity: Pity | None = None
    per: Literal["player", "battle"] = "player"
    unique_per_player: bool = False
    quest_only: bool = False
    condition: LootCondition | None = msgspec.field(name="if", default=None)

    def __post_init__(self) -> None:
        named = [self.item, self.currency, self.table, self.nothing or None]
        if sum(value is not None for value in named) != 1:
            raise ValueError("an entry gives one of `item`, `currency`, `table` or `nothing`")
        if self.count[0] > self.count[1]:
            raise ValueError("`count` goes from the smaller to the larger")
        if self.table and self.count != (1, 1):
            raise ValueError("the count of a nested table is its own `rolls`")
        if self.item is None and (self.unique_per_player or self.quest_only):
            raise ValueError("`unique_per_player` and `quest_only` are for items")
        if self.per == "battle" and (
            self.pity or self.unique_per_player or self.quest_only or self.condition
        ):
            raise ValueError("what falls once for all depends on nobody")

    @property
    def gives(self) -> str:
        """The item, currency or table, empty for nothing."""
        return self.item or self.currency or self.table or ""

    @property
    def asks_for_quests(self) -> bool:
        """Whether it depends on how quests stand."""
        return self.quest_only or (self.condition is not None and self.condition.quest is not None)


class LootTable(Definition, frozen=True, kw_only=True):
    """Mode `all` tries each entry by itself; mode `one` picks one entry by weight; both `rolls` times."""

    id: Id
    mode: Literal["all", "one"]
    entries: Annotated[tuple[LootEntry, ...], msgspec.Meta(min_length=1, max_length=256)]
    rolls: tuple[Annotated[int, msgspec.Meta(ge=1, le=20)], Annotated[int, msgspec.Meta(ge=1, le=20)]] = (
        1,
        1,
    )

    def __post_init__(self) -> None:
        if self.rolls[0] > self.rolls[1]:
            raise ValueError("`rolls` goes from the smaller to the larger")
        for entry in self.entries:
            if (self.mode == "all") != (entry.bp is not None) or (self.mode == "one") != (
                entry.weight is not None
            ):
                raise ValueError("entries have a `bp` in mode `all`, a `weight` in mode `one`")
            if self.mode == "one" and (entry.pity or entry.lucky):
                raise ValueError("`pity` and `lucky` belong to mode `all`")
            if self.mode == "one" and entry.per == "battle":
                raise ValueError("`per` battle belongs to mode `all`")
            if self.mode == "all" and entry.nothing:
                raise ValueError("`nothing` belongs to mode `one`")


class ShopOffer(Definition, frozen=True, kw_only=True):
    """`buy` is what the shop asks for one, `sell` what it pays for one; with `event`, only while that is on.

    Both move with the market and with demand, by at most `band_pct` in all.
    """

    item: Id
    buy: Price | None = None
    sell: Price | None = None
    event: Id | None = None
    band_pct: Annotated[int, msgspec.Meta(ge=0, le=50)] = 0

    @property
    def usual(self) -> int:
        """What one is worth to the shop: halfway between its prices, or the one that it has."""
        prices = [price for price in (self.buy, self.sell) if price is not None]
        return -(-sum(prices) // len(prices))

    def at(self, base: int, drift_pct: int) -> int:
        """Return a price under a drift, never outside the band."""
        return max(1, (base * (100 + self.within(drift_pct)) + 50) // 100)

    def within(self, drift_pct: int) -> int:
        """Return as much of a drift as the band allows."""
        return max(-self.band_pct, min(self.band_pct, drift_pct))


class ShopDef(Definition, frozen=True, kw_only=True):
    """A shop, and the NPC next to whom one has to stand."""

    id: Id
    name: LocalText
    keeper: Id
    offers: Annotated[tuple[ShopOffer, ...], msgspec.Meta(min_length=1, max_length=100)]


class StarterDef(Definition, frozen=True, kw_only=True):
    """What every new character finds in its bag."""

    id: Id
    glim: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0
    items: dict[Id, Amount] = {}
