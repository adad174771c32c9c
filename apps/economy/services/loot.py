"""Loot of battles: each winner's tables, thrown with the dice of the battle, paid once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import transaction

from aether.kernel import rng
from aether.kernel.facts.types import BattleEnded, Participant
from apps.economy.models import LootReceipts
from apps.economy.rules.dice import Dice
from apps.economy.services.awards import Award, pay, share, throw
from apps.economy.services.ledger import entries_of, lock_holders
from apps.economy.services.surroundings import locked_loot


@transaction.atomic(savepoint=False)
def pay_battle_loot(ended: BattleEnded) -> None:
    """Pay what the slain monsters leave to every winner, all of them at once."""
    winners = [each for each in ended.participants if each.outcome == "won"]
    if not ended.is_rewarded or not winners or not ended.slain:
        return
    awards = sorted((_award(ended, each) for each in winners), key=lambda award: award.character_id)
    lock_holders(award.character_id for award in awards)
    paid = entries_of(award.idempotency_key for award in awards)
    due = [award for award in awards if award.idempotency_key not in paid]
    if due:
        shared = _shared_dice(ended) if ended.loot_key and len(due) == len(awards) else None
        for tables, those in _allotted(ended, due):
            if shared is not None:
                share(those, tables, shared, ended.bonus_pct)
            throw(those, tables, ended.bonus_pct)
        pay(due)
        _keep_receipts(ended.battle, due, shared)


def _allotted(ended: BattleEnded, due: Sequence[Award]) -> Iterator[tuple[list[str], list[Award]]]:
    """Yield the tables of the slain with who may have them: first those that are for everybody."""
    tables = [slain.loot_table for slain in ended.slain]
    locked = locked_loot(ended, [award.character_id for award in due])
    yield [table for table in tables if table not in locked], list(due)
    for name, who in sorted(locked.items()):
        those = [award for award in due if award.character_id in who]
        if those:
            yield [table for table in tables if table == name], those


def _keep_receipts(battle_id: int, awards: Sequence[Award], shared: Dice | None) -> None:
    """Keep the dice, also those that unique items were made with, for whoever checks the battle."""
    thrown: dict[int | None, Dice] = {award.character_id: award.dice for award in awards}
    if shared is not None and shared.rolls:
        thrown[None] = shared
    LootReceipts.objects.bulk_create(
        LootReceipts(
            battle_id=battle_id,
            character_id=whose,
            rolls=[[roll.index, roll.n, roll.value, roll.next_index] for roll in dice.rolls],
        )
        for whose, dice in thrown.items()
    )


def _shared_dice(ended: BattleEnded) -> Dice:
    """Return the dice of what falls once for all winners."""
    return Dice(rng.Stream("loot:battle", bytes.fromhex(ended.loot_key)))


def _award(ended: BattleEnded, winner: Participant) -> Award:
    return Award(
        character_id=winner.character,
        cause=f"battle:{ended.battle}",
        idempotency_key=f"loot:{ended.battle}:{winner.character}",
        dice=Dice(rng.Stream(f"loot:{winner.character}", bytes.fromhex(winner.loot_key))),
    )
