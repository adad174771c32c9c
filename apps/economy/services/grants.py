"""Giving and taking: rewards out of faucets into a character's hands, payments out of them into sinks.

Every grant names the use that it is for by its idempotency key and pays it once, whoever asks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from django.db import transaction

from aether.kernel import content, facts, realtime
from aether.kernel.facts.types import ItemGained
from aether.protocol.economy import LootReceived, Stack, UniqueItem
from apps.accounts import selectors as accounts
from apps.economy import selectors
from apps.economy.buckets import bag, faucet, sink, wallet
from apps.economy.definitions import CURRENCY, ItemDef, LootTable
from apps.economy.models import BALANCE_MAX, ItemInstance, Line, PityCounter
from apps.economy.rules import loot as loot_rules
from apps.economy.rules.dice import Dice
from apps.economy.services.ledger import Move, Posting, entry_of, lock_holder, post
from apps.economy.services.minting import make_instances, room_in_bag, save_instances, secret_dice
from apps.economy.services.telling import tell_change

SHOWN_SOURCES = ("battle", "chest", "quest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What a grant has given, now or the first time that it was asked for."""

    glim: int = 0
    stacks: tuple[Stack, ...] = ()
    items: tuple[UniqueItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """What is about to be given. `cause` is `<source>:<reference>`, as in `battle:77`."""

    character_id: int
    cause: str
    idempotency_key: str
    glim: int = 0
    items: Mapping[str, int] = field(default_factory=dict)

    @property
    def source(self) -> str:
        return self.cause.partition(":")[0]

    @property
    def reference(self) -> str:
        return self.cause.partition(":")[2]


@transaction.atomic
def grant(
    *,
    character_id: int,
    cause: str,
    idempotency_key: str,
    loot: str = "",
    glim: int = 0,
    items: Mapping[str, int] | None = None,
) -> Granted:
    """Give glim, items and what the loot table `loot` drops, once per idempotency key.

    `cause` is `<source>:<reference>`; the sources battle, chest and quest are shown to the player as loot.
    """
    lock_holder(character_id)
    if (entry := entry_of(idempotency_key)) is not None:
        return granted_by(entry, character_id)
    dice = secret_dice(idempotency_key, f"loot:{character_id}")
    dropped = loot_rules.Loot(glim=glim, items=dict(items or {}))
    if loot:
        throw(character_id, [loot], dice, dropped)
    award = Award(
        character_id=character_id,
        cause=cause,
        idempotency_key=idempotency_key,
        glim=dropped.glim,
        items=dropped.items,
    )
    return pay(award, dice)


@transaction.atomic
def take(
    *,
    character_id: int,
    cause: str,
    idempotency_key: str,
    glim: int = 0,
    items: Mapping[str, int] | None = None,
) -> None:
    """Take glim and stacked items into the sink of the cause's source, once per idempotency key."""
    lock_holder(character_id)
    target = sink(cause.partition(":")[0])
    moves = [
        Move(asset=item, amount=count, source=bag(character_id), target=target)
        for item, count in sorted((items or {}).items())
    ]
    if glim:
        moves.append(Move(asset=CURRENCY, amount=glim, source=wallet(character_id), target=target))
    posting = Posting(
        kind="take",
        idempotency_key=idempotency_key,
        cause=cause,
        moves=tuple(moves),
        actor_id=character_id,
    )
    if moves and post(posting).is_new:
        tell_change(character_id, cause, moves)


def throw(character_id: int, tables: list[str], dice: Dice, into: loot_rules.Loot) -> None:
    """Throw the dice of loot tables for a character and keep its counters of pity."""
    looter = loot_rules.Looter(
        level=accounts.character(character_id).level,
        luck_pct=selectors.equipment_stats(character_id).get("luck_pct", 0),
        misses=selectors.pity(character_id),
    )
    known = content.current().all(LootTable)
    for table in tables:
        if table in known:
            loot_rules.roll(table, known, looter, dice, into)
    for (table, item), misses in sorted(into.misses.items()):
        PityCounter.objects.update_or_create(
            character_id=character_id, table=table, item=item, defaults={"misses": misses}
        )


def pay(award: Award, dice: Dice) -> Granted:
    """Post an award and tell of it. Call while holding the character's lock, with an unused key."""
    made = _instances(award, dice)
    moves = _moves(award, made)
    if not moves:
        return Granted()
    posted = post(
        Posting(
            kind="grant",
            idempotency_key=award.idempotency_key,
            cause=award.cause,
            moves=moves,
            actor_id=award.character_id,
        )
    )
    save_instances(made, posted.entry_id)
    given = granted_by(posted.entry_id, award.character_id)
    _tell(award, moves, given)
    return given


def granted_by(entry_id: int, character_id: int) -> Granted:
    """Return what an entry has given to a character."""
    rows = list(
        Line.objects.filter(entry_id=entry_id, account__owner_id=character_id, amount__gt=0)
        .order_by("asset")
        .values_list("asset", "amount")
    )
    instances = selectors.instances_by_asset(asset for asset, _ in rows)
    return Granted(
        glim=sum(amount for asset, amount in rows if asset == CURRENCY),
        stacks=tuple(
            Stack(item=asset, count=amount)
            for asset, amount in rows
            if asset != CURRENCY and asset not in instances
        ),
        items=tuple(
            selectors.unique_item(instances[asset], "bag") for asset, _ in rows if asset in instances
        ),
    )


def _instances(award: Award, dice: Dice) -> list[ItemInstance]:
    """Make the unique items of an award, as many as the bag has room for; others never are."""
    definitions = content.current().all(ItemDef)
    wanted = [
        definitions[item]
        for item, count in sorted(award.items.items())
        if item in definitions and definitions[item].is_unique
        for _ in range(count)
    ]
    if not wanted:
        return []
    return make_instances(award.character_id, wanted[: room_in_bag(award.character_id)], dice)


def _moves(award: Award, made: list[ItemInstance]) -> tuple[Move, ...]:
    """Return the moves of an award; what would exceed the bounds of a balance is not minted."""
    holder, source = award.character_id, faucet(award.source)
    definitions = content.current().all(ItemDef)
    amounts = {
        item: count
        for item, count in award.items.items()
        if item in definitions and not definitions[item].is_unique
    }
    held = selectors.amounts(holder, [CURRENCY, *amounts])
    moves = []
    for asset, count, target in (
        (CURRENCY, award.glim, wallet(holder)),
        *((item, count, bag(holder)) for item, count in sorted(amounts.items())),
    ):
        amount = min(count, BALANCE_MAX - held.get((target.name, asset), 0))
        if amount > 0:
            moves.append(Move(asset=asset, amount=amount, source=source, target=target))
    moves += [Move(asset=each.asset, amount=1, source=source, target=bag(holder)) for each in made]
    return tuple(moves)


def _tell(award: Award, moves: tuple[Move, ...], given: Granted) -> None:
    tell_change(award.character_id, award.cause, moves)
    if award.source in SHOWN_SOURCES:
        received = LootReceived(
            source=cast(Literal["battle", "chest", "quest"], award.source),
            reference=award.reference,
            glim=given.glim,
            stacks=list(given.stacks),
            items=list(given.items),
        )
        realtime.tell_character(award.character_id, received)
    gained = {stack.item: stack.count for stack in given.stacks}
    for item in given.items:
        gained[item.item] = gained.get(item.item, 0) + 1
    for name, count in sorted(gained.items()):
        facts.publish(ItemGained(character=award.character_id, item=name, count=count, source=award.source))
