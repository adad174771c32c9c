"""Loot of battles: each winner's tables, thrown with the dice of the battle, paid once."""

from __future__ import annotations

from django.db import transaction

from aether.kernel import rng
from aether.kernel.facts.types import BattleEnded, Participant
from apps.economy.rules.dice import Dice
from apps.economy.rules.loot import Loot
from apps.economy.services.grants import Award, pay, throw
from apps.economy.services.ledger import entry_of, lock_holder


@transaction.atomic
def pay_battle_loot(ended: BattleEnded) -> None:
    """Pay what the slain monsters leave to every winner, characters in ascending order."""
    if not ended.is_rewarded:
        return
    for participant in sorted(ended.participants, key=lambda each: each.character):
        if participant.outcome == "won":
            _pay_winner(ended, participant)


def _pay_winner(ended: BattleEnded, winner: Participant) -> None:
    key = f"loot:{ended.battle}:{winner.character}"
    lock_holder(winner.character)
    if entry_of(key) is not None:
        return
    dice = Dice(rng.Stream(f"loot:{winner.character}", bytes.fromhex(winner.loot_key)))
    dropped = Loot()
    throw(winner.character, [slain.loot_table for slain in ended.slain], dice, dropped)
    award = Award(
        character_id=winner.character,
        cause=f"battle:{ended.battle}",
        idempotency_key=key,
        glim=dropped.glim,
        items=dropped.items,
    )
    pay(award, dice)
