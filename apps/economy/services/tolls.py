"""What a defeat takes in coin, where a zone says so."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from apps.economy import selectors
from apps.economy.buckets import sink, wallet
from apps.economy.definitions import CURRENCY
from apps.economy.services.ledger import Move, Posting, entry_of, lock_holders, post
from apps.economy.services.telling import tell_change


@transaction.atomic(savepoint=False)
def take_toll(*, character_ids: Iterable[int], glim_pct: int, battle_id: int) -> None:
    """Take a share of the glim that each carries, rounded down, once for a battle; what is banked is safe."""
    defeated = sorted(set(character_ids))
    lock_holders(defeated)
    for character_id in defeated:
        cause = f"battle:{battle_id}"
        key = f"{cause}:{character_id}:toll"
        amount = selectors.glim(character_id) * glim_pct // 100
        if amount <= 0 or entry_of(key) is not None:
            continue
        moves = (Move(asset=CURRENCY, amount=amount, source=wallet(character_id), target=sink("toll")),)
        post(Posting(kind="toll", idempotency_key=key, cause=cause, moves=moves, actor_id=character_id))
        tell_change(character_id, cause, moves)
