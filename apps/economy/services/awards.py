"""Awards: what one or many characters are about to be given, out of the dice and into their hands.

A battle pays a whole group: whatever is read or written is read or written once for all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from django.db import connection

from aether.kernel import content, facts, realtime
from aether.kernel.facts.types import HoldingsChanged, ItemGained
from aether.protocol.economy import InventoryChanged, LootReceived, Stack, UniqueItem
from apps.accounts import selectors as accounts
from apps.economy import selectors
from apps.economy.buckets import bag, faucet, home, wallet
from apps.economy.definitions import CURRENCY, ItemDef, LootEntry, LootTable
from apps.economy.models import BALANCE_MAX, ItemInstance, Line
from apps.economy.rules import loot as loot_rules
from apps.economy.rules.dice import Dice
from apps.economy.rules.loot import Loot, even_parts
from apps.economy.rules.room import Fit, fit
from apps.economy.services.ledger import Move, Posting, post_all
from apps.economy.services.letters import Draft, Source, post_home
from apps.economy.services.minting import make_instances, rooms_in_bags, save_instances
from apps.economy.services.surroundings import Outlook, outlooks

SHOWN_SOURCES = ("battle", "chest", "quest")

_KEEP_PITY = """
    INSERT INTO economy_pitycounter (character_id, "table", item, misses)
    SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::int[])
    ON CONFLICT (character_id, "table", item) DO UPDATE SET misses = excluded.misses
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What a grant has given, now or the first time that it was asked for."""

    glim: int = 0
    stacks: tuple[Stack, ...] = ()
    items: tuple[UniqueItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """What a character is about to be given. `cause` is `<source>:<reference>`, as in `battle:77`."""

    character_id: int
    cause: str
    idempotency_key: str
    dice: Dice
    loot: Loot = field(default_factory=Loot)

    @property
    def source(self) -> str:
        return self.cause.partition(":")[0]

    @property
    def reference(self) -> str:
        return self.cause.partition(":")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """An award as it is paid: the unique items that were made for it, and what has room where."""

    award: Award
    made: tuple[ItemInstance, ...]
    fitted: Fit

    @property
    def granted(self) -> Granted:
        """Everything that was given, what waits in the mail too."""
        given = dict(self.fitted.carried)
        for asset, amount in self.fitted.left_over.items():
            given[asset] = given.get(asset, 0) + amount
        made = sorted(self.made, key=lambda each: each.asset)
        return Granted(
            glim=given.get(CURRENCY, 0),
            stacks=_stacks({asset: n for asset, n in given.items() if _is_stack(asset)}),
            items=tuple(selectors.unique_item(each, "bag") for each in made),
        )

    @property
    def mailed(self) -> list[Stack]:
        """What finds no room, by item."""
        made = {each.asset: each.definition for each in self.made}
        counts: dict[str, int] = {}
        for asset, amount in self.fitted.left_over.items():
            item = made.get(asset, asset)
            counts[item] = counts.get(item, 0) + amount
        return selectors.stacks(counts)


def throw(awards: Sequence[Award], tables: Sequence[str], bonus_pct: int = 0) -> None:
    """Throw the dice of loot tables for each award, for so much more, and keep the counters of pity."""
    ids = [award.character_id for award in awards]
    characters, pity = accounts.characters(ids), selectors.pity_of(ids)
    stats, known = selectors.equipment_stats_of(ids), content.current().all(LootTable)
    entries = _entries_of(tables, known)
    views = outlooks(ids) if any(each.asks_for_quests for each in entries) else {}
    unique = [each.gives for each in entries if each.unique_per_player]
    owned = selectors.owned_of(ids, unique) if unique else {}
    for award in awards:
        character, view = characters[award.character_id], views.get(award.character_id, Outlook())
        looter = loot_rules.Looter(
            level=character.level,
            class_id=character.class_id,
            luck_pct=stats[award.character_id].get("luck_pct", 0),
            bonus_pct=bonus_pct,
            quests=view.quests,
            wanted=view.wanted,
            owned=owned.get(award.character_id, frozenset()),
            misses=pity[award.character_id],
        )
        for table in tables:
            if table in known:
                loot_rules.roll(table, known, looter, award.dice, award.loot)
    _keep_pity(awards)


def share(awards: Sequence[Award], tables: Sequence[str], dice: Dice, bonus_pct: int = 0) -> None:
    """Throw once for all of them: glim is shared out evenly, each item falls to one of them by the dice."""
    known, loot = content.current().all(LootTable), Loot()
    for table in tables:
        if table in known:
            loot_rules.roll_shared(table, known, dice, loot, bonus_pct)
    for award, part in zip(awards, even_parts(loot.glim, len(awards)), strict=True):
        award.loot.glim += part
    for item, count in sorted(loot.items.items()):
        for _ in range(count):
            awards[dice.below(len(awards))].loot.add(item, 1)


def pay(awards: Sequence[Award]) -> list[Granted]:
    """Post awards and tell of them. Call while holding the characters' locks, with unused keys.

    What a bag or a wallet has no room for comes by mail.
    """
    ids, assets = [award.character_id for award in awards], {CURRENCY}.union(*(a.loot.items for a in awards))
    held = selectors.amounts_of(ids, assets)
    rooms = rooms_in_bags(ids) if any(map(_unique_items, awards)) else dict.fromkeys(ids, 0)
    payments = [_payment(award, held[award.character_id], rooms[award.character_id]) for award in awards]
    paid = [payment for payment in payments if payment.fitted != Fit({}, {})]
    if paid:
        entries = post_all([_posting(payment) for payment in paid])
        save_instances(
            (instance, entry.entry_id)
            for payment, entry in zip(paid, entries, strict=True)
            for instance in payment.made
        )
        for payment in paid:
            _tell(payment, held[payment.award.character_id])
        facts.publish_all(fact for payment in paid for fact in _gains(payment))
        facts.publish_heard(*map(_holdings_after, paid))
    return [payment.granted for payment in payments]


def granted_by(entry_id: int, character_id: int) -> Granted:
    """Return what an entry has given to a character."""
    rows = Line.objects.filter(entry_id=entry_id, account__owner_id=character_id, amount__gt=0)
    amounts: dict[str, int] = {}
    for asset, amount in rows.values_list("asset", "amount"):
        amounts[asset] = amounts.get(asset, 0) + amount
    instances = selectors.instances_by_asset(amounts)
    stacked = {item: count for item, count in amounts.items() if item != CURRENCY and item not in instances}
    return Granted(
        glim=amounts.get(CURRENCY, 0),
        stacks=_stacks(stacked),
        items=tuple(selectors.unique_item(instances[asset], "bag") for asset in sorted(instances)),
    )


def _entries_of(names: Iterable[str], known: Mapping[str, LootTable]) -> list[LootEntry]:
    """Return every entry that throwing some tables may come to."""
    found: dict[str, LootTable] = {}
    pending = [name for name in names if name in known]
    while pending:
        name = pending.pop()
        if name not in found:
            found[name] = known[name]
            pending += [entry.table for entry in known[name].entries if entry.table and entry.table in known]
    return [entry for table in found.values() for entry in table.entries]


def _keep_pity(awards: Sequence[Award]) -> None:
    rows = sorted(
        (award.character_id, *key, misses) for award in awards for key, misses in award.loot.misses.items()
    )
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP_PITY, [list(column) for column in zip(*rows, strict=True)])


def _payment(award: Award, held: selectors.Held, room: int) -> Payment:
    definitions, holder = content.current().all(ItemDef), award.character_id
    wanted = {(wallet(holder).name, CURRENCY): award.loot.glim} | {
        (bag(holder).name, item): count
        for item, count in sorted(award.loot.items.items())
        if item in definitions and not definitions[item].is_unique
    }
    made = make_instances(holder, _unique_items(award), award.dice)
    arriving = {asset: amount for (_, asset), amount in wanted.items() if amount > 0}
    arriving |= {each.asset: 1 for each in made}
    carried = {asset: held.get(cell, 0) for cell in wanted for asset in [cell[1]]}
    fitted = fit(arriving, held=carried, room=room, most=BALANCE_MAX)
    return Payment(award=award, made=tuple(made), fitted=fitted)


def _unique_items(award: Award) -> list[ItemDef]:
    definitions = content.current().all(ItemDef)
    return [
        definitions[item]
        for item, count in sorted(award.loot.items.items())
        if item in definitions and definitions[item].is_unique
        for _ in range(count)
    ]


def _moves(payment: Payment) -> tuple[Move, ...]:
    """Return what is moved where; what finds no room goes into a letter that is written now."""
    award, fitted = payment.award, payment.fitted
    holder, source = award.character_id, faucet(award.source)
    moves = [
        Move(asset=asset, amount=amount, source=source, target=home(holder, asset))
        for asset, amount in fitted.carried.items()
    ]
    if fitted.left_over:
        letter = Draft(
            recipient_id=holder, source=Source.OVERFLOW, cause=award.cause, contents=fitted.left_over
        )
        moves += post_home(letter, source)
    return tuple(moves)


def _posting(payment: Payment) -> Posting:
    award = payment.award
    return Posting(
        kind="grant",
        idempotency_key=award.idempotency_key,
        cause=award.cause,
        moves=_moves(payment),
        actor_id=award.character_id,
    )


def _tell(payment: Payment, held: selectors.Held) -> None:
    """Tell the new values; the holder is locked, so they are the old ones and what was given."""
    award, given, carried = payment.award, payment.granted, payment.fitted.carried
    after = {
        item: held.get((bag(award.character_id).name, item), 0) + count
        for item, count in carried.items()
        if _is_stack(item)
    }
    glim = held.get((wallet(award.character_id).name, CURRENCY), 0) + carried.get(CURRENCY, 0)
    changed = InventoryChanged(
        cause=award.cause,
        glim=glim if CURRENCY in carried else None,
        stacks=list(_stacks(after)),
        items=[item for item in given.items if f"{selectors.INSTANCE}{item.id}" in carried],
        gone=[],
    )
    realtime.tell_character(award.character_id, changed)
    if award.source in SHOWN_SOURCES:
        received = LootReceived(
            source=cast(Literal["battle", "chest", "quest"], award.source),
            reference=award.reference,
            glim=given.glim,
            stacks=list(given.stacks),
            items=list(given.items),
            mailed=payment.mailed,
        )
        realtime.tell_character(award.character_id, received)


def _gains(payment: Payment) -> list[ItemGained]:
    award = payment.award
    gained = {stack.item: stack.count for stack in payment.granted.stacks}
    for instance in payment.made:
        gained[instance.definition] = gained.get(instance.definition, 0) + 1
    return [
        ItemGained(character=award.character_id, item=item, count=count, source=award.source)
        for item, count in sorted(gained.items())
    ]


def _holdings_after(payment: Payment) -> HoldingsChanged:
    given = payment.granted
    items = {stack.item for stack in given.stacks} | {instance.definition for instance in payment.made}
    coins = {CURRENCY} if given.glim else set()
    return HoldingsChanged(character=payment.award.character_id, items=tuple(sorted(items | coins)))


def _is_stack(asset: str) -> bool:
    return asset != CURRENCY and not asset.startswith(selectors.INSTANCE)


def _stacks(amounts: dict[str, int]) -> tuple[Stack, ...]:
    return tuple(Stack(item=item, count=count) for item, count in sorted(amounts.items()))
